package io.evenkeel.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.definition.Preset;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/// What is exported and imported again infers to the same bits. Only the sign of a zero may differ,
/// where a constant feature is normalised to 0.
@ServiceUnderTest
class RoundTripTest {
  private static final double[] MEANS = {1e9, 3, -1.7e9, 1e-3, 0, 1e6};
  private static final double[] DEVIATIONS = {1, 0, 3600, 1e-4, 1, 0.37};
  private static final String AFFINE =
      ", \"affine\": {\"gamma\": [2, 1, -0.5, 0.1, 3, 7], \"beta\": [0, 1, 2, -3, 1e-3, 0.7]}";

  @Autowired private JsonMapper json;

  /// Definitions that every framework's batch normalisation can express.
  static Stream<String> definitions() {
    return Stream.of(
            "\"preset\": \"evenkeel\"",
            "\"preset\": \"pytorch\"",
            "\"preset\": \"pytorch-cumulative\"",
            "\"preset\": \"keras\"",
            "\"preset\": \"onnx\"",
            "\"preset\": \"scikit-learn\"",
            "\"preset\": \"river\"",
            "\"preset\": \"flink\", \"constantFeature\": \"one\"",
            "\"preset\": \"stable-baselines3\", \"clip\": null",
            "\"center\": false",
            "\"scale\": false",
            "\"center\": false, \"scale\": false",
            "\"epsilon\": 1e-3",
            "\"epsilon\": 0.3",
            "\"epsilon\": 2",
            "\"constantFeature\": \"zero\"",
            "\"constantFeature\": \"zero\", \"epsilon\": 0.7, \"scale\": false",
            "\"averaging\": {\"type\": \"decaying\", \"halfLifeRows\": 20}",
            "\"averaging\": {\"type\": \"window\", \"batches\": 3}",
            "\"training\": {\"type\": \"renormalization\", \"rMax\": 3, \"dMax\": 5},"
                + " \"preset\": \"pytorch\"",
            "\"averaging\": {\"type\": \"exponential\"}")
        .flatMap(definition -> Stream.of(definition, definition + AFFINE));
  }

  static Stream<Arguments> roundTrips() {
    return definitions()
        .flatMap(definition ->
            Arrays.stream(ImportFormat.values())
                .filter(format ->
                    format != ImportFormat.SCIKIT_LEARN
                        || !definition.contains("affine")
                            && !definition.contains("zero")
                            && !definition.contains("river"))
                .map(format -> Arguments.of(format, definition)));
  }

  private static String definition(String members) {
    return "{\"featureCount\": 6, " + members + "}";
  }

  private byte[] exported(ImportFormat format, Normalizer normalizer) {
    return ExportFormat.valueOf(format.name()).write(Layer.of(normalizer), Precision.FLOAT64, json);
  }

  @ParameterizedTest
  @MethodSource("roundTrips")
  void whatComesBackInfersToTheSameBits(ImportFormat format, String members) {
    for (long seed = 0; seed < 20; seed++) {
      Trained trained = new Trained(json, seed);
      Normalizer normalizer = trained.of(definition(members), MEANS, DEVIATIONS);
      Normalizer back = Trained.imported(format.read(exported(format, normalizer), json));
      double[] rows = trained.rows(50, MEANS, DEVIATIONS);
      assertThat(plusZero(Trained.inferred(back, rows)))
          .as("seed %s", seed)
          .isEqualTo(plusZero(Trained.inferred(normalizer, rows)));
    }
  }

  /// −0 becomes 0.
  private static double[] plusZero(double[] values) {
    return Arrays.stream(values).map(value -> value + 0.0).toArray();
  }

  @ParameterizedTest
  @EnumSource(ImportFormat.class)
  void namesOfFeaturesComeBack(ImportFormat format) {
    String features = "{\"features\": [{\"name\": \"a \\\"b\\\" é\"}, {\"name\": \"c/d~e\"}]}";
    Normalizer normalizer =
        new Trained(json, 1).of(features, new double[] {1, 2}, new double[] {3, 4});
    assertThat(format.read(exported(format, normalizer), json).definition().features())
        .isEqualTo(normalizer.definition().features());
  }

