package io.evenkeel.batchnorm;

import static io.evenkeel.batchnorm.Closeness.checkUlps;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The functions, their derivatives and inverses, and the rows that go through them.
class ActivationTest {
  /// Source: Python's decimal with 60 digits.
  @ParameterizedTest
  @CsvSource({
    "RELU, -2, 0, 0",
    "RELU, 0, 0, 0",
    "RELU, 2.5, 2.5, 1",
    "SIGMOID, 0, 0.5, 0.25",
    "SIGMOID, 1, 0.7310585786300049, 0.19661193324148185",
    "SIGMOID, -1, 0.2689414213699951, 0.19661193324148185",
    "SIGMOID, 40, 1, 4.248354255291589e-18",
    "SIGMOID, -40, 4.248354255291589e-18, 4.248354255291589e-18",
    "SIGMOID, -800, 0, 0",
    "TANH, 0, 0, 1",
    "TANH, 0.5, 0.46211715726000976, 0.7864477329659274",
    "TANH, -0.5, -0.46211715726000976, 0.7864477329659274",
    "TANH, 20, 1, 1.6993417021166355e-17",
    "TANH, 1000, 1, 0",
    "NONE, -7, -7, 1"
  })
  void valueAndDerivative(Activation activation, double z, double a, double derivative) {
    checkUlps("a", activation.apply(z), a, 3);
    checkUlps("a'", activation.derivative(z), derivative, 4);
  }

  /// A bounded activation would hide it.
  @ParameterizedTest
  @EnumSource(names = {"RELU", "SIGMOID", "TANH"})
  void whatOverflowsBeforeTheActivationIsNoNumberAfterIt(Activation activation) {
    assertThat(activation.apply(Double.POSITIVE_INFINITY)).isNaN();
    assertThat(activation.apply(Double.NEGATIVE_INFINITY)).isNaN();
    assertThat(activation.apply(Double.NaN)).isNaN();
    assertThat(activation.apply(Double.MAX_VALUE)).isFinite();
    assertThat(activation.apply(-Double.MAX_VALUE)).isFinite();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-30, -1, -1e-9, 0, 1e-9, 0.3, 7})
  void theInverseLeadsBack(double z) {
    for (Activation activation :
        new Activation[] {Activation.NONE, Activation.SIGMOID, Activation.TANH}) {
      double y = activation.apply(z);
      double back = activation.inverse(y).orElse(Double.NaN);
      if (Math.abs(z) < 8 || activation == Activation.SIGMOID) {
        Closeness.within(1e-9, 1e-15).check(activation + " of " + y, back, z);
      }
    }
  }

  @Test
  void whatIsNeverAnsweredHasNoInverse() {
    assertThat(Activation.RELU.inverse(1)).hasValue(1);
    assertThat(Activation.RELU.inverse(0)).isEqualTo(OptionalDouble.empty());
    assertThat(Activation.RELU.inverse(-1)).isEqualTo(OptionalDouble.empty());
    assertThat(Activation.SIGMOID.inverse(0)).isEqualTo(OptionalDouble.empty());
    assertThat(Activation.SIGMOID.inverse(1)).isEqualTo(OptionalDouble.empty());
    assertThat(Activation.TANH.inverse(-1)).isEqualTo(OptionalDouble.empty());
    assertThat(Activation.TANH.inverse(1.5)).isEqualTo(OptionalDouble.empty());
  }

  /// By the definition: s(1 − s) < 0.0125 from |z| = ln(0.9873.../0.0126...) = 4.3567 on, 1 − t² <
  /// 0.05 from |z| = artanh sqrt(0.95) = 2.1785 on.
  @ParameterizedTest
  @CsvSource({
    "SIGMOID, 4.356, false",
    "SIGMOID, 4.357, true",
    "SIGMOID, -4.357, true",
    "TANH, 2.178, false",
    "TANH, 2.179, true",
    "TANH, -2.179, true",
    "RELU, 1e-300, false",
    "RELU, 0, true",
    "RELU, -1, true",
    "NONE, 1e300, false"
  })
  void saturates(Activation activation, double z, boolean saturated) {
    assertThat(activation.saturates(activation.apply(z))).isEqualTo(saturated);
  }

  /// Of 4 answers 3 are zero; the next batch, of none, counts more than what was before.
  @Test
  void theShareOfSaturatedAnswersForgets() {
    double[] first = {0, 1, 0, 1, 0, Double.NaN, 2, 1};
    Saturation saturation = Saturation.of(Activation.RELU, first, 2);
    assertThat(saturation.share(0)).isEqualTo(0.75);
    assertThat(saturation.share(1)).isZero();
    saturation = saturation.then(Saturation.of(Activation.RELU, new double[] {1, 1, 1, 1}, 2));
    assertThat(saturation.share(0)).isEqualTo(0.9 * 3 / (0.9 * 4 + 2));
    assertThat(Saturation.of(Activation.RELU, new double[] {Double.NaN}, 1).share(0)).isNaN();
  }

  @Test
  void isAppliedLastAndLeavesMissingValuesMissing() {
    NormalizationRules rules =
        new NormalizationRules(
            true,
            true,
            0,
            ConstantFeature.ONE,
            MissingValues.IGNORE,
            OptionalDouble.empty(),
            Activation.RELU);
    FeatureBatch batch = FeatureBatch.of(1, 1, 3, Double.NaN);
    double[] y = new double[3];
    Normalization.of(
            FeatureMoments.of(batch).meanAndVariance(VarianceEstimator.BIASED),
            Affine.of(new double[] {2}, new double[] {0.5}),
            rules)
        .apply(batch.values(), y, 3);
    assertThat(y).containsExactly(0, 2.5, Double.NaN);
  }
}
