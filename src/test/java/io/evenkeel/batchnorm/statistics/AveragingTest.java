package io.evenkeel.batchnorm.statistics;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.batchnorm.Closeness;
import io.evenkeel.batchnorm.GoldenFile;
import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// How batches move the running statistics, rule by rule.
class AveragingTest {
  private static final VarianceEstimator BIASED = VarianceEstimator.BIASED;
  private static final VarianceEstimator UNBIASED = VarianceEstimator.UNBIASED;

  static Stream<Named<JsonNode>> decaying() {
    return GoldenFile.cases("decaying.json");
  }

  /// Source: numpy, merge with forgetting.
  @ParameterizedTest
  @MethodSource("decaying")
  void decayingMomentsForgetByRows(JsonNode golden) {
    Averaging decaying = new Averaging.Decaying(golden.get("halfLifeRows").asDouble());
    int features = golden.get("features").asInt();
    RunningStatistics biased = decaying.start(features, BIASED);
    RunningStatistics unbiased = decaying.start(features, UNBIASED);
    Closeness close = within(1e-12, 1e-13);
    for (JsonNode step : GoldenFile.steps(golden)) {
      BatchMoments batch = BatchMoments.of(GoldenFile.batch(step));
      biased = biased.after(batch);
      unbiased = unbiased.after(batch);
      double[] mean = GoldenFile.array(step.get("mean"));
      double[] varBiased = GoldenFile.array(step.get("varBiased"));
      JsonNode defined = step.get("varUnbiased");
      for (int j = 0; j < features; j++) {
        close.check("mean", biased.meanAndVariance().mean(j), mean[j]);
        close.check("biased", biased.meanAndVariance().variance(j), varBiased[j]);
        double expected = defined.isNull() ? 1 : GoldenFile.array(defined)[j];
        close.check("unbiased", unbiased.meanAndVariance().variance(j), expected);
      }
    }
  }

  /// A batch of n rows ages what was before by 2^(−n/h), as n batches of one row do.
  @Test
  void decayDoesNotDependOnHowEarlierRowsWereCut() {
    Averaging decaying = new Averaging.Decaying(7);
    double[] rows = gaussian(3, 40);
    RunningStatistics whole = decaying.start(1, BIASED).after(batch(rows));
    RunningStatistics inTwo = whole;
    for (double[] part : new double[][] {{0.5}, {0.25}, {-2}, {1}}) {
      inTwo = inTwo.after(batch(part));
    }
    // by hand: factors 2^(−4/7) for the first batch, 2^(−(3−i)/7) for the i-th row
    double w = 40 * Math.pow(2, -4 / 7.0);
    double sum = w * whole.meanAndVariance().mean(0);
    double[] late = {0.5, 0.25, -2, 1};
    for (int i = 0; i < 4; i++) {
      double f = Math.pow(2, -(3 - i) / 7.0);
      w += f;
      sum += f * late[i];
    }
    within(1e-14, 0).check("mean", inTwo.meanAndVariance().mean(0), sum / w);
    assertEquals(44, inTwo.count(0));
  }

  /// After 300 half-lives nothing of the past is left in the mean, not even the rounding of the
  /// step from 0 to 1e9. By hand: 300 values of M2 = 200 decay to half, then 1e9 + 0.5 joins them.
  @Test
  void whatHasDecayedAwayLeavesNoRoundingBehind() {
    Averaging decaying = new Averaging.Decaying(1);
    RunningStatistics statistics = decaying.start(1, BIASED).after(batch(0.1, -0.3, 0.7));
    double[] gap = new double[60];
    Arrays.fill(gap, 0.3);
    statistics = statistics.after(batch(gap));
    double[] next = {1e9 - 1, 1e9, 1e9 + 1};
    double[] many = new double[300];
    Arrays.setAll(many, i -> next[i % 3]);
    statistics = statistics.after(batch(many)).after(batch(1e9 + 0.5));
    // W = 300/2 + 1, d = 0.5: mean = 1e9 + 0.5/151, M2 = 100 + 0.25 · 150/151
    within(1e-14, 0)
        .check(
            "variance", statistics.meanAndVariance().variance(0), (100 + 0.25 * 150 / 151) / 151);
  }

