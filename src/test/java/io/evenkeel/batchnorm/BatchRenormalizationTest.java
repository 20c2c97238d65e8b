package io.evenkeel.batchnorm;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;
import io.evenkeel.batchnorm.statistics.RunningMeans;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The correction, and the statistics it corrects towards, by hand.
class BatchRenormalizationTest {
  private static final Training.Renormalization LIMITS = new Training.Renormalization(3, 5);

  private static NormalizationRules rules(boolean center, boolean scale, ConstantFeature constant) {
    return new NormalizationRules(
        center, scale, 0, constant, MissingValues.IGNORE, OptionalDouble.empty(), Activation.NONE);
  }

  private static RenormalizationStatistics running(double mean, double deviation) {
    return new RenormalizationStatistics(
        0.5,
        0,
        new RenormalizationStatistics.Columns(
            new RunningMeans(
                FeatureColumn.of(1),
                FeatureColumn.of(mean),
                FeatureColumn.of(0),
                FeatureColumn.of(0),
                FeatureColumn.of(1)),
            FeatureColumn.of(deviation)));
  }

  private static BatchRenormalization correction(
      double mean, double deviation, NormalizationRules rules, double... values) {
    return BatchRenormalization.of(
        FeatureMoments.of(FeatureBatch.of(1, values)), running(mean, deviation), LIMITS, rules);
  }

  /// 6, 10: mean 8, deviation 2.
  @ParameterizedTest
  @CsvSource({
    "8, 2, 1, 0",
    "7, 4, 0.5, 0.25",
    "7, 1, 2, 1",
    "7, 0.5, 3, 2",
    "7, 100, 0.3333333333333333, 0.01",
    "0, 1, 2, 5",
    "20, 1, 2, -5",
  })
  void isLimited(double mean, double deviation, double r, double d) {
    BatchRenormalization correction =
        correction(mean, deviation, rules(true, true, ConstantFeature.EPSILON), 6, 10);
    assertThat(correction.r(0)).isEqualTo(r);
    assertThat(correction.d(0)).isEqualTo(d);
  }

  @Test
  void withoutCentringNothingIsShiftedAndWithoutScalingNothingIsStretched() {
    BatchRenormalization unshifted =
        correction(7, 1, rules(false, true, ConstantFeature.EPSILON), 6, 10);
    assertThat(unshifted.r(0)).isEqualTo(2);
    assertThat(unshifted.d(0)).isZero();
    BatchRenormalization unstretched =
        correction(7, 1, rules(true, false, ConstantFeature.EPSILON), 6, 10);
    assertThat(unstretched.r(0)).isEqualTo(1);
    assertThat(unstretched.d(0)).isEqualTo(1);
  }

  /// The normalised value of such a feature is 0 and stays it, γ and β aside.
  @Test
  void aConstantFeatureThatIsToBeZeroStaysZero() {
    NormalizationRules rules = rules(true, true, ConstantFeature.ZERO);
    BatchRenormalization correction = correction(7, 1, rules, 6, 6);
    MeanAndVariance batch =
        FeatureMoments.of(FeatureBatch.of(1, 6, 6)).meanAndVariance(VarianceEstimator.BIASED);
    double[] y = new double[2];
    Normalization.of(batch, correction, Affine.identity(1), rules).apply(new double[] {6, 6}, y, 2);
    assertThat(y).containsExactly(0, 0);
  }

  /// A running deviation of 0 is infinitely far: the limits hold; and 0/0 shifts nothing.
  @Test
  void aRunningDeviationOfZeroMeetsTheLimits() {
    NormalizationRules rules = rules(true, true, ConstantFeature.EPSILON);
    assertThat(correction(7, 0, rules, 6, 10).r(0)).isEqualTo(3);
    assertThat(correction(7, 0, rules, 6, 10).d(0)).isEqualTo(5);
    assertThat(correction(8, 0, rules, 6, 10).d(0)).isZero();
  }

