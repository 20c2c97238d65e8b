package io.evenkeel.batchnorm;

import static io.evenkeel.batchnorm.Closeness.within;

import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Training and inference batch after batch against the libraries whose definition each preset
/// keeps.
class GoldenTrainingTest {
  private static final Averaging CUMULATIVE = new Averaging.Cumulative(Optional.empty());

  static Stream<Named<JsonNode>> sklearn() {
    return GoldenFile.cases("sklearn-standardscaler.json");
  }

  static Stream<Named<JsonNode>> exponential() {
    return GoldenFile.cases("exponential.json");
  }

  static Stream<Named<JsonNode>> pytorch() {
    return GoldenFile.cases("pytorch-batchnorm.json");
  }

  static Stream<Named<JsonNode>> running() {
    return GoldenFile.cases("running.json");
  }

  /// Source: sklearn.preprocessing.StandardScaler.partial_fit, scikit-learn 1.2.1.
  @ParameterizedTest
  @MethodSource("sklearn")
  void cumulativeStatisticsAreThoseOfScikitLearn(JsonNode golden) {
    Trainer trainer =
        new Trainer(
            running(Training.Running.Order.AFTER, Training.Running.Per.BATCH),
            CUMULATIVE,
            VarianceEstimator.BIASED,
            Trainer.PLAIN,
            Affine.identity(golden.get("features").asInt()));
    for (JsonNode step : GoldenFile.steps(golden)) {
      trainer.train(GoldenFile.batch(step));
      double[] count = GoldenFile.array(step.get("count"));
      for (int j = 0; j < count.length; j++) {
        within(1e-14, 0).check("count " + j, trainer.statistics().count(j), count[j]);
      }
      within(1e-12, 1e-13).check("mean", trainer.means(), GoldenFile.array(step.get("mean")));
      within(1e-12, 1e-13)
          .check("variance", trainer.variances(), GoldenFile.array(step.get("varBiased")));
    }
    JsonNode inference = golden.get("inference");
    within(1e-11, 1e-12)
        .check(
            "y", trainer.infer(GoldenFile.batch(inference)), GoldenFile.array(inference.get("y")));
  }

  /// Source: numpy, the published update rules. The file keeps each framework's own direction of
  /// momentum, Keras' being the weight of the old average.
  @ParameterizedTest
  @MethodSource("exponential")
  void exponentialAveragesFollowTheFrameworks(JsonNode golden) {
    boolean keras = golden.get("convention").asString().equals("keras");
    double momentum = golden.get("momentum").asDouble();
    Trainer trainer =
        new Trainer(
            new Training.Batch(),
            average(keras ? 1 - momentum : momentum),
            keras ? VarianceEstimator.BIASED : VarianceEstimator.UNBIASED,
            Trainer.rules(golden.get("epsilon").asDouble(), ConstantFeature.EPSILON),
            Affine.identity(golden.get("features").asInt()));
    checkForward(golden, trainer, within(1e-13, 1e-14), within(1e-12, 1e-13));
  }

  /// Source: torch.nn.BatchNorm1d, PyTorch 1.13, float64 (momentum null is its `momentum=None`).
  @ParameterizedTest
  @MethodSource("pytorch")
  void forwardPassIsThatOfPyTorch(JsonNode golden) {
    JsonNode momentum = golden.get("momentum");
    JsonNode gamma = golden.get("gamma");
    Trainer trainer =
        new Trainer(
            new Training.Batch(),
            momentum.isNull() ? new Averaging.CumulativeBatches() : average(momentum.asDouble()),
            VarianceEstimator.UNBIASED,
            Trainer.rules(golden.get("epsilon").asDouble(), ConstantFeature.EPSILON),
            gamma.isNull()
                ? Affine.identity(golden.get("features").asInt())
                : Affine.of(GoldenFile.array(gamma), GoldenFile.array(golden.get("beta"))));
    // PyTorch's own rounding at large offsets is what the tolerance allows for
    checkForward(golden, trainer, within(1e-10, 1e-10), within(1e-8, 1e-8));
  }

  private static void checkForward(
      JsonNode golden, Trainer trainer, Closeness statistics, Closeness rows) {
    for (JsonNode step : GoldenFile.steps(golden)) {
      double[] y = trainer.train(GoldenFile.batch(step));
      rows.check("y", y, GoldenFile.array(step.get("y")));
      statistics.check("mean", trainer.means(), GoldenFile.array(step.get("runningMean")));
      statistics.check("variance", trainer.variances(), GoldenFile.array(step.get("runningVar")));
    }
    JsonNode inference = golden.get("inference");
    double[] y = trainer.infer(GoldenFile.batch(inference));
    rows.check("inference", y, GoldenFile.array(inference.get("y")));
  }

  static Stream<Named<JsonNode>> windows() {
    return GoldenFile.cases("window.json");
  }

  static Stream<Named<JsonNode>> renormalization() {
    return GoldenFile.cases("batch-renormalization.json");
  }