  /// Source: the law of total variance, var = E[var | batch] + var(E[· | batch]), by its recursion.
  @Test
  void totalVarianceKeepsTheVarianceBetweenBatches() {
    RunningStatistics statistics =
        new Exponential(0.1, VarianceKind.TOTAL, Start.FIRST_BATCH).start(1, BIASED);
    // two batches of variance 1 and means 0 and 10, by hand: 0.9 + 0.1 + 0.1 · 0.9 · 100
    statistics = statistics.after(batch(-1, 1)).after(batch(9, 11));
    Closeness.checkUlps("mean", statistics.meanAndVariance().mean(0), 1, 1);
    Closeness.checkUlps("variance", statistics.meanAndVariance().variance(0), 10, 1);
  }

  @Test
  void varianceWithinLosesTheVarianceBetweenBatches() {
    RunningStatistics statistics =
        new Exponential(0.1, VarianceKind.WITHIN, Start.FIRST_BATCH).start(1, BIASED);
    statistics = statistics.after(batch(-1, 1)).after(batch(9, 11));
    Closeness.checkUlps("variance", statistics.meanAndVariance().variance(0), 1, 1);
  }

  /// By hand: v = 0 + 0.09 · 40² = 144, then 0.9 · 144 + 0.09 · 4² = 131.04, then 0.9 · 131.04 +
  /// 0.09 · 36.4².
  @Test
  void singleValuesHaveATotalVariance() {
    RunningStatistics statistics =
        new Exponential(0.1, VarianceKind.TOTAL, Start.FIRST_BATCH).start(1, UNBIASED);
    double[] means = {80, 84, 83.6, 87.24};
    double[] variances = {1, 144, 131.04, 237.1824};
    double[] values = {80, 120, 80, 120};
    for (int i = 0; i < 4; i++) {
      statistics = statistics.after(batch(values[i]));
      Closeness.checkUlps("mean", statistics.meanAndVariance().mean(0), means[i], 1);
      Closeness.checkUlps("variance", statistics.meanAndVariance().variance(0), variances[i], 4);
    }
  }

  /// By hand, the law of total variance from what is known: of one value nothing is, so that 0.9 ·
  /// 0 + 0.1 · 2 + 0.09 · 100 is left; under zero-one the start's 1 is known.
  @Test
  void unknownVarianceOfAFirstValueCountsAsNothing() {
    RunningStatistics first =
        new Exponential(0.1, VarianceKind.TOTAL, Start.FIRST_BATCH).start(1, UNBIASED);
    first = first.after(batch(5)).after(batch(14, 16));
    Closeness.checkUlps("variance", first.meanAndVariance().variance(0), 9.2, 2);
    RunningStatistics zeroOne =
        new Exponential(0.1, VarianceKind.TOTAL, Start.ZERO_ONE).start(1, UNBIASED);
    zeroOne = zeroOne.after(batch(10));
    Closeness.checkUlps("mean", zeroOne.meanAndVariance().mean(0), 1, 1);
    Closeness.checkUlps("variance", zeroOne.meanAndVariance().variance(0), 0.9 + 9, 2);
  }

  /// A feature that is mostly missing shows one value a batch; beside it, one that never is.
  @Test
  void featureWithOneValueABatchHasATotalVariance() {
    RunningStatistics statistics =
        new Exponential(0.1, VarianceKind.TOTAL, Start.FIRST_BATCH).start(2, UNBIASED);
    for (double value : new double[] {80, 120, 80, 120}) {
      statistics = statistics.after(BatchMoments.of(FeatureBatch.of(2, value, 1, Double.NaN, 3)));
    }
    Closeness.checkUlps("single", statistics.meanAndVariance().variance(0), 237.1824, 4);
    Closeness.checkUlps("pairs", statistics.meanAndVariance().variance(1), 2, 4);
  }

  /// Under `within` a value alone moves the mean, and the first batch with a variance begins it.
  @Test
  void varianceWithinBeginsWithTheFirstBatchThatHasOne() {
    RunningStatistics statistics =
        new Exponential(0.1, VarianceKind.WITHIN, Start.FIRST_BATCH).start(1, UNBIASED);
    statistics = statistics.after(batch(80)).after(batch(120));
    assertEquals(1, statistics.meanAndVariance().variance(0));
    assertEquals(84, statistics.meanAndVariance().mean(0));
    assertEquals(8, statistics.after(batch(82, 86)).meanAndVariance().variance(0));
  }

