package io.evenkeel.batchnorm.gradients;

import static io.evenkeel.batchnorm.Closeness.within;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Closeness;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.GoldenFile;
import io.evenkeel.batchnorm.Trainer;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The backward pass against automatic differentiation.
class GoldenGradientsTest {
  static Stream<Named<JsonNode>> gradients() {
    return GoldenFile.cases("gradients.json");
  }

  static Stream<Named<JsonNode>> pytorch() {
    return GoldenFile.cases("pytorch-batchnorm.json");
  }

  /// Source: PyTorch 1.13 automatic differentiation, float64.
  @ParameterizedTest
  @MethodSource("gradients")
  void formsAreDifferentiatedAsPyTorchDoes(JsonNode golden) {
    JsonNode definition = golden.get("definition");
    FeatureBatch batch = GoldenFile.batch(golden);
    JsonNode affine = definition.get("affine");
    Gradients gradients =
        Gradients.of(
            batch,
            GoldenFile.array(golden.get("dy")),
            form(golden, batch),
            Affine.of(GoldenFile.array(affine.get("gamma")), GoldenFile.array(affine.get("beta"))),
            Trainer.rules(definition.get("epsilon").asDouble(), ConstantFeature.EPSILON));
    check(gradients, golden, within(1e-12, 1e-13));
  }

  private static BackwardForm form(JsonNode golden, FeatureBatch batch) {
    FeatureMoments own = FeatureMoments.of(batch);
    FeatureMoments before = FeatureMoments.none(batch.features());
    for (JsonNode each : golden.get("before").values()) {
      double[] x = GoldenFile.array(each);
      before = before.plus(FeatureMoments.of(FeatureBatch.of(batch.features(), x)));
    }
    if (golden.get("mode").asString().equals("inference")) {
      return new BackwardForm.Constant(before.meanAndVariance(VarianceEstimator.UNBIASED));
    }
    JsonNode training = golden.get("definition").path("training");
    return switch (training.path("type").asString("batch")) {
      case "batch" -> new BackwardForm.Pooled(own);
      // the window of 3 holds the last two batches and this one
      case "window" -> new BackwardForm.Pooled(lastTwo(golden, batch.features()).plus(own));
      case "renormalization" -> renormalized(golden, own);
      default -> throw new IllegalArgumentException(training.toString());
    };
  }

  private static FeatureMoments lastTwo(JsonNode golden, int features) {
    JsonNode before = golden.get("before");
    FeatureBatch last = FeatureBatch.of(features, GoldenFile.array(before.get(before.size() - 1)));
    FeatureBatch other = FeatureBatch.of(features, GoldenFile.array(before.get(before.size() - 2)));
    return FeatureMoments.of(other).plus(FeatureMoments.of(last));
  }

  /// m and s averaged from 0 and 1, then r = clip(s_B/s, 1/rMax, rMax) and d = clip((mean_B − m)/s,
  /// −dMax, dMax).
  private static BackwardForm renormalized(JsonNode golden, FeatureMoments own) {
    JsonNode definition = golden.get("definition");
    double epsilon = definition.get("epsilon").asDouble();
    double momentum = definition.get("averaging").get("momentum").asDouble();
    double most = definition.get("training").get("rMax").asDouble();
    double farthest = definition.get("training").get("dMax").asDouble();
    double[] r = new double[own.features()];
    double[] d = new double[own.features()];
    for (int j = 0; j < r.length; j++) {
      double m = 0;
      double s = 1;
      for (JsonNode each : golden.get("before").values()) {
        FeatureMoments b = FeatureMoments.of(FeatureBatch.of(r.length, GoldenFile.array(each)));
        m += momentum * (b.mean(j) - m);
        s += momentum * (Math.sqrt(b.variance(j, VarianceEstimator.BIASED) + epsilon) - s);
      }
      double root = Math.sqrt(own.variance(j, VarianceEstimator.BIASED) + epsilon);
      r[j] = Math.clamp(root / s, 1 / most, most);
      d[j] = Math.clamp((own.mean(j) - m) / s, -farthest, farthest);
    }
    return new BackwardForm.Renormalized(own, r, d);
  }

  /// Source: torch.nn.BatchNorm1d, PyTorch 1.13, float64.
  @ParameterizedTest
  @MethodSource("pytorch")
  void backwardPassIsThatOfPyTorch(JsonNode golden) {
    JsonNode gamma = golden.get("gamma");
    Affine affine =
        gamma.isNull()
            ? Affine.identity(golden.get("features").asInt())
            : Affine.of(GoldenFile.array(gamma), GoldenFile.array(golden.get("beta")));
    for (JsonNode step : GoldenFile.steps(golden)) {
      FeatureBatch batch = GoldenFile.batch(step);
      Gradients gradients =
          Gradients.of(
              batch,
              GoldenFile.array(step.get("dy")),
              new BackwardForm.Pooled(FeatureMoments.of(batch)),
              affine,
              Trainer.rules(golden.get("epsilon").asDouble(), ConstantFeature.EPSILON));
      // PyTorch's own rounding at large offsets is what the tolerance allows for
      check(gradients, step, within(1e-8, 1e-8));
    }
  }

  private static void check(Gradients gradients, JsonNode golden, Closeness near) {
    near.check("dx", gradients.inputGradients(), GoldenFile.array(golden.get("dx")));
    if (golden.has("dgamma")) {
      near.check("dgamma", gradients.gammaGradient(), GoldenFile.array(golden.get("dgamma")));
      near.check("dbeta", gradients.betaGradient(), GoldenFile.array(golden.get("dbeta")));
    }
  }
}