  /// x̂ = (x − 8)/2 · 2 + 1, then twice that plus 3; whole batches and single values alike.
  @Test
  void theNormalisedValueIsStretchedAndShiftedBeforeClipGammaAndBeta() {
    NormalizationRules rules =
        new NormalizationRules(
            true,
            true,
            0,
            ConstantFeature.EPSILON,
            MissingValues.IMPUTE,
            OptionalDouble.of(2),
            Activation.NONE);
    FeatureMoments moments = FeatureMoments.of(FeatureBatch.of(1, 6, 10));
    Normalization normalization =
        Normalization.of(
            moments.meanAndVariance(VarianceEstimator.BIASED),
            BatchRenormalization.of(moments, running(7, 1), LIMITS, rules),
            Affine.of(new double[] {2}, new double[] {3}),
            rules);
    double[] y = new double[3];
    normalization.apply(new double[] {6, 10, Double.NaN}, y, 3);
    assertThat(y).containsExactly(1, 7, 3);
    assertThat(normalization.apply(0, 6)).isEqualTo(1);
    assertThat(normalization.apply(0, 10)).isEqualTo(7);
  }

  /// Two batches of means 8 and 0 and deviations 2 and 0 from m = 0, s = 1, with a = 1/2.
  @Test
  void meansAndDeviationsAreAveraged() {
    RunningStatistics statistics = RenormalizationStatistics.start(1, 0.5, 0);
    statistics = statistics.after(BatchMoments.of(FeatureBatch.of(1, 6, 10)));
    assertThat(statistics.meanAndVariance().mean(0)).isEqualTo(4);
    assertThat(statistics.meanAndVariance().variance(0)).isEqualTo(2.25);
    statistics = statistics.after(BatchMoments.of(FeatureBatch.of(1, 0, 0)));
    assertThat(statistics.meanAndVariance().mean(0)).isEqualTo(2);
    assertThat(statistics.meanAndVariance().variance(0)).isEqualTo(0.5625);
    RunningStatistics same = statistics.after(BatchMoments.of(FeatureBatch.of(1, Double.NaN)));
    assertThat(same.meanAndVariance().mean(0)).isEqualTo(2);
    assertThat(same.count(0)).isEqualTo(4);
    assertThat(same.min(0)).isZero();
    assertThat(same.max(0)).isEqualTo(10);
  }

  /// The variance shown is s² − ε, never below 0, and another ε does not move it.
  @Test
  void epsilonIsPartOfTheDeviationOnly() {
    RenormalizationStatistics start = RenormalizationStatistics.start(1, 0.5, 2);
    assertThat(start.meanAndVariance().variance(0)).isZero();
    RenormalizationStatistics moved =
        RenormalizationStatistics.start(1, 1, 0.25)
            .after(BatchMoments.of(FeatureBatch.of(1, 6, 10)));
    assertThat(moved.meanAndVariance().variance(0))
        .isCloseTo(4, org.assertj.core.data.Offset.offset(1e-15));
    RenormalizationStatistics other = moved.withEpsilon(1e-3);
    within(1e-15, 0)
        .check(
            "variance", other.meanAndVariance().variance(0), moved.meanAndVariance().variance(0));
    assertThat(moved.withEpsilon(0.25)).isSameAs(moved);
  }

  /// s has come to sqrt(ε) but for rounding, and what is left of s² − ε is no variance.
  @Test
  void aConstantFeatureShowsNoVariance() {
    for (double momentum : new double[] {1, 0.9, 0.1}) {
      RunningStatistics statistics = RenormalizationStatistics.start(1, momentum, 1e-5);
      for (int i = 0; i < 1000; i++) {
        statistics = statistics.after(BatchMoments.of(FeatureBatch.of(1, 3, 3)));
      }
      assertThat(statistics.meanAndVariance().variance(0)).isZero();
    }
  }

  /// Nothing of the batch before is left, not even its rounding.
  @Test
  void aMomentumOfOneTakesTheBatchAsItIs() {
    RunningStatistics statistics =
        RenormalizationStatistics.start(1, 1, 0)
            .after(BatchMoments.of(FeatureBatch.of(1, 1e6, -1)))
            .after(BatchMoments.of(FeatureBatch.of(1, 5, 9)));
    assertThat(statistics.meanAndVariance().mean(0)).isEqualTo(7);
    assertThat(statistics.meanAndVariance().variance(0)).isEqualTo(4);
  }

  /// Neither what is given without a value nor another ε moves the start.
  @Test
  void aFeatureWithoutAValueIsAtTheStart() {
    double[] none = new double[1];
    RenormalizationStatistics given =
        RenormalizationStatistics.given(
            new GivenStatistics(none, none, none, new double[] {1}, none, none, none), 0.5, 0.5);
    assertThat(given.columns().deviation().get(0)).isEqualTo(1);
    RenormalizationStatistics start = RenormalizationStatistics.start(1, 0.5, 4);
    assertThat(start.withEpsilon(1e-5).columns().deviation().get(0)).isEqualTo(1);
  }
}
