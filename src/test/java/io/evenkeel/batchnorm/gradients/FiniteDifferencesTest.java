package io.evenkeel.batchnorm.gradients;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Closeness;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.PlainLayer;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients against differences of the loss Σ dy y, y by [PlainLayer], with what the form holds
/// constant held constant: every form with every activation, rule, weighting and kind of gap.
class FiniteDifferencesTest {
  private static final int[][] SHAPES = {{1, 1}, {1, 3}, {2, 2}, {7, 3}, {9, 1}};
  private static final double STEP = 0x1p-9;

  static Stream<Arguments> formsAndActivations() {
    return Stream.of(PlainLayer.Form.values())
        .flatMap(form -> Stream.of(Activation.values()).map(a -> Arguments.of(form, a)));
  }

  @ParameterizedTest
  @MethodSource("formsAndActivations")
  void gradientsAreTheSlopesOfTheLoss(PlainLayer.Form form, Activation activation) {
    Random random = new Random(31L * form.ordinal() + activation.ordinal());
    for (int settings = 0; settings < 48; settings++) {
      ConstantFeature constant = ConstantFeature.values()[settings % 3];
      NormalizationRules rules =
          new NormalizationRules(
              true,
              true,
              constant == ConstantFeature.EPSILON ? 0.25 : 0,
              constant,
              settings / 3 % 2 == 0 ? MissingValues.IGNORE : MissingValues.IMPUTE,
              settings / 6 % 2 == 0 ? OptionalDouble.empty() : OptionalDouble.of(1.25),
              activation);
      boolean weighted = settings / 12 % 2 == 0;
      double offset = settings / 24 == 0 ? 0 : 1e6;
      for (int[] shape : SHAPES) {
        check(smooth(random, form, shape, weighted, offset, rules));
      }
    }
  }

  private static PlainLayer smooth(
      Random random,
      PlainLayer.Form form,
      int[] shape,
      boolean weighted,
      double offset,
      NormalizationRules rules) {
    for (int attempt = 0; attempt < 10_000; attempt++) {
      PlainLayer layer =
          PlainLayer.random(random, form, shape[0], shape[1], weighted, offset, rules);
      if (layer.isSmooth()) {
        return layer;
      }
    }
    throw new AssertionError("no batch away from the kinks");
  }

  private static void check(PlainLayer layer) {
    FeatureBatch batch = layer.batch();
    Affine affine = layer.affine();
    Gradients gradients =
        Gradients.of(batch, layer.dy(), layer.backwardForm(), affine, layer.rules());
    assertEquals(-1, gradients.firstNotFinite());
    Closeness near = within(1e-6, 1e-9);
    for (int j = 0; j < batch.features(); j++) {
      int feature = j;
      double gamma = affine.gamma(j);
      double beta = affine.beta(j);
      double[] x = layer.column(j);
      near.check(
          layer + ": dgamma " + j,
          gradients.gammaGradient()[j],
          slope(h -> layer.loss(feature, x, gamma + h, beta)));
      near.check(
          layer + ": dbeta " + j,
          gradients.betaGradient()[j],
          slope(h -> layer.loss(feature, x, gamma, beta + h)));
      for (int i = 0; i < batch.rows(); i++) {
        double dx = gradients.inputGradients()[i * batch.features() + j];
        if (Double.isNaN(x[i])) {
          assertEquals(layer.rules().missing() == MissingValues.IMPUTE ? 0 : Double.NaN, dx);
        } else if (Math.abs(layer.unlimited(i, j, x)) > layer.rules().clip().orElse(1e300)) {
          assertEquals(0, dx); // its share in the statistics is held constant
        } else {
          int row = i;
          double slope = slope(h -> layer.loss(feature, moved(x, row, h), gamma, beta));
          near.check(layer + ": dx " + i + ", " + j, dx, slope);
        }
      }
    }
  }

  private static double[] moved(double[] x, int row, double by) {
    double[] moved = x.clone();
    moved[row] += by;
    return moved;
  }

  /// Central differences, extrapolated once: the error is of order STEP⁴.
  private static double slope(DoubleUnaryOperator loss) {
    double wide = (loss.applyAsDouble(STEP) - loss.applyAsDouble(-STEP)) / (2 * STEP);
    double narrow = (loss.applyAsDouble(STEP / 2) - loss.applyAsDouble(-STEP / 2)) / STEP;
    assertTrue(Double.isFinite(wide));
    return (4 * narrow - wide) / 3;
  }
}
