package io.evenkeel.batchnorm.gradients;

import static io.evenkeel.batchnorm.Closeness.within;
import static io.evenkeel.batchnorm.gradients.GradientsTest.constant;
import static io.evenkeel.batchnorm.gradients.GradientsTest.gamma;
import static io.evenkeel.batchnorm.gradients.GradientsTest.plain;
import static io.evenkeel.batchnorm.gradients.GradientsTest.pooled;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.PlainLayer;
import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureSums;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The backward pass where numbers are large, beside the forward pass, and what it refuses.
class GradientsPrecisionTest {
  /// The rows are multiples of 2⁻²⁰, so that adding the offset loses nothing.
  @ParameterizedTest
  @EnumSource(
      value = PlainLayer.Form.class,
      names = {"BATCH", "WINDOW", "RENORMALIZED", "CONSTANT"})
  void anOffsetOfABillionDeviationsChangesNothing(PlainLayer.Form form) {
    double[][] dx = new double[2][];
    double[][] dgamma = new double[2][];
    for (int k = 0; k < 2; k++) {
      PlainLayer layer =
          PlainLayer.random(new Random(4), form, 3000, 2, true, k * 1e9, plain(0.25));
      Gradients gradients =
          Gradients.of(
              layer.batch(), layer.dy(), layer.backwardForm(), layer.affine(), layer.rules());
      dx[k] = gradients.inputGradients();
      dgamma[k] = gradients.gammaGradient();
    }
    within(1e-12, 1e-14).check("dx", dx[1], dx[0]);
    within(1e-12, 1e-12).check("dgamma", dgamma[1], dgamma[0]);
  }

  /// With dy 1 in one row and 0 in all others dγ is the x̂ of that row, and dx there γ/s.
  @ParameterizedTest
  @EnumSource
  void rowsThatEnterOneByOneAreNormalisedAsForward(Order order) {
    int features = 3;
    for (Averaging averaging :
        new Averaging[] {new Averaging.Cumulative(Optional.empty()), new Averaging.Decaying(2.5)}) {
      for (ConstantFeature constant : ConstantFeature.values()) {
        double clip = constant == ConstantFeature.ONE ? 1.5 : Double.POSITIVE_INFINITY;
        NormalizationRules rules =
            new NormalizationRules(
                true,
                true,
                0.25,
                constant,
                MissingValues.IMPUTE,
                clip < 2 ? OptionalDouble.of(clip) : OptionalDouble.empty(),
                Activation.NONE);
        PlainLayer layer =
            PlainLayer.random(
                new Random(12), PlainLayer.Form.BATCH, 20, features, true, 1e6, rules);
        FeatureBatch batch = layer.batch();
        PooledStatistics before =
            (PooledStatistics)
                averaging
                    .start(features, VarianceEstimator.UNBIASED)
                    .after(RowByRow.momentsOf(layer.earlier(), averaging));
        double[] xHat = RowByRow.normalize(batch, before, order, Affine.identity(features), rules);
        for (int i = 0; i < batch.rows(); i++) {
          double[] dy = new double[xHat.length];
          Arrays.fill(dy, i * features, (i + 1) * features, 1);
          Gradients gradients =
              Gradients.of(
                  batch,
                  dy,
                  new BackwardForm.EachRow(before, order),
                  Affine.identity(features),
                  rules);
          for (int j = 0; j < features; j++) {
            assertEquals(xHat[i * features + j] + 0.0, gradients.gammaGradient()[j]);
          }
        }
      }
    }
  }

  @Test
  void anOverflowNamesItsFeatureAndAMissingValueIsNone() {
    FeatureBatch batch = FeatureBatch.of(2, Double.NaN, 1, 1, 2);
    double[] dy = {1, 1, 1, 1e308};
    Affine steep = gamma(1, 1e10);
    assertEquals(1, Gradients.of(batch, dy, pooled(batch), steep, plain(1)).firstNotFinite());
    assertEquals(
        -1, Gradients.of(batch, dy, pooled(batch), gamma(1, 1e-3), plain(1)).firstNotFinite());
    double[] sums = {1e308, 1, 1e308, 1};
    FeatureBatch complete = FeatureBatch.of(2, 0, 1, 1, 2);
    assertEquals(
        0, Gradients.of(complete, sums, pooled(complete), gamma(1, 1), plain(1)).firstNotFinite());
  }

  /// σ(1e308 · 10) would have slope 0, and hide that the forward pass refuses this batch.
  @Test
  void anOverflowIsNotHiddenByABoundedActivation() {
    NormalizationRules sigmoid =
        new NormalizationRules(
            true,
            true,
            0,
            ConstantFeature.ONE,
            MissingValues.IGNORE,
            OptionalDouble.empty(),
            Activation.SIGMOID);
    FeatureBatch batch = FeatureBatch.of(1, 10);
    assertEquals(
        0,
        Gradients.of(batch, new double[] {1}, constant(0, 1), gamma(1e308), sigmoid)
            .firstNotFinite());
  }

  @Test
  void withoutCentreOrScaleThereAreNoGradients() {
    FeatureBatch batch = FeatureBatch.of(1, 1, 2);
    for (boolean center : new boolean[] {true, false}) {
      NormalizationRules rules =
          new NormalizationRules(
              center,
              !center,
              1,
              ConstantFeature.EPSILON,
              MissingValues.IGNORE,
              OptionalDouble.empty(),
              Activation.NONE);
      assertThrows(
          IllegalArgumentException.class,
          () -> Gradients.of(batch, new double[2], pooled(batch), gamma(1), rules));
    }
  }

  @Test
  void shapesHaveToAgree() {
    FeatureBatch batch = FeatureBatch.of(1, 1, 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> Gradients.of(batch, new double[1], pooled(batch), gamma(1), plain(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Gradients.of(batch, new double[2], pooled(batch), gamma(1, 1), plain(1)));
  }

  @Test
  void aSumKeepsWhatCancellationWouldLose() {
    FeatureSums sums = new FeatureSums(2);
    for (double term : new double[] {1e16, 1, -1e16, 0x1p-60}) {
      sums.add(1, term);
    }
    assertArrayEquals(new double[] {0, 1}, sums.totals());
    assertEquals(1, sums.total(1));
  }
}
