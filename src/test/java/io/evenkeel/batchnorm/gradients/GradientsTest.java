package io.evenkeel.batchnorm.gradients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Trainer;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// The backward pass by hand, with numbers that nothing rounds.
class GradientsTest {
  private static final double NAN = Double.NaN;

  private static NormalizationRules rules(double epsilon, MissingValues missing, double clip) {
    return new NormalizationRules(
        true,
        true,
        epsilon,
        ConstantFeature.EPSILON,
        missing,
        clip < Double.POSITIVE_INFINITY ? OptionalDouble.of(clip) : OptionalDouble.empty(),
        Activation.NONE);
  }

  static NormalizationRules plain(double epsilon) {
    return rules(epsilon, MissingValues.IGNORE, Double.POSITIVE_INFINITY);
  }

  static Affine gamma(double... gamma) {
    return Affine.of(gamma, new double[gamma.length]);
  }

  private static FeatureBatch weighted(double[] x, double... weights) {
    return FeatureBatch.of(weights.length, x.length / weights.length, x, weights);
  }

  static BackwardForm pooled(FeatureBatch batch) {
    return new BackwardForm.Pooled(FeatureMoments.of(batch));
  }

  static BackwardForm constant(double mean, double variance) {
    return new BackwardForm.Constant(
        new MeanAndVariance(new double[] {mean}, new double[1], new double[] {variance}));
  }

  private static void check(Gradients actual, double dgamma, double dbeta, double... dx) {
    assertArrayEquals(dx, actual.inputGradients());
    assertArrayEquals(new double[] {dgamma}, actual.gammaGradient());
    assertArrayEquals(new double[] {dbeta}, actual.betaGradient());
    assertEquals(-1, actual.firstNotFinite());
  }

  /// Mean 2, variance 1, s = sqrt(1 + 3) = 2, u = ∓1/2, Σdy = 7, Σdy u = 3/2.
  @Test
  void twoRows() {
    FeatureBatch batch = FeatureBatch.of(1, 1, 3);
    double[] dy = {2, 5};
    check(Gradients.of(batch, dy, pooled(batch), gamma(2), plain(3)), 1.5, 7, -1.125, 1.125);
  }

  /// Without ε the two normalised values are −1 and 1 whatever the rows, so no row matters.
  @Test
  void twoRowsWithoutEpsilonHaveNoSlope() {
    FeatureBatch batch = FeatureBatch.of(1, 1, 3);
    check(
        Gradients.of(batch, new double[] {2, 5}, pooled(batch), gamma(2), Trainer.PLAIN),
        3,
        7,
        0,
        0);
  }

  /// W = 4, mean 3, variance 3, s = 2, u = −3/2 and 1/2, Σdy = 6, Σdy u = −5, neither weighted.
  @Test
  void weightsAreSharesInTheStatisticsOnly() {
    FeatureBatch batch = weighted(new double[] {0, 4}, 1, 3);
    double[] dy = {4, 2};
    check(Gradients.of(batch, dy, pooled(batch), gamma(2), plain(1)), -5, 6, 0.625, -0.625);
    // r = 1/2, d = 1/4: x̂ = −1/2 and 1/2
    BackwardForm renormalized =
        new BackwardForm.Renormalized(
            FeatureMoments.of(batch), new double[] {0.5}, new double[] {0.25});
    check(Gradients.of(batch, dy, renormalized, gamma(2), plain(1)), -1, 6, 0.3125, -0.3125);
  }

  /// The row of weight 0 has u = 5/2 and takes part in both sums: Σdy = 14, Σdy u = 15.
  @Test
  void aRowOfWeightZeroMovesNoStatistics() {
    FeatureBatch batch = weighted(new double[] {0, 4, 8}, 1, 3, 0);
    check(
        Gradients.of(batch, new double[] {4, 2, 8}, pooled(batch), gamma(2), plain(1)),
        15,
        14,
        4 - 3.5 + 1.5 * 15 / 4,
        2 - 10.5 - 1.5 * 15 / 4,
        8);
  }

  /// s = 2, u = 2.
  @Test
  void constantStatisticsTakeNoPart() {
    FeatureBatch batch = FeatureBatch.of(1, 5);
    double[] dy = {2, NAN}; // may be longer than the batch
    check(Gradients.of(batch, dy, constant(1, 3), gamma(3), plain(1)), 4, 2, 3);
    NormalizationRules clipped = rules(1, MissingValues.IGNORE, 1.5);
    check(Gradients.of(batch, dy, constant(1, 3), gamma(-3), clipped), 3, 2, 0);
    NormalizationRules atTheLimit = rules(1, MissingValues.IGNORE, 2);
    check(Gradients.of(batch, dy, constant(1, 3), gamma(3), atTheLimit), 4, 2, 3);
  }

