package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a watch tells of batches whose numbers are known. The reference has the mean 2 and the
/// variance 4 for each feature, from 10,000 rows.
class WatchTest {
  private static final double[] ALTERNATING = {0, 4};

  private static Standing standing(Features features, OptionalDouble clip) {
    int size = features.size();
    NormalizerDefinition usual =
        Asking.definition(
            new Averaging.Cumulative(Optional.empty()), new Training.Batch(), features);
    NormalizerDefinition definition =
        new NormalizerDefinition(
            usual.preset(),
            features,
            usual.averaging(),
            VarianceEstimator.BIASED,
            usual.training(),
            1,
            new NormalizationRules(
                true, true, 0, ConstantFeature.ONE, MissingValues.IGNORE, clip, Activation.NONE),
            usual.affine());
    double[] values = new double[10_000 * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = ALTERNATING[i / size % 2];
    }
    FeatureMoments moments = FeatureMoments.of(FeatureBatch.of(size, values));
    return new Standing(
        new Standing.Origin(1, Optional.empty(), Instant.EPOCH),
        new Model(
            2,
            definition,
            definition.affine(),
            new PooledStatistics(VarianceEstimator.BIASED, moments)),
        10_000,
        100);
  }

  private static Watch watch(int referenceRows, Feature... features) {
    Standing standing = standing(Features.of(List.of(features)), OptionalDouble.empty());
    return new Watch(new Reference(standing), referenceRows, 0);
  }

  private static void add(Watch watch, double... rows) {
    int features = watch.reference().features();
    watch.add(BatchSums.of(FeatureBatch.of(features, rows), watch.reference()), 0);
  }

  /// A batch of 50 equal pairs.
  private static double[] fiftyTimes(double... values) {
    double[] rows = new double[50 * values.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = values[i % values.length];
    }
    return rows;
  }

  private static FeatureDrift only(Watch watch) {
    List<FeatureDrift> features = watch.report(0, 10, _ -> true).features();
    assertThat(features).hasSize(1);
    return features.getFirst();
  }

  @Test
  void nothingIsKnownBeforeAGroupOfFiftyRows() {
    Watch watch = watch(1_000, Feature.named("a"));
    add(watch, Arrays.copyOf(fiftyTimes(3), 49));
    assertThat(only(watch).mean().value()).isNaN();
    assertThat(only(watch).rates().get(Measure.ZERO).live()).isNaN();
    add(watch, 3);
    assertThat(only(watch).mean().value()).isEqualTo(0.5);
    assertThat(only(watch).mean().error()).isNaN();
  }

  /// By hand: the groups have the means 0.5 and 1 in reference deviations, hence the mean 0.75, the
  /// variance 1/8 between groups, and the error sqrt(1/8 · 1/2 + 1/8 · 50/10,000).
  @Test
  void theShiftIsInReferenceDeviationsWithItsErrorBetweenGroups() {
    Watch watch = watch(1_000, Feature.named("a"));
    add(watch, fiftyTimes(3));
    add(watch, fiftyTimes(4));
    assertThat(only(watch).mean().value()).isEqualTo(0.75);
    assertThat(only(watch).mean().error())
        .isCloseTo(Math.sqrt(0.125 * (0.5 + 0.005)), within(1e-15));
  }

  /// By hand: values 2 ± 3 are ±1.5 in reference deviations, so that a hundred of them have the
  /// unbiased variance 2.25 · 100 / 99; of the next group it is 2.25 about a level that is exact.
  @Test
  void theVarianceIsARatio() {
    Watch watch = watch(1_000, Feature.named("a"));
    add(watch, fiftyTimes(-1, 5));
    assertThat(only(watch).variance().value()).isCloseTo(225 / 99.0, within(1e-14));
    add(watch, fiftyTimes(-1, 5));
    assertThat(only(watch).variance().value()).isCloseTo((225 / 99.0 + 2.25) / 2, within(1e-14));
  }

