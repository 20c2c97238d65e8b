package io.evenkeel.batchnorm.gradients;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.GoldenFile;
import io.evenkeel.batchnorm.gradients.AffineStep.Method;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// γ and β after a step along their gradients, with an L1 penalty on γ.
class AffineStepTest {
  static Stream<Named<JsonNode>> slimming() {
    return GoldenFile.cases("slimming.json");
  }

  /// Source: numpy, arXiv:1708.06519 and the proximal operator of the L1 norm.
  @ParameterizedTest
  @MethodSource("slimming")
  void stepsAndPruningAreThoseOfNetworkSlimming(JsonNode golden) {
    Affine affine = Affine.identity(8);
    for (JsonNode step : GoldenFile.steps(golden)) {
      affine =
          AffineStep.of(
                  GoldenFile.array(step.get("dgamma")),
                  GoldenFile.array(step.get("dbeta")),
                  golden.get("learningRate").asDouble(),
                  golden.get("l1").asDouble(),
                  Method.valueOf(golden.get("method").asString().toUpperCase(Locale.ROOT)))
              .apply(
                  Affine.of(
                      GoldenFile.array(step.get("gammaBefore")),
                      GoldenFile.array(step.get("betaBefore"))));
      within(1e-15, 1e-16).check("gamma", affine.gamma(), GoldenFile.array(step.get("gammaAfter")));
      within(1e-15, 1e-16).check("beta", affine.beta(), GoldenFile.array(step.get("betaAfter")));
    }
    JsonNode prune = golden.get("prune");
    Sparsity sparsity = Sparsity.of(affine, prune.get("ratio").asDouble(), 0);
    within(1e-15, 0).check("threshold", sparsity.threshold(), prune.get("threshold").asDouble());
    for (int j = 0; j < affine.features(); j++) {
      assertEquals(prune.get("kept").get(j).asBoolean(), sparsity.kept()[j], "kept " + j);
    }
  }

  /// By hand: lr 0.5, l1 1, so the threshold of the proximal step is 0.5 and γ − lr dγ is γ − dγ/2.
  /// All numbers are dyadic, so nothing rounds.
  @ParameterizedTest
  @CsvSource({
    // γ, dγ, proximal, subgradient
    "1, 0, 0.5, 0.5",
    "-1, 0, -0.5, -0.5",
    "1, 1, 0, 0",
    "0.25, 0, 0, -0.25",
    "-0.25, 0, 0, 0.25",
    "0, 0, 0, 0",
    "-0.0, 0, 0, 0",
    "0, -2, 0.5, 1",
    "0.25, 2, -0.25, -1.25",
    "0, 1, 0, -0.5",
    "0, -1, 0, 0.5"
  })
  void proximalStepsStopAtZeroWhereSubgradientStepsJumpOverIt(
      double gamma, double gradient, double proximal, double subgradient) {
    assertArrayEquals(
        new double[] {proximal}, step(gamma, gradient, 0.5, 1, Method.PROXIMAL).gamma());
    assertArrayEquals(
        new double[] {subgradient}, step(gamma, gradient, 0.5, 1, Method.SUBGRADIENT).gamma());
  }

  private static Affine step(
      double gamma, double gradient, double learningRate, double l1, Method method) {
    return AffineStep.of(new double[] {gradient}, new double[1], learningRate, l1, method)
        .apply(Affine.of(new double[] {gamma}, new double[1]));
  }

  @ParameterizedTest
  @EnumSource
  void withoutPenaltyBothArePlainDescent(Method method) {
    Affine after =
        AffineStep.of(new double[] {2, -4}, new double[] {8, 1}, 0.25, 0, method)
            .apply(Affine.of(new double[] {1, -1}, new double[] {2, -3}));
    assertArrayEquals(new double[] {0.5, 0}, after.gamma());
    assertArrayEquals(new double[] {0, -3.25}, after.beta());
  }

  @Test
  void penaltyIsTheSumOfMagnitudes() {
    Affine affine = Affine.of(new double[] {1, -2, 0, 0.5}, new double[4]);
    assertEquals(1.75, AffineStep.penalty(affine, 0.5));
    assertEquals(0, AffineStep.penalty(affine, 0));
    Affine huge = Affine.of(new double[] {Double.MAX_VALUE, Double.MAX_VALUE}, new double[2]);
    assertEquals(Double.POSITIVE_INFINITY, AffineStep.penalty(huge, 1));
    assertEquals(0, AffineStep.penalty(huge, 0));
  }

  @ParameterizedTest
  @EnumSource
  void anOverflowNamesItsFeature(Method method) {
    Affine affine = Affine.of(new double[] {1, -1e308, 1}, new double[] {0, 0, 1e308});
    AffineStep step =
        AffineStep.of(new double[] {0, 1e308, 0}, new double[] {0, 0, -1e308}, 2, 0.1, method);
    assertEquals(1, AffineStep.firstNotFinite(step.apply(affine)));
    step = AffineStep.of(new double[3], new double[] {0, 0, -1e308}, 2, 0.1, method);
    assertEquals(2, AffineStep.firstNotFinite(step.apply(affine)));
    assertEquals(-1, AffineStep.firstNotFinite(affine));
  }

  /// lr l1 overflows, but what it shrinks is 0 all the same.
  @Test
  void aPenaltyThatOverflowsStillReachesZero() {
    assertArrayEquals(new double[] {0}, step(5, 1, 1e300, 1e300, Method.PROXIMAL).gamma());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, 0", "NaN, 0", "Infinity, 0", "1, -1", "1, NaN", "1, Infinity"})
  void numbersOutOfTheirRangeAreRefused(double learningRate, double l1) {
    assertThrows(
        IllegalArgumentException.class,
        () -> AffineStep.of(new double[1], new double[1], learningRate, l1, Method.PROXIMAL));
  }

  @Test
  void lengthsHaveToAgree() {
    assertThrows(
        IllegalArgumentException.class,
        () -> AffineStep.of(new double[1], new double[2], 1, 0, Method.PROXIMAL));
    AffineStep step = AffineStep.of(new double[2], new double[2], 1, 0, Method.PROXIMAL);
    assertThrows(IllegalArgumentException.class, () -> step.apply(Affine.identity(3)));
  }
}
