package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.drift.significance.StudentT;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The streams of [DriftSimulationTest], dealt at random to several replicas that add up what they
/// see. `-Ddrift.days=1000` simulates as many days without drift. Each day and each run has a seed
/// of its own, so they run side by side.
class ReplicasSimulationTest {
  private static final int DAYS = Integer.getInteger("drift.days", 100);
  private static final int MINUTES = 1_440;
  private static final long MINUTE = 60_000;
  private static final int RUNS = 100;
  private static final double MISSING = 0.05;
  private static final int REFERENCE_ROWS = 10_000;
  private static final int MOST_ROWS = 5_000;
  private static final int SAMPLES = 1_000_000;

  /// If one alarm is expected, more than three have a probability of 2 % (Poisson).
  private static final int MOST_OF_FEW_DAYS = 3;

  private static SimulatedReplicas replicas(SimulatedRows rows, int count, long seed) {
    return new SimulatedReplicas(rows.trained(100, 100), count, REFERENCE_ROWS, seed);
  }

  /// A batch of 100 rows each minute, after which parts are exchanged. An alarm of any replica
  /// counts.
  @ParameterizedTest
  @CsvSource({"2, 0.1", "3, 0", "3, 0.1"})
  void falseAlarmsOfAllReplicasStayBelowTheStatedRate(int count, double alike) {
    List<Integer> alarms =
        IntStream.range(0, DAYS)
            .parallel()
            .filter(day -> {
              SimulatedRows rows = new SimulatedRows(6, alike, MISSING, 1_000 + day);
              return raisesAlarm(rows, replicas(rows, count, day));
            })
            .boxed()
            .toList();
    int stated = (int) (Watch.FALSE_ALARMS_A_DAY * DAYS);
    assertThat(alarms).hasSizeLessThanOrEqualTo(Math.max(MOST_OF_FEW_DAYS, stated));
  }

  private static boolean raisesAlarm(SimulatedRows rows, SimulatedReplicas replicas) {
    for (int minute = 0; minute < MINUTES; minute++) {
      replicas.add(rows.batch(100), minute * MINUTE);
      replicas.exchange(minute * MINUTE);
      if (replicas.isAnyDrifted()) {
        return true;
      }
    }
    return false;
  }

  /// The rows of all replicas from the change on until the first of them names exactly the feature;
  /// in rising order of the runs.
  ///
  /// @param before the rows before the change
  private static int[] rowsUntilFound(int count, int feature, int ofBatch, int before) {
    int[] found = new int[RUNS];
    Arrays.parallelSetAll(
        found,
        run -> {
          SimulatedRows rows = new SimulatedRows(6, 0, MISSING, run);
          SimulatedReplicas replicas = replicas(rows, count, run);
          for (int i = 0; i < before; i += 100) {
            replicas.add(rows.batch(100), 0);
            replicas.exchange(0);
          }
          SimulatedRows.Change shifted =
              (j, x) -> j == feature ? x + 0.5 * SimulatedRows.deviation(j) : x;
          for (int after = ofBatch; after <= MOST_ROWS; after += ofBatch) {
            replicas.add(rows.batch(ofBatch, _ -> MISSING, shifted), 0);
            replicas.exchange(0);
            if (replicas.get(0).state().features().equals(List.of("f" + feature))) {
              return after;
            }
          }
          return Integer.MAX_VALUE;
        });
    Arrays.sort(found);
    return found;
  }

  /// One replica that sees everything finds it within 1,000 rows in 95 of 100 runs.
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 2", "2, 2", "0, 3", "1, 3", "2, 3"})
  void halfADeviationIsFoundAboutAsSoonAsByOneReplica(int feature, int count) {
    int[] one = rowsUntilFound(1, feature, 100, REFERENCE_ROWS);
    int[] several = rowsUntilFound(count, feature, 100, REFERENCE_ROWS);
    assertThat(several[RUNS / 2]).isLessThanOrEqualTo(one[RUNS / 2] + 200);
    assertThat(several[RUNS * 95 / 100 - 1]).isLessThanOrEqualTo(1_100);
  }