  /// By hand: 2 ± 3 are 1.5 deviations away, 2 + 8 are 4, of which 3 count; then 2 + 1 are a half.
  @Test
  void theAbsoluteDeviationIsComparedOnceTheReferenceRowsAreThere() {
    Watch watch = watch(300, Feature.named("a"));
    add(watch, fiftyTimes(-1, 5, 10, Double.NaN));
    assertThat(only(watch).deviation()).isEqualTo(new FeatureDrift.Rate(Double.NaN, 2));
    add(watch, fiftyTimes(3));
    assertThat(only(watch).deviation().reference()).isNaN();
    add(watch, fiftyTimes(3));
    // the reference has 150 values of 1.5, 1.5 and 3, and 100 of a half; the level is that of
    // groups
    assertThat(only(watch).deviation().reference()).isCloseTo(350 / 250.0, within(1e-15));
    assertThat(only(watch).deviation().live()).isCloseTo(1, within(1e-15));
  }

  /// Values ±1 about the mean become ±1.5, those of other features stay. Their variance moves as
  /// far, and so that is named, too.
  @Test
  void aScaleThatChangesIsNamedByTheAbsoluteDeviation() {
    Watch watch = watch(5_000, Feature.named("a"), Feature.named("b"));
    for (int i = 0; i < 100; i++) {
      add(watch, fiftyTimes(0, 0, 4, 4));
    }
    for (int i = 0; i < 10; i++) {
      double more = 1e-3 * (i % 3);
      add(watch, fiftyTimes(0, -1 - more, 4, 5 + more));
    }
    List<FeatureDrift> features = watch.report(0, 10, _ -> true).features();
    assertThat(features.getFirst().drifted()).isFalse();
    assertThat(features.getLast().because())
        .contains(Measure.ABSOLUTE_DEVIATION)
        .doesNotContain(Measure.MEAN);
  }

  /// A feature that had one value only, and then others: without a spread before there is no ratio.
  @Test
  void aConstantFeatureThatVariesHasDrifted() {
    Watch watch = watch(5_000, Feature.named("a"));
    for (int i = 0; i < 100; i++) {
      add(watch, fiftyTimes(2));
    }
    assertThat(only(watch).because()).doesNotContain(Measure.ABSOLUTE_DEVIATION);
    for (int i = 0; i < 12; i++) {
      add(watch, fiftyTimes(1, 3));
    }
    assertThat(only(watch).because()).contains(Measure.ABSOLUTE_DEVIATION);
  }

  /// By hand: of 150 rows a third is missing; of the hundred values half are 0.
  @Test
  void ratesAreComparedOnceTheReferenceRowsAreThere() {
    Watch watch = watch(300, Feature.named("a"));
    add(watch, fiftyTimes(0, 4, Double.NaN));
    FeatureDrift early = only(watch);
    assertThat(early.rates().get(Measure.MISSING).reference()).isNaN();
    assertThat(early.rates().get(Measure.MISSING).live()).isCloseTo(1 / 3.0, within(1e-15));
    assertThat(early.stability()).isNaN();
    add(watch, fiftyTimes(0, 4, Double.NaN));
    assertThat(only(watch).rates())
        .containsOnlyKeys(Measure.MISSING, Measure.ZERO)
        .extractingByKey(Measure.ZERO)
        .isEqualTo(new FeatureDrift.Rate(0.5, 0.5));
  }

  /// By hand: the batch lies in the bins of −1 and 1, then all in that of 1: the cumulated shares
  /// differ by a half.
  @Test
  void binsAreComparedFromTheFirstRowAfterTheReference() {
    Watch watch = watch(32, Feature.named("a"));
    add(watch, Arrays.copyOf(fiftyTimes(0, 4), 32));
    assertThat(only(watch).kolmogorovSmirnov()).isNaN();
    add(watch, Arrays.copyOf(fiftyTimes(4), 32));
    assertThat(only(watch).kolmogorovSmirnov()).isEqualTo(0.5);
    assertThat(only(watch).stability()).isPositive();
  }

  /// Values beyond a clipping range lie at its end when they come here: 10 of 50 at each end.
  @Test
  void valuesAtTheEndOfARangeThatClipsAreOutOfRange() {
    Watch watch =
        watch(
            50,
            new Feature("a", 0, 4, OutOfRange.CLIP),
            new Feature("b", 0, 4, OutOfRange.MISSING));
    double[] rows = fiftyTimes(1, 0);
    for (int i = 0; i < 10; i++) {
      rows[2 * i] = 0;
      rows[50 + 2 * i] = 4;
    }
    add(watch, rows);
    List<FeatureDrift> features = watch.report(0, 10, _ -> true).features();
    assertThat(features.getFirst().rates().get(Measure.OUT_OF_RANGE))
        .isEqualTo(new FeatureDrift.Rate(0.4, 0.4));
    assertThat(features.getLast().rates().get(Measure.OUT_OF_RANGE))
        .isEqualTo(new FeatureDrift.Rate(0, 0));
  }

