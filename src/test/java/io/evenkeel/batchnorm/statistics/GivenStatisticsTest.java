package io.evenkeel.batchnorm.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Closeness;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Statistics from elsewhere, and how batches move them on.
class GivenStatisticsTest {
  private static GivenStatistics given(double count, double mean, double variance, double batches) {
    return new GivenStatistics(
        new double[] {count},
        new double[] {mean},
        new double[1],
        new double[] {variance},
        new double[] {Double.NaN},
        new double[] {Double.NaN},
        new double[] {batches});
  }

  static Stream<Averaging> averagings() {
    return Stream.of(
        new Averaging.Cumulative(Optional.empty()),
        new Averaging.CumulativeBatches(),
        new Averaging.Exponential(
            0.1, Averaging.Exponential.VarianceKind.WITHIN, Averaging.Exponential.Start.ZERO_ONE),
        new Averaging.Exponential(
            0.1, Averaging.Exponential.VarianceKind.TOTAL, Averaging.Exponential.Start.FIRST_BATCH),
        new Averaging.Decaying(100),
        new Averaging.Window(3, WindowKind.SLIDING));
  }

  @ParameterizedTest
  @MethodSource("averagings")
  void areShownAsTheyWereGiven(Averaging averaging) {
    for (VarianceEstimator estimator : VarianceEstimator.values()) {
      RunningStatistics statistics = averaging.given(given(10, 5, 4, 3), estimator);
      assertThat(statistics.meanAndVariance().mean(0)).isEqualTo(5);
      assertThat(statistics.meanAndVariance().variance(0)).isEqualTo(4);
      assertThat(statistics.count(0)).isEqualTo(10);
    }
  }

  /// Pooled by hand: ten values of mean 5 and biased variance 4, and 15, 15: mean 80/12, M2 = 40 +
  /// 100 · 20/12.
  @Test
  void pooledStatisticsGoOnFromThem() {
    RunningStatistics next =
        new Averaging.Cumulative(Optional.empty())
            .given(given(10, 5, 4, 1), VarianceEstimator.BIASED)
            .after(BatchMoments.of(FeatureBatch.of(1, 15, 15)));
    Closeness.within(1e-15, 0).check("mean", next.meanAndVariance().mean(0), 80.0 / 12);
    Closeness.within(1e-15, 0)
        .check("variance", next.meanAndVariance().variance(0), (40 + 2000.0 / 12) / 12);
  }

  /// An average over batches goes on with the weight of the next one: 1/4 after three.
  @Test
  void averagesOverBatchesGoOnFromThem() {
    RunningStatistics next =
        new Averaging.CumulativeBatches()
            .given(given(10, 5, 4, 3), VarianceEstimator.BIASED)
            .after(BatchMoments.of(FeatureBatch.of(1, 8, 10)));
    assertThat(next.meanAndVariance().mean(0)).isEqualTo(6);
    assertThat(next.meanAndVariance().variance(0)).isEqualTo(3.25);
  }

  /// Extremes that are not known stay so: a later minimum would be that of the later values alone.
  @ParameterizedTest
  @MethodSource("averagings")
  void unknownExtremesStayUnknown(Averaging averaging) {
    RunningStatistics next =
        averaging
            .given(given(10, 5, 4, 3), VarianceEstimator.UNBIASED)
            .after(BatchMoments.of(FeatureBatch.of(1, 8, 10)));
    assertThat(next.min(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(next.max(0)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  /// The start of a feature without a value has extremes, those of no value.
  @ParameterizedTest
  @MethodSource("averagings")
  void extremesOfNoValueAreThoseOfTheNext(Averaging averaging) {
    RunningStatistics next =
        averaging
            .given(given(0, 0, 1, 0), VarianceEstimator.UNBIASED)
            .after(BatchMoments.of(FeatureBatch.of(1, 8, 10)));
    assertThat(next.min(0)).isEqualTo(8);
    assertThat(next.max(0)).isEqualTo(10);
  }

  /// Two values of weight 1/2 have a count of 1 and an unbiased variance all the same.
  @Test
  void varianceOfASmallWeightIsShownAsGiven() {
    for (double count : new double[] {1, 0.5, 1e-9}) {
      FeatureMoments moments = given(count, 1, 4.5, 1).moments(VarianceEstimator.UNBIASED);
      assertThat(moments.variance(0, VarianceEstimator.UNBIASED)).isEqualTo(4.5);
    }
    assertThat(given(1, 1, 1, 1).moments(VarianceEstimator.UNBIASED).m2(0)).isZero();
  }

  /// Where a variance was made by dividing, its M2 is found again: the division gives it back.
  @Test
  void aVarianceThatWasAQuotientComesBackToTheBit() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      double count = 2 + random.nextInt(1_000_000);
      double shown = Math.exp(random.nextGaussian() * 20) / (count - 1);
      FeatureMoments moments = given(count, 1, shown, 1).moments(VarianceEstimator.UNBIASED);
      assertThat(moments.variance(0, VarianceEstimator.UNBIASED)).isEqualTo(shown);
    }
  }
}
