package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Drift that is known, and days without any. All streams are seeded; features are normal,
/// exponential and log-normal by turns. The statistics that serve are estimates, too: of 100
/// batches of 100 rows.
///
/// `-Ddrift.days=1000` simulates as many days without drift; the usual 100 take some seconds.
class DriftSimulationTest {
  private static final int DAYS = Integer.getInteger("drift.days", 100);
  private static final int MINUTES = 1_440;
  private static final long MINUTE = 60_000;

  /// If one alarm is expected, more than three have a probability of 2 % (Poisson).
  private static final int MOST_OF_FEW_DAYS = 3;

  private static final int RUNS = 100;
  private static final double MISSING = 0.05;
  private static final int REFERENCE_ROWS = 10_000;

  /// A batch of 100 rows each minute, read each minute; every day has a reference of its own, so
  /// that the start, when alarms are easiest, is in each of them.
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void falseAlarmsStayBelowTheStatedRate(double alike) {
    List<Integer> alarms =
        IntStream.range(0, DAYS)
            .parallel()
            .filter(day -> raisesAlarm(new SimulatedRows(6, alike, MISSING, 1_000 + day)))
            .boxed()
            .toList();
    int stated = (int) (Watch.FALSE_ALARMS_A_DAY * DAYS);
    assertThat(alarms).hasSizeLessThanOrEqualTo(Math.max(MOST_OF_FEW_DAYS, stated));
  }

  private static boolean raisesAlarm(SimulatedRows rows) {
    Watch watch = watch(rows);
    for (int minute = 0; minute < MINUTES; minute++) {
      watch.add(BatchSums.of(rows.batch(100), watch.reference()), minute * MINUTE);
      if (watch.verdict().drifted() > 0) {
        return true;
      }
    }
    return false;
  }

  private static Watch watch(SimulatedRows rows) {
    return new Watch(new Reference(rows.trained(100, 100)), REFERENCE_ROWS, 0);
  }

  /// A watch that has seen rows as they were trained with.
  private static Watch used(SimulatedRows rows) {
    Watch watch = watch(rows);
    for (int i = 0; i < REFERENCE_ROWS; i += 100) {
      watch.add(BatchSums.of(rows.batch(100), watch.reference()), 0);
    }
    return watch;
  }

  /// The names of features that have drifted after so many changed rows.
  private static List<String> found(
      Watch watch,
      SimulatedRows rows,
      int count,
      int ofBatch,
      IntToDoubleFunction missing,
      SimulatedRows.Change change) {
    for (int i = 0; i < count; i += ofBatch) {
      FeatureBatch batch = rows.batch(ofBatch, missing, change);
      watch.add(BatchSums.of(batch, watch.reference()), 0);
    }
    return watch.report(0, rows.features, drifted -> drifted).features().stream()
        .map(FeatureDrift::name)
        .toList();
  }

  private static SimulatedRows.Change shifted(int feature) {
    return (j, x) -> j == feature ? x + 0.5 * SimulatedRows.deviation(j) : x;
  }

  private static SimulatedRows.Change scaled(int feature) {
    double mean = feature % 3 == 2 ? Math.exp(0.5) : feature % 3;
    return (j, x) -> j == feature ? mean + 1.5 * (x - mean) : x;
  }

  private static SimulatedRows rows(int run) {
    return new SimulatedRows(6, 0, MISSING, run);
  }

  /// How many of the runs find exactly what has changed.
  private static long hits(IntPredicate run) {
    return IntStream.range(0, RUNS).parallel().filter(run).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void halfADeviationIsFoundWithinAThousandRows(int feature) {
    assertThat(
            hits(run -> {
              SimulatedRows rows = rows(run);
              return found(used(rows), rows, 1_000, 100, _ -> MISSING, shifted(feature))
                  .equals(List.of("f" + feature));
            }))
        .isGreaterThanOrEqualTo(95);
  }

  /// Ten batches of the normal feature tell less if their rows are alike: their means scatter by
  /// 0.24 deviations then, not by 0.1.
  @Test
  void halfADeviationIsFoundWithinTwoThousandRowsThatAreAlike() {
    assertThat(
            hits(run -> {
              SimulatedRows rows = new SimulatedRows(6, 0.05, MISSING, run);
              return found(used(rows), rows, 2_000, 100, _ -> MISSING, shifted(0))
                  .equals(List.of("f0"));
            }))
        .isGreaterThanOrEqualTo(95);
  }

  /// From the first row on, before anything is known of how much groups scatter.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void halfADeviationIsFoundFromTheStart(int feature) {
    assertThat(
            hits(run -> {
              SimulatedRows rows = rows(run);
              return found(watch(rows), rows, 1_000, 25, _ -> MISSING, shifted(feature))
                  .equals(List.of("f" + feature));
            }))
        .isGreaterThanOrEqualTo(95);
  }

  /// The log-normal feature by its absolute deviation: its fourth moment is 114 times that of its
  /// deviation, so that its variance is hardly known.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aScaleChangedByHalfIsFoundWithinTwoThousandRows(int feature) {
    assertThat(
            hits(run -> {
              SimulatedRows rows = rows(run);
              return found(used(rows), rows, 2_000, 100, _ -> MISSING, scaled(feature))
                  .equals(List.of("f" + feature));
            }))
        .isGreaterThanOrEqualTo(95);
  }

  /// From 5 to 10 % it is close: more runs tell its share more exactly. The alarm is raised within
  /// the rows; in a few runs it ends again before the last of them.
  @ParameterizedTest
  @CsvSource({"0.05, 400", "0.1, 100"})
  void aDoubledRateOfMissingValuesIsFoundWithinTwoThousandRows(double before, int runs) {
    IntPredicate isFound =
        run -> {
          SimulatedRows rows = new SimulatedRows(6, 0, before, run);
          Watch watch = used(rows);
          IntToDoubleFunction missing = j -> j == 4 ? 2 * before : before;
          return IntStream.range(0, 20)
              .mapToObj(_ -> found(watch, rows, 100, 100, missing, (_, x) -> x))
              .anyMatch(List.of("f4")::equals);
        };
    assertThat(IntStream.range(0, runs).parallel().filter(isFound).count())
        .isGreaterThanOrEqualTo(runs * 95L / 100);
  }

  @Test
  void oneFeatureAmongAThousandIsNamed() {
    SimulatedRows rows = new SimulatedRows(1_000, 0, MISSING, 7);
    assertThat(found(used(rows), rows, 1_500, 100, _ -> MISSING, shifted(640)))
        .containsExactly("f640");
  }
}