  /// A clip of 1.5 deviations of 2 about 2: what is beyond −1 and 5 is clipped, the ends are not.
  @Test
  void valuesBeyondTheClipAreCounted() {
    Standing standing = standing(Features.numbered(1), OptionalDouble.of(1.5));
    Watch watch = new Watch(new Reference(standing), 50, 0);
    add(watch, fiftyTimes(-1, -1.001, 5, 5.001));
    assertThat(only(watch).rates().get(Measure.CLIPPED)).isEqualTo(new FeatureDrift.Rate(0.5, 0.5));
  }

  /// Both zeros count; the least number beside zero does not.
  @Test
  void zeroIsZeroWhateverItsSign() {
    Watch watch = watch(50, Feature.named("a"));
    add(watch, fiftyTimes(0.0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE));
    assertThat(only(watch).rates().get(Measure.ZERO).live()).isEqualTo(0.5);
  }

  @Test
  void hugeValuesStayFinite() {
    Watch watch = watch(50, Feature.named("a"));
    add(watch, fiftyTimes(Double.MAX_VALUE, -Double.MAX_VALUE));
    add(watch, fiftyTimes(Double.MAX_VALUE));
    FeatureDrift feature = only(watch);
    assertThat(feature.mean().value()).isEqualTo(5e5);
    assertThat(feature.variance().value()).isFinite();
    assertThat(feature.wasserstein()).isFinite();
    assertThat(feature.deviation().live()).isEqualTo(3);
  }

  /// A feature of which nothing came: no number, and no alarm.
  @Test
  void aFeatureThatIsAlwaysMissingHasNothingButItsRate() {
    Watch watch = watch(50, Feature.named("a"));
    for (int i = 0; i < 20; i++) {
      add(watch, fiftyTimes(Double.NaN));
    }
    FeatureDrift feature = only(watch);
    assertThat(feature.rates())
        .isEqualTo(
            Map.of(
                Measure.MISSING,
                new FeatureDrift.Rate(1, 1),
                Measure.ZERO,
                new FeatureDrift.Rate(Double.NaN, Double.NaN)));
    assertThat(feature.mean().value()).isNaN();
    assertThat(feature.drifted()).isFalse();
  }

  /// Below eight groups nobody can tell how much groups scatter.
  @Test
  void eightGroupsAreNeededForAnAlarm() {
    Watch watch = watch(1_000, Feature.named("a"));
    for (int i = 0; i < 7; i++) {
      add(watch, fiftyTimes(6, 6 + 1e-9 * i));
      assertThat(watch.verdict()).isEqualTo(Verdict.NONE);
    }
    add(watch, fiftyTimes(6, 6));
    assertThat(watch.state()).isEqualTo(new DriftState(1, List.of("a")));
    assertThat(watch.verdict().drifted()).isEqualTo(1);
    assertThat(watch.verdict().largestShift()).isCloseTo(2, within(1e-8));
    assertThat(only(watch).because()).contains(Measure.MEAN);
  }

  /// Of 40 features every second one moves; the first 16 of these 20 are named.
  @Test
  void aStateInShortCountsAllAndNamesTheFirst() {
    int features = 40;
    Watch watch =
        new Watch(
            new Reference(standing(Features.numbered(features), OptionalDouble.empty())), 1_000, 0);
    List<Boolean> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      double[] row = new double[features];
      for (int j = 0; j < features; j++) {
        row[j] = (j % 2 == 0 ? 2 : 6) + 1e-3 * (i % 3);
      }
      double[] rows = fiftyTimes(row);
      others.add(watch.add(BatchSums.of(FeatureBatch.of(features, rows), watch.reference()), 0));
    }
    DriftState state = watch.state();
    assertThat(state.drifted()).isEqualTo(20);
    assertThat(state.features())
        .isEqualTo(IntStream.range(0, 16).mapToObj(i -> "f" + (2 * i + 1)).toList());
    assertThat(others).containsOnlyOnce(true);
  }
}