  /// By hand: after the rows 1, missing, 4 with a half-life of one row the 1 weighs a quarter, and
  /// (0.25 + 4) / 1.25 = 3.4.
  @Test
  void everyFeatureFadesByAllRows() {
    double nan = Double.NaN;
    Averaging decaying = new Averaging.Decaying(1);
    RunningStatistics one = decaying.start(1, BIASED);
    one = one.after(batch(1)).after(batch(nan)).after(batch(4));
    assertEquals(3.4, one.meanAndVariance().mean(0), 1e-15);
    RunningStatistics two = decaying.start(1, BIASED).after(batch(1)).after(batch(nan, 4));
    assertEquals(3.4, two.meanAndVariance().mean(0), 1e-15);
    RunningStatistics byRow = decaying.start(1, BIASED);
    for (double[] part : new double[][] {{1}, {nan, 4}}) {
      byRow = byRow.after(RowByRow.momentsOf(FeatureBatch.of(1, part), decaying));
    }
    assertEquals(3.4, byRow.meanAndVariance().mean(0), 1e-15);
    assertEquals(2, byRow.count(0));
  }

  /// After an outage of 10,000 half-lives the feature shows what it was, and one value replaces it.
  @Test
  void outageNeverMakesAFeatureUnseen() {
    double[] gap = new double[20_000];
    Arrays.fill(gap, Double.NaN);
    Averaging decaying = new Averaging.Decaying(2);
    RunningStatistics before = decaying.start(1, UNBIASED).after(batch(1, 3, 8));
    RunningStatistics whole = before.after(batch(gap));
    RunningStatistics byRow = before.after(RowByRow.momentsOf(FeatureBatch.of(1, gap), decaying));
    for (RunningStatistics after : new RunningStatistics[] {whole, byRow}) {
      assertEquals(4, after.meanAndVariance().mean(0));
      assertEquals(13, after.meanAndVariance().variance(0), 1e-12);
      assertEquals(3, after.count(0));
      assertEquals(70, after.after(batch(69, 71)).meanAndVariance().mean(0));
    }
  }

  /// By hand: after 1,000 rows of 0 with a half-life of one row, 5 and 7 weigh 2 · 2⁻¹⁰⁰⁰ and leave
  /// M2 = (2 + 72) · 2⁻¹⁰⁰⁰ and nothing more, so that a feature that is 0 now is soon constant.
  @Test
  void valuesThatComeReplaceWhatHasDecayed() {
    Averaging decaying = new Averaging.Decaying(1);
    RunningStatistics statistics =
        decaying.start(1, BIASED).after(batch(5, 7)).after(batch(new double[1000]));
    MeanAndVariance after = statistics.meanAndVariance();
    within(1e-13, 0).check("variance", after.variance(0), 74e-3 * 0x1p-1000);
    within(1e-13, 0).check("mean", after.mean(0), 12e-3 * 0x1p-1000);
    MeanAndVariance later = statistics.after(batch(new double[200])).meanAndVariance();
    assertEquals(0, later.variance(0));
    assertEquals(0, later.mean(0));
  }

  /// By hand: a row is 600 half-lives, so 5 leaves 25 · 2⁻⁶⁰⁰ behind a 0, whether it came in the
  /// same batch or before it.
  @Test
  void rowsThatComeReplaceWhatHasDecayed() {
    Averaging decaying = new Averaging.Decaying(1 / 600.0);
    BatchMoments five = RowByRow.momentsOf(FeatureBatch.of(1, new double[] {5}), decaying);
    BatchMoments zero = RowByRow.momentsOf(FeatureBatch.of(1, new double[] {0}), decaying);
    BatchMoments both = RowByRow.momentsOf(FeatureBatch.of(1, new double[] {5, 0}), decaying);
    RunningStatistics start = decaying.start(1, BIASED);
    for (RunningStatistics after :
        List.of(start.after(five).after(zero), start.after(five.plus(zero)), start.after(both))) {
      within(1e-13, 0).check("variance", after.meanAndVariance().variance(0), 25 * 0x1p-600);
    }
  }