  @ParameterizedTest
  @EnumSource(ImportFormat.class)
  void aNormalizerOfTheFrameworksOwnPresetComesBackAsIs(ImportFormat format) {
    String preset =
        switch (format) {
          case SAFETENSORS, PYTORCH -> "pytorch";
          case KERAS -> "keras";
          case SCIKIT_LEARN -> "scikit-learn";
        };
    Normalizer normalizer =
        new Trained(json, 2).of(definition("\"preset\": \"" + preset + "\""), MEANS, DEVIATIONS);
    Normalizer back = Trained.imported(format.read(exported(format, normalizer), json));
    assertThat(back.definition()).isEqualTo(normalizer.definition());
    if (format == ImportFormat.SCIKIT_LEARN) {
      assertThat(back.rows()).isEqualTo(normalizer.rows());
    } else {
      assertThat(back.batches()).isEqualTo(format == ImportFormat.KERAS ? 0 : 7);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ImportFormat.class,
      names = {"SAFETENSORS", "PYTORCH"})
  void aCumulativePytorchLayerComesBackWithItsBatches(ImportFormat format) {
    Normalizer normalizer =
        new Trained(json, 3)
            .of(definition("\"preset\": \"pytorch-cumulative\""), MEANS, DEVIATIONS);
    Normalizer back = Trained.imported(format.read(exported(format, normalizer), json));
    assertThat(back.definition()).isEqualTo(normalizer.definition());
    assertThat(back.definition().preset()).isEqualTo(Preset.PYTORCH_CUMULATIVE);
    assertThat(back.batches()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(ImportFormat.class)
  void aNormalizerThatHasSeenNothingComesBackToo(ImportFormat format) {
    String preset = format == ImportFormat.SCIKIT_LEARN ? "scikit-learn" : "pytorch";
    Normalizer normalizer =
        new Trained(json, 4).untrained(definition("\"preset\": \"" + preset + "\""));
    Normalizer back = Trained.imported(format.read(exported(format, normalizer), json));
    double[] rows = {1, 2, 3, -4, 5, 6};
    assertThat(Trained.inferred(back, rows)).isEqualTo(Trained.inferred(normalizer, rows));
    assertThat(back.rows()).isZero();
    assertThat(back.batches()).isZero();
  }

  @Test
  void whatScikitLearnCannotComputeIsRefused() {
    Trained trained = new Trained(json, 5);
    assertThatThrownBy(() ->
            exported(
                ImportFormat.SCIKIT_LEARN,
                trained.of(definition("\"constantFeature\": \"zero\""), MEANS, DEVIATIONS)))
        .isInstanceOf(UnsupportedOperation.class)
        .hasMessage(
            "'constantFeature' is 'zero' and 'f1' is constant; scikit-learn divides it by 1"
                + " instead.");
    assertThatThrownBy(() ->
            exported(
                ImportFormat.SCIKIT_LEARN,
                trained.untrained(definition("\"preset\": \"pytorch\""))))
        .isInstanceOf(UnsupportedOperation.class)
        .hasMessage("'f0' has no value yet; in scikit-learn its mean would be 0 and its scale 1.");
  }

  /// In float32 every number is rounded, and nothing else happens.
  @Test
  void safetensorsInFloat32AreRounded() {
    Trained trained = new Trained(json, 6);
    double[] means = {10, -3};
    double[] deviations = {2, 1};
    Normalizer normalizer =
        trained.of("{\"preset\": \"pytorch\", \"featureCount\": 2}", means, deviations);
    byte[] file = ExportFormat.SAFETENSORS.write(Layer.of(normalizer), Precision.FLOAT32, json);
    Normalizer back = Trained.imported(ImportFormat.SAFETENSORS.read(file, json));
    var before = normalizer.running().meanAndVariance();
    var after = back.running().meanAndVariance();
    for (int j = 0; j < 2; j++) {
      assertThat(after.mean(j)).isEqualTo((float) before.mean(j));
      assertThat(after.meanLow(j)).isZero();
      assertThat(after.variance(j)).isEqualTo((float) before.variance(j));
    }
    assertThat(back.definition().rules().epsilon()).isEqualTo(1e-5);
  }
}
