package io.evenkeel.batchnorm.moments;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.statistics.Averaging;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the weights of rows mean for the unbiased variance.
class WeightKindTest {
  private static FeatureMoments moments(WeightKind kind, double[] x, double... weights) {
    return FeatureMoments.of(FeatureBatch.of(x.length, 1, x, weights, kind));
  }

  private static void check(FeatureMoments moments, double unbiased) {
    within(1e-15, 0).check("variance", moments.variance(0, VarianceEstimator.UNBIASED), unbiased);
  }

  /// Values of numpy.cov (NumPy 2.4.6) with `aweights` and with `fweights`.
  @Test
  void theKindsAreThoseOfNumpy() {
    double[] x = {1.5, -2.0, 4.25, 10.0};
    check(moments(WeightKind.RELIABILITY, x, 3, 1, 2, 4), 26.68214285714286);
    check(moments(WeightKind.FREQUENCY, x, 3, 1, 2, 4), 20.752777777777776);
    assertEquals(5.1, moments(WeightKind.FREQUENCY, x, 3, 1, 2, 4).mean(0), 1e-15);
  }

  /// Three values of 7: by hand F = 2 and variance 0. One value three times as reliable as another
  /// has no variance.
  @Test
  void oneRowSeenThreeTimesHasAVariance() {
    double[] x = {7};
    assertEquals(0, moments(WeightKind.FREQUENCY, x, 3).variance(0, VarianceEstimator.UNBIASED), 0);
    assertEquals(
        Double.NaN, moments(WeightKind.RELIABILITY, x, 3).variance(0, VarianceEstimator.UNBIASED));
    assertEquals(
        Double.NaN, moments(WeightKind.FREQUENCY, x, 1).variance(0, VarianceEstimator.UNBIASED));
  }

  /// In exact arithmetic M2 / (W − 1) of the rows as often as they were seen, also if the rows are
  /// cut into batches, and if they enter one after the other.
  @ParameterizedTest
  @ValueSource(ints = {2, 31, 33, 1000})
  void aFrequencyIsThatManyEqualRows(int rows) {
    Random random = new Random(rows);
    double[] x = random.doubles(rows, 1e6 - 1, 1e6 + 1).toArray();
    double[] weights = random.ints(rows, 0, 5).asDoubleStream().toArray();
    x[0] = Double.NaN;
    weights[1] = 4;
    FeatureBatch batch = FeatureBatch.of(rows, 1, x, weights, WeightKind.FREQUENCY);
    ExactMoments exact = ExactMoments.of(batch, 0);
    double unbiased =
        exact
            .m2()
            .divide(exact.weight().subtract(BigDecimal.ONE), ExactMoments.DIGITS)
            .doubleValue();
    int cut = rows / 3;
    FeatureMoments parts =
        FeatureMoments.of(part(x, weights, 0, cut))
            .plus(FeatureMoments.of(part(x, weights, cut, rows)));
    FeatureMoments oneByOne = RowByRow.momentsOf(batch, new Averaging.Decaying(1e300)).moments();
    for (FeatureMoments moments :
        new FeatureMoments[] {FeatureMoments.of(batch), parts, oneByOne}) {
      assertEquals(exact.weight().doubleValue(), moments.weight(0));
      assertEquals(exact.weight().doubleValue() - 1, moments.freedom(0));
      within(1e-12, 0).check("variance", moments.variance(0, VarianceEstimator.UNBIASED), unbiased);
    }
  }

  private static FeatureBatch part(double[] x, double[] weights, int from, int to) {
    return FeatureBatch.of(
        to - from,
        1,
        Arrays.copyOfRange(x, from, to),
        Arrays.copyOfRange(weights, from, to),
        WeightKind.FREQUENCY);
  }
}