  /// Source: numpy over the pooled rows of the window, the present batch included.
  @ParameterizedTest
  @MethodSource("windows")
  void windowsPoolTheRowsOfTheirBatches(JsonNode golden) {
    int batches = golden.get("k").asInt();
    WindowKind kind =
        golden.get("kind").asString().equals("sliding") ? WindowKind.SLIDING : WindowKind.TUMBLING;
    Trainer trainer =
        new Trainer(
            new Training.Window(batches, kind),
            new Averaging.Window(batches, kind),
            VarianceEstimator.BIASED,
            Trainer.rules(golden.get("epsilon").asDouble(), ConstantFeature.ONE),
            Affine.identity(golden.get("features").asInt()));
    for (JsonNode step : GoldenFile.steps(golden)) {
      double[] y = trainer.train(GoldenFile.batch(step));
      within(1e-12, 1e-12).check("y", y, GoldenFile.array(step.get("y")));
      within(1e-13, 1e-14).check("mean", trainer.means(), GoldenFile.array(step.get("mean")));
      within(1e-12, 1e-13)
          .check("variance", trainer.variances(), GoldenFile.array(step.get("varBiased")));
    }
  }

  /// Source: numpy, algorithm 1 of arXiv:1702.03275.
  @ParameterizedTest
  @MethodSource("renormalization")
  void batchRenormalizationFollowsItsPaper(JsonNode golden) {
    double epsilon = golden.get("epsilon").asDouble();
    Trainer trainer =
        new Trainer(
            new Training.Renormalization(
                golden.get("rMax").asDouble(), golden.get("dMax").asDouble()),
            average(golden.get("momentum").asDouble()),
            VarianceEstimator.UNBIASED,
            Trainer.rules(epsilon, ConstantFeature.EPSILON),
            Affine.identity(golden.get("features").asInt()));
    for (JsonNode step : GoldenFile.steps(golden)) {
      double[] y = trainer.train(GoldenFile.batch(step));
      within(1e-12, 1e-12).check("y", y, GoldenFile.array(step.get("y")));
      double[] mean = GoldenFile.array(step.get("runningMean"));
      within(1e-13, 1e-14).check("mean", trainer.means(), mean);
      double[] deviation = GoldenFile.array(step.get("runningStd"));
      double[] variance = Arrays.stream(deviation).map(s -> Math.max(s * s - epsilon, 0)).toArray();
      within(1e-12, 1e-13).check("variance", trainer.variances(), variance);
    }
  }

  /// Source: numpy, and for the presets the peers' published definitions.
  @ParameterizedTest
  @MethodSource("running")
  void runningStatisticsNormaliseBeforeOrAfterTheyMove(JsonNode golden) {
    Trainer trainer = defined(golden.get("definition"));
    for (JsonNode step : GoldenFile.steps(golden)) {
      double[] y = trainer.train(GoldenFile.batch(step));
      within(1e-13, 1e-13).check("y", y, GoldenFile.array(step.get("y")));
    }
    JsonNode inference = golden.get("inference");
    double[] y = trainer.infer(GoldenFile.batch(inference));
    within(1e-13, 1e-13).check("inference", y, GoldenFile.array(inference.get("y")));
  }

  private static Trainer defined(JsonNode definition) {
    Affine affine = Affine.identity(definition.get("featureCount").asInt());
    Training after = running(Training.Running.Order.AFTER, Training.Running.Per.BATCH);
    VarianceEstimator biased = VarianceEstimator.BIASED;
    if (!definition.has("preset")) {
      JsonNode training = definition.get("training");
      Training asSaid =
          running(
              training.get("order").asString().equals("before")
                  ? Training.Running.Order.BEFORE
                  : Training.Running.Order.AFTER,
              training.get("per").asString().equals("row")
                  ? Training.Running.Per.ROW
                  : Training.Running.Per.BATCH);
      return new Trainer(asSaid, CUMULATIVE, biased, Trainer.PLAIN, affine);
    }
    return switch (definition.get("preset").asString()) {
      case "scikit-learn" -> new Trainer(after, CUMULATIVE, biased, Trainer.PLAIN, affine);
      case "river" ->
          new Trainer(
              running(Training.Running.Order.AFTER, Training.Running.Per.ROW),
              CUMULATIVE,
              biased,
              Trainer.rules(0, ConstantFeature.ZERO),
              affine);
      case "flink" ->
          new Trainer(
              after,
              CUMULATIVE,
              VarianceEstimator.UNBIASED,
              new NormalizationRules(
                  false,
                  true,
                  0,
                  ConstantFeature.ZERO,
                  MissingValues.REJECT,
                  OptionalDouble.empty(),
                  Activation.NONE),
              affine);
      case "stable-baselines3" ->
          new Trainer(
              after,
              new Averaging.Cumulative(Optional.of(new Averaging.Prior(1e-4, 0, 1))),
              biased,
              new NormalizationRules(
                  true,
                  true,
                  1e-8,
                  ConstantFeature.EPSILON,
                  MissingValues.REJECT,
                  OptionalDouble.of(10),
                  Activation.NONE),
              affine);
      default -> throw new IllegalArgumentException(definition.toString());
    };
  }

  private static Training running(Training.Running.Order order, Training.Running.Per per) {
    return new Training.Running(order, per);
  }

  private static Averaging average(double momentum) {
    return new Averaging.Exponential(
        momentum, Averaging.Exponential.VarianceKind.WITHIN, Averaging.Exponential.Start.ZERO_ONE);
  }
}
