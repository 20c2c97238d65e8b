package io.evenkeel.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Denormalization.NoInverse;
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

  /// Exact by hand: both features have mean 2 and unbiased variance 1.
  @Test
  void aValueHasAnInverseStrictlyInsideTheClip() {
    Affine affine = Affine.of(new double[] {1, -2}, new double[] {0, 3});
    MeanAndVariance statistics = statistics(1, 1, 3, 2, 2, 3);
    Denormalization back = new Denormalization(statistics, affine, clipped(4, Activation.NONE));
    double deviation = Math.sqrt(1 + 1e-3);
    assertThat(back.apply(0, 3.5)).isEqualTo(2 + 3.5 * deviation);
    assertThat(back.noInverse(0, 3.5)).isEmpty();
    // −2 · 3.5 + 3
    assertThat(back.apply(1, -4)).isEqualTo(2 + 3.5 * deviation);
    for (double y : new double[] {4, -4, 4.5, -1e300}) {
      assertThat(back.apply(0, y)).isNaN();
      assertThat(back.noInverse(0, y)).hasValue(NoInverse.CLIP);
    }
    for (double y : new double[] {-5, 11, -5.5}) {
      assertThat(back.noInverse(1, y)).hasValue(NoInverse.CLIP);
    }
  }

  /// (3.1 − 0.1)/0.3 is 9.999999999999998 in doubles: the limit must not pass for a value inside.
  @Test
  void aLimitIsALimitHoweverItIsRounded() {
    Affine affine = Affine.of(new double[] {0.3, 1e-9}, new double[] {0.1, 0});
    Denormalization back =
        new Denormalization(statistics(1, 1, 3, 2), affine, clipped(10, Activation.NONE));
    double limit = 0.3 * 10 + 0.1;
    double half = Float.float16ToFloat(Float.floatToFloat16((float) limit));
    for (double y : new double[] {limit, (float) limit, half}) {
      assertThat(back.noInverse(0, y)).hasValue(NoInverse.CLIP);
    }
    assertThat(back.noInverse(0, Math.nextDown(limit))).isEmpty();
    // 1e-8 is 0 in 2 bytes, but 0 is the mean
    assertThat(back.apply(1, 0)).isEqualTo(1.5);
  }

  @Test
  void ofReluThePositiveAnswersHaveAnInverse() {
    Denormalization back =
        new Denormalization(
            statistics(1, 1, 3, 2), Affine.identity(2), clipped(10, Activation.RELU));
    assertThat(back.apply(0, 1)).isEqualTo(2 + Math.sqrt(2 + 1e-3));
    assertThat(back.noInverse(0, 0)).hasValue(NoInverse.ACTIVATION);
    assertThat(back.noInverse(0, -1)).hasValue(NoInverse.ACTIVATION);
    assertThat(back.noInverse(0, 10)).hasValue(NoInverse.CLIP);
    assertThat(back.noInverse(0, Double.NaN)).isEmpty();
  }

  @Test
  void aConstantFeatureHasOneInverse() {
    Affine affine = Affine.of(new double[] {0.5, 0}, new double[] {0.1, 3});
    MeanAndVariance statistics = statistics(7, 1, 7, 2, 7, 2);
    NormalizationRules zero = rules(true, true, ConstantFeature.ZERO, Activation.SIGMOID);
    Denormalization back = new Denormalization(statistics, affine, zero);
    double only = Activation.SIGMOID.apply(0.1);
    assertThat(back.apply(0, only)).isEqualTo(7);
    assertThat(back.apply(0, (float) only)).isEqualTo(7);
    assertThat(back.noInverse(0, only)).isEmpty();
    assertThat(back.noInverse(0, 0.5)).hasValue(NoInverse.CONSTANT);
    // the feature varies, and its gamma is 0: 3 comes from every input
    assertThat(back.noInverse(1, Activation.SIGMOID.apply(3))).hasValue(NoInverse.GAMMA);
    assertThat(back.apply(1, Activation.SIGMOID.apply(3))).isNaN();
    // not centred: the constant is still the mean
    NormalizationRules uncentred = rules(false, true, ConstantFeature.ZERO, Activation.NONE);
    assertThat(new Denormalization(statistics, affine, uncentred).apply(0, 0.1)).isEqualTo(7);
    // divided by 1, a constant feature is like any other
    NormalizationRules one = rules(true, true, ConstantFeature.ONE, Activation.NONE);
    assertThat(new Denormalization(statistics, Affine.identity(2), one).apply(0, 2)).isEqualTo(9);
  }

  private static NormalizationRules clipped(double clip, Activation activation) {
    return new NormalizationRules(
        true,
        true,
        1e-3,
        ConstantFeature.ONE,
        MissingValues.IGNORE,
        OptionalDouble.of(clip),
        activation);
  }
}