  /// From the first row on, when each replica has few groups.
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 2", "2, 2", "0, 3", "1, 3", "2, 3"})
  void halfADeviationIsFoundFromTheStart(int feature, int count) {
    int[] found = rowsUntilFound(count, feature, 25, 0);
    assertThat(found[RUNS * 95 / 100 - 1]).isLessThanOrEqualTo(count == 2 ? 1_000 : 1_200);
  }

  /// The statistic itself, far out in its tail, with few groups on each replica: there Welch's
  /// degrees of freedom fit worst. Groups are normal, and nothing drifts. As long as groups scatter
  /// alike everywhere the tail is at most that of Student's t: the p-values are too large. With
  /// groups that scatter thrice as much on a replica it can be heavier, thrice at 1e-5.
  ///
  /// @param groups those of each replica
  /// @param deviations of the groups of each replica
  /// @param most by which factor p-values of 1e-2 to 1e-5 may come more often
  @ParameterizedTest
  @CsvSource({
    "8, 1, 1",
    "5 4, 1 1, 1",
    "4 3 4, 1 1 1, 1",
    "2 2 2 2 2 2 2, 1 1 1 1 1 1 1, 1",
    "20 2 2, 1 1 1, 1",
    "4 3 4, 1 3 1, 4",
    "5 4, 3 1, 4"
  })
  void tailsAreNotHeavierThanStated(String groups, String deviations, double most) {
    int[] counts = Arrays.stream(groups.split(" ")).mapToInt(Integer::parseInt).toArray();
    double[] sd = Arrays.stream(deviations.split(" ")).mapToDouble(Double::parseDouble).toArray();
    SplittableRandom random = new SplittableRandom(7);
    Reference reference = new Reference(new SimulatedRows(1_000, 0, 0, 1).trained(1, 1_000));
    double[] bounds = {1e-2, 1e-3, 1e-4, 1e-5};
    int[] below = new int[bounds.length];
    for (int sample = 0; sample < SAMPLES; sample += reference.features()) {
      List<Levels> replicas = new ArrayList<>();
      for (int i = 0; i < counts.length; i++) {
        replicas.add(levels(reference, counts[i], sd[i], random));
      }
      Evidence evidence = evidence(reference, replicas);
      for (int j = 0; j < reference.features(); j++) {
        Evidence.Estimate found = evidence.estimate(Measure.MEAN, j);
        double p = StudentT.twoSided(found.level() / found.error(), found.freedom());
        for (int k = 0; k < below.length; k++) {
          below[k] += p <= bounds[k] ? 1 : 0;
        }
      }
    }
    for (int k = 0; k < below.length; k++) {
      double expected = SAMPLES * bounds[k];
      assertThat((double) below[k])
          .isLessThanOrEqualTo(most * expected + 3 * Math.sqrt(most * expected));
    }
  }

  private static Levels levels(
      Reference reference, int groups, double sd, SplittableRandom random) {
    Levels levels = new Levels(reference);
    for (int k = 0; k < groups; k++) {
      for (int j = 0; j < reference.features(); j++) {
        levels.add(Measure.MEAN, j, sd * random.nextGaussian(), 0, 12);
        levels.closed(j, 12);
      }
      levels.end(1, 12);
    }
    return levels;
  }

  private static Evidence evidence(Reference reference, List<Levels> replicas) {
    FeatureCounts none = new FeatureCounts(reference);
    Map<UUID, Part> others = new HashMap<>();
    for (Levels levels : replicas.subList(1, replicas.size())) {
      Histogram empty = new Histogram(reference.features());
      others.put(UUID.randomUUID(), new Part(0, 0, levels, none, empty));
    }
    Evidence evidence = new Evidence(reference, replicas.getFirst(), none);
    evidence.add(Others.NONE.next(others, replicas.getFirst().groups(), Duration.ZERO), none);
    return evidence;
  }
}