  /// Mean 1, variance 3, s = 2, u = −1/2 and 3/2, which is clipped to 1 and left out of the sums
  /// inside dx: they are 6 and −3.
  @Test
  void aClippedValueCountsForGammaAndBetaOnly() {
    FeatureBatch batch = FeatureBatch.of(1, 0, 0, 0, 4);
    NormalizationRules clipped = rules(1, MissingValues.IGNORE, 1);
    check(
        Gradients.of(batch, new double[] {1, 2, 3, 4}, pooled(batch), gamma(1), clipped),
        1,
        10,
        -0.4375,
        0.0625,
        0.5625,
        0);
  }

  /// As [#twoRows] for the values that are there.
  @Test
  void aMissingValueHasNoGradientAndAnImputedOneNoSlope() {
    FeatureBatch batch = FeatureBatch.of(1, 1, NAN, 3);
    double[] dy = {2, NAN, 5};
    check(Gradients.of(batch, dy, pooled(batch), gamma(2), plain(3)), 1.5, 7, -1.125, NAN, 1.125);
    NormalizationRules impute = rules(3, MissingValues.IMPUTE, Double.POSITIVE_INFINITY);
    dy[1] = 10;
    check(Gradients.of(batch, dy, pooled(batch), gamma(2), impute), 1.5, 17, -1.125, 0, 1.125);
  }

  /// Mean 0 and variance 1 stand in, s = sqrt(1 + 3), and do not move.
  @Test
  void aFeatureWithoutWeightIsNormalisedByTheStart() {
    FeatureBatch batch = weighted(new double[] {NAN, 4}, 1, 0);
    check(
        Gradients.of(batch, new double[] {NAN, 3}, pooled(batch), gamma(2), plain(3)),
        6,
        3,
        NAN,
        3);
  }

  @Test
  void aConstantFeatureMovesWithItsMeanOrNotAtAll() {
    FeatureBatch batch = FeatureBatch.of(1, 5, 5);
    double[] dy = {2, 4};
    NormalizationRules one = Trainer.rules(0.5, ConstantFeature.ONE);
    check(Gradients.of(batch, dy, pooled(batch), gamma(2), one), 0, 6, -2, 2);
    NormalizationRules zero = Trainer.rules(0.5, ConstantFeature.ZERO);
    check(Gradients.of(batch, dy, pooled(batch), gamma(-2), zero), 0, 6, 0, 0);
    check(Gradients.of(batch, dy, constant(3, 0), gamma(2), one), 12, 6, 4, 8);
    check(Gradients.of(batch, dy, constant(3, 0), gamma(-2), zero), 0, 6, 0, 0);
    // what is 0 is not shifted by d either
    BackwardForm renormalized =
        new BackwardForm.Renormalized(FeatureMoments.of(batch), new double[] {2}, new double[] {3});
    check(Gradients.of(batch, dy, renormalized, gamma(-2), zero), 0, 6, 0, 0);
    check(Gradients.of(batch, dy, renormalized, gamma(2), one), 18, 6, -4, 4);
  }

  /// Variance 1 is below (4 ulp(1e16))² = 64: the values lie −1 and 1 about their mean, but the
  /// root is 1 because the rule says so, not because of them.
  @Test
  void theRootOfAConstantFeatureDoesNotMoveThoughItsValuesDiffer() {
    FeatureBatch batch = FeatureBatch.of(1, 1e16, 1e16 + 2);
    check(
        Gradients.of(batch, new double[] {2, 4}, pooled(batch), gamma(3), Trainer.PLAIN),
        2,
        6,
        -3,
        3);
  }

  @Test
  void oneRowAloneHasNoSlopeAndNoRowsHaveNoGradients() {
    FeatureBatch one = FeatureBatch.of(1, 0.1);
    check(Gradients.of(one, new double[] {0.3}, pooled(one), gamma(0.7), plain(0.1)), 0, 0.3, 0);
    FeatureBatch none = FeatureBatch.of(1);
    check(Gradients.of(none, new double[0], pooled(none), gamma(2), plain(1)), 0, 0);
    assertEquals(0, Gradients.of(none, new double[0], pooled(none), gamma(2), plain(1)).rows());
  }

  /// z = 3 · (∓1/2): ReLU lets the second row through alone, and its share in the sums.
  @Test
  void anActivationPassesWhatItsSlopeLets() {
    FeatureBatch batch = FeatureBatch.of(1, 1, 3);
    NormalizationRules relu =
        new NormalizationRules(
            true,
            true,
            3,
            ConstantFeature.EPSILON,
            MissingValues.IGNORE,
            OptionalDouble.empty(),
            Activation.RELU);
    // Σdy′ = 4, Σdy′ u = 2: dx = 3/2 (0 − 2 + 1/2) and 3/2 (4 − 2 − 1/2)
    check(
        Gradients.of(batch, new double[] {8, 4}, pooled(batch), gamma(3), relu), 2, 4, -2.25, 2.25);
  }
}
