package io.evenkeel.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The way back from a normalised value.
class DenormalizationTest {
  private static NormalizationRules rules(
      boolean center, boolean scale, ConstantFeature constant, Activation activation) {
    return new NormalizationRules(
        center, scale, 1e-3, constant, MissingValues.IGNORE, OptionalDouble.empty(), activation);
  }

  private static MeanAndVariance statistics(double... values) {
    return FeatureMoments.of(FeatureBatch.of(2, values))
        .meanAndVariance(VarianceEstimator.UNBIASED);
  }

  /// Within a few ulp of the largest term, which is the mean.
  @ParameterizedTest
  @EnumSource(names = {"NONE", "SIGMOID", "TANH"})
  void leadsBackWhereverItIsOneToOne(Activation activation) {
    Random random = new Random(5);
    Affine affine = Affine.of(new double[] {0.3, -0.2}, new double[] {0.1, 0.4});
    MeanAndVariance statistics = statistics(1e6, 1, 1e6 + 2, -3, 1e6 - 1, 5);
    for (boolean center : new boolean[] {true, false}) {
      // without centring a value is not near 0, where the bounded activations are one-to-one
      for (boolean scale : new boolean[] {true, false}) {
        if (!center && activation != Activation.NONE) {
          continue;
        }
        NormalizationRules rules = rules(center, scale, ConstantFeature.ONE, activation);
        Normalization there = Normalization.of(statistics, affine, rules);
        Denormalization back = new Denormalization(statistics, affine, rules);
        assertThat(back.firstWithoutInverse()).isEqualTo(-1);
        for (int i = 0; i < 100; i++) {
          double[] x = {1e6 + random.nextGaussian(), 1 + 3 * random.nextGaussian()};
          double[] y = new double[2];
          there.apply(x, y, 1);
          double[] again = back.apply(y, 1);
          Closeness.within(1e-15, 1e-8).check("large mean", again[0], x[0]);
          Closeness.within(1e-12, 1e-9).check("small mean", again[1], x[1]);
        }
      }
    }
  }

  @Test
  void aMissingValueStaysMissing() {
    Denormalization back =
        new Denormalization(
            statistics(1, 1, 3, 2),
            Affine.identity(2),
            rules(true, true, ConstantFeature.ONE, Activation.NONE));
    assertThat(back.apply(new double[] {Double.NaN, 0}, 1)).containsExactly(Double.NaN, 1.5);
  }

  @Test
  void nothingLeadsBackFromWhatBecameAllTheSame() {
    Affine flat = Affine.of(new double[] {1, 0}, new double[] {0, 3});
    MeanAndVariance statistics = statistics(1, 1, 1, 2);
    NormalizationRules one = rules(true, true, ConstantFeature.ONE, Activation.NONE);
    NormalizationRules zero = rules(true, true, ConstantFeature.ZERO, Activation.NONE);
    assertThat(new Denormalization(statistics, flat, one).firstWithoutInverse()).isEqualTo(1);
    assertThat(new Denormalization(statistics, Affine.identity(2), zero).firstWithoutInverse())
        .isZero();
    assertThat(new Denormalization(statistics, Affine.identity(2), one).firstWithoutInverse())
        .isEqualTo(-1);
  }
}