  /// Exact by hand: (1 + 3)/2 and (1 + 9)/2; the batch of one row has no unbiased variance.
  @Test
  void batchOfOneRowMovesAnAverageOfBatchesByItsMeanOnly() {
    RunningStatistics statistics = new Averaging.CumulativeBatches().start(1, UNBIASED);
    statistics = statistics.after(batch(5, 7)); // mean 6, variance 2
    statistics = statistics.after(batch(9)); // mean 9
    assertEquals(7.5, statistics.meanAndVariance().mean(0));
    assertEquals(2, statistics.meanAndVariance().variance(0));
    statistics = statistics.after(batch(10, 14)); // mean 12, variance 8: the second one
    assertEquals(9, statistics.meanAndVariance().mean(0));
    assertEquals(5, statistics.meanAndVariance().variance(0));
    assertEquals(5, statistics.count(0));
  }

  @Test
  void firstBatchStartHasNothingToForget() {
    RunningStatistics statistics =
        new Exponential(0.01, VarianceKind.WITHIN, Start.FIRST_BATCH).start(1, UNBIASED);
    assertEquals(0, statistics.meanAndVariance().mean(0));
    assertEquals(1, statistics.meanAndVariance().variance(0));
    statistics = statistics.after(batch(1e9 - 1, 1e9 + 1));
    assertEquals(1e9, statistics.meanAndVariance().mean(0));
    assertEquals(2, statistics.meanAndVariance().variance(0));
  }

  /// scikit-learn's variance is NaN for ever after a wholly missing column.
  @Test
  void featureWithoutAValueStaysAsItWas() {
    for (Averaging averaging :
        new Averaging[] {
          new Averaging.Cumulative(Optional.empty()),
          new Averaging.Decaying(3),
          new Averaging.CumulativeBatches(),
          new Exponential(0.5, VarianceKind.TOTAL, Start.ZERO_ONE)
        }) {
      double nan = Double.NaN;
      RunningStatistics before =
          averaging.start(2, BIASED).after(BatchMoments.of(FeatureBatch.of(2, 1, 2, 3, 5)));
      RunningStatistics after =
          before.after(BatchMoments.of(FeatureBatch.of(2, nan, 7, nan, 8, nan, 9)));
      assertEquals(before.meanAndVariance().mean(0), after.meanAndVariance().mean(0));
      assertEquals(before.meanAndVariance().variance(0), after.meanAndVariance().variance(0));
      assertEquals(2, after.count(0));
      assertEquals(5, after.count(1));
      assertEquals(9, after.max(1));
      assertEquals(3, after.max(0));
      assertEquals(-1, after.firstNotFinite());
    }
  }

  /// Exact by hand: 2 values of mean 1 and biased variance 1 are {0, 2}; with {4}: mean 2, M2 = 8.
  @Test
  void priorIsABatchThatNobodySent() {
    RunningStatistics statistics =
        new Averaging.Cumulative(Optional.of(new Averaging.Prior(2, 1, 1))).start(1, UNBIASED);
    assertEquals(1, statistics.meanAndVariance().mean(0));
    assertEquals(2, statistics.meanAndVariance().variance(0));
    statistics = statistics.after(batch(4));
    assertEquals(3, statistics.count(0));
    assertEquals(2, statistics.meanAndVariance().mean(0));
    assertEquals(4, statistics.meanAndVariance().variance(0));
    assertEquals(4, statistics.min(0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void ruleThatIsNoneIsRefused(double bad) {
    assertThrows(IllegalArgumentException.class, () -> new Averaging.Decaying(bad));
    assertThrows(IllegalArgumentException.class, () -> new Averaging.Prior(bad, 0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Exponential(bad, VarianceKind.WITHIN, Start.ZERO_ONE));
  }

  private static BatchMoments batch(double... values) {
    return BatchMoments.of(FeatureBatch.of(1, values));
  }

  private static double[] gaussian(long seed, int length) {
    return new Random(seed).doubles(length).map(u -> 2 * u - 1).toArray();
  }
}
