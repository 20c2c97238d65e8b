package io.evenkeel.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.Normalizer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/// The exported models, run by ONNX Runtime 1.29.0, against the service's own inference.
@ServiceUnderTest
class OnnxModelTest {
  private static final double[] MEANS = {1.7e9, 1e6, 0, -5, 1e-3, 7};
  private static final double[] DEVIATIONS = {3600, 0.37, 1, 2, 1e-4, 0};
  private static final String AFFINE =
      ", \"affine\": {\"gamma\": [2, 1, -0.5, 0.1, 3, 7], \"beta\": [0, 1, 2, -3, 1e-3, 0.7]}";

  @Autowired private JsonMapper json;

  private static double[] run(byte[] model, double[] rows, int features, Precision precision)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {rows.length / features, features};
    try (OrtSession session = environment.createSession(model);
        OnnxTensor x =
            precision == Precision.FLOAT32
                ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats(rows)), shape)
                : OnnxTensor.createTensor(environment, DoubleBuffer.wrap(rows), shape);
        OrtSession.Result result = session.run(Map.of("x", x))) {
      OnnxTensor y = (OnnxTensor) result.get("y").orElseThrow();
      assertThat(y.getInfo().getShape()).isEqualTo(shape);
      double[] values = new double[rows.length];
      if (precision == Precision.FLOAT32) {
        FloatBuffer floats = y.getFloatBuffer();
        Arrays.setAll(values, floats::get);
      } else {
        y.getDoubleBuffer().get(values);
      }
      return values;
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static String form(byte[] model) throws OrtException {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
      return session.getMetadata().getCustomMetadata().get("evenkeel.form");
    }
  }

  /// What is wrong, in units of the output's scale: the largest of |γ|, |β| and |y|.
  private static double worst(Normalizer normalizer, double[] x, double[] want, double[] got) {
    int features = normalizer.definition().features().size();
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      int j = i % features;
      if (Double.isNaN(want[i]) || Double.isNaN(got[i])) {
        assertThat(new double[] {got[i]}).as("value %s, x = %s", i, x[i]).containsExactly(want[i]);
        continue;
      }
      double gamma = Math.abs(normalizer.affine().gamma(j));
      double beta = Math.abs(normalizer.affine().beta(j));
      double scale = Math.max(Math.max(gamma, beta), Math.abs(want[i]));
      worst = Math.max(worst, Math.abs(got[i] - want[i]) / scale);
    }
    return worst;
  }

  private void infersAsTheService(
      Normalizer normalizer, double[] rows, Precision precision, double bound) throws OrtException {
    double[] x = Arrays.stream(rows).map(precision::round).toArray();
    byte[] model = OnnxModel.write(Layer.of(normalizer), precision, json);
    double[] got = run(model, x, normalizer.definition().features().size(), precision);
    assertThat(worst(normalizer, x, Trained.inferred(normalizer, x), got)).isLessThan(bound);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"preset\": \"evenkeel\"",
        "\"preset\": \"keras\"",
        "\"preset\": \"scikit-learn\"",
        "\"preset\": \"flink\"",
        "\"preset\": \"stable-baselines3\"",
        "\"center\": false",
        "\"scale\": false",
        "\"center\": false, \"scale\": false",
        "\"constantFeature\": \"zero\"",
        "\"clip\": 0.8",
        "\"activation\": \"relu\"",
        "\"activation\": \"sigmoid\"",
        "\"activation\": \"tanh\", \"clip\": 2",
        "\"missing\": \"impute\"",
        "\"missing\": \"impute\", \"clip\": 1.5, \"activation\": \"relu\""
      })
  void aModelInfersAsTheService(String members) throws OrtException {
    for (String affine : List.of("", AFFINE)) {
      Trained trained = new Trained(json, 11);
      Normalizer normalizer =
          trained.of("{\"featureCount\": 6, " + members + affine + "}", MEANS, DEVIATIONS);
      double[] rows = trained.rows(500, MEANS, DEVIATIONS);
      rows[7] = Double.NaN;
      rows[2_999] = Double.NaN;
      infersAsTheService(normalizer, rows, Precision.FLOAT32, 1e-6);
      infersAsTheService(normalizer, rows, Precision.FLOAT64, 1e-12);
    }
  }

  /// In float32 the values are 128 apart at 1.7e9, and 1/16 at 1e6.
  @ParameterizedTest
  @CsvSource({"1.7e9, 3600", "1e6, 0.37", "-1e6, 0.37", "3e7, 40", "1, 1e-3", "0, 1", "0.9, 1"})
  void float32KeepsWhatTheInputHas(double mean, double deviation) throws OrtException {
    for (long seed = 0; seed < 10; seed++) {
      Trained trained = new Trained(json, seed);
      double[] means = {mean};
      double[] deviations = {deviation};
      Normalizer normalizer = trained.of("{\"featureCount\": 1}", means, deviations);
      double[] rows = trained.rows(5_000, means, deviations);
      infersAsTheService(normalizer, rows, Precision.FLOAT32, 1e-6);
      infersAsTheService(normalizer, rows, Precision.FLOAT64, 1e-12);
    }
  }

  @Test
  void theFormIsBatchNormalizationWhereThatLosesNothing() throws OrtException {
    Trained trained = new Trained(json, 12);
    double[] means = {0.1, -0.5};
    double[] deviations = {1, 3};
    String definition = "{\"featureCount\": 2, \"preset\": \"pytorch\"";
    Normalizer centred = trained.of(definition + "}", means, deviations);
    byte[] model = OnnxModel.write(Layer.of(centred), Precision.FLOAT32, json);
    assertThat(form(model)).isEqualTo("batch-normalization");
    double[] rows = trained.rows(1_000, means, deviations);
    rows[5] = Double.NaN;
    infersAsTheService(centred, rows, Precision.FLOAT32, 1e-6);
    infersAsTheService(centred, rows, Precision.FLOAT64, 1e-12);
    Normalizer activated =
        trained.of(definition + ", \"activation\": \"relu\"}", means, deviations);
    infersAsTheService(activated, rows, Precision.FLOAT32, 1e-6);
    Normalizer shifted = trained.of(definition + "}", new double[] {9, 0}, deviations);
    assertThat(form(OnnxModel.write(Layer.of(shifted), Precision.FLOAT32, json)))
        .isEqualTo("subtract-scale-shift");
  }

  @Test
  void aModelSaysWhoseItIs() throws OrtException {
    Normalizer normalizer = new Trained(json, 13).of("{\"featureCount\": 6}", MEANS, DEVIATIONS);
    byte[] model = OnnxModel.write(Layer.of(normalizer), Precision.FLOAT32, json);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
      assertThat(session.getMetadata().getProducerName()).isEqualTo("evenkeel");
      assertThat(session.getMetadata().getCustomMetadata())
          .containsEntry("evenkeel.normalizer", "layer")
          .containsEntry("evenkeel.version", "8")
          .containsEntry("evenkeel.features", "[\"f0\",\"f1\",\"f2\",\"f3\",\"f4\",\"f5\"]");
      assertThat(session.getInputNames()).containsExactly("x");
      assertThat(session.getOutputNames()).containsExactly("y");
    }
  }

  /// Bounds that float32 does not have: 0.1, and one of 1e6 + 0.3 between two of its numbers.
  @ParameterizedTest
  @CsvSource({"clip, ignore", "missing, ignore", "missing, impute", "clip, impute"})
  void rangesHoldInTheModel(String onOutOfRange, String missing) throws OrtException {
    String range = ", \"onOutOfRange\": \"" + onOutOfRange + "\"}";
    String definition =
        "{\"missing\": \""
            + missing
            + "\", \"features\": ["
            + "{\"name\": \"a\", \"min\": 999999.3, \"max\": 1000000.3"
            + range
            + ", {\"name\": \"b\", \"max\": 0.1"
            + range
            + ", {\"name\": \"c\", \"min\": 2, \"max\": 1e300, \"onOutOfRange\": \"reject\"}]}";
    double[] means = {1e6, 0, 5};
    double[] deviations = {0.37, 1, 1e-3};
    Trained trained = new Trained(json, 14);
    Normalizer normalizer = trained.of(definition, means, deviations);
    double[] rows = trained.rows(1_000, means, deviations);
    System.arraycopy(new double[] {1e6 + 0.25, 0.1f, 5, 1e6 + 0.3125, 0.2, 5}, 0, rows, 0, 6);
    for (Precision precision : Precision.values()) {
      double[] x = Arrays.stream(rows).map(precision::round).toArray();
      byte[] model = OnnxModel.write(Layer.of(normalizer), precision, json);
      double[] want = Trained.inferred(normalizer, admitted(normalizer, x));
      double[] got = run(model, x, 3, precision);
      assertThat(worst(normalizer, x, want, got))
          .isLessThan(precision == Precision.FLOAT32 ? 1e-6 : 1e-12);
    }
  }

  /// What validation makes of the values before they are normalised.
  private static double[] admitted(Normalizer normalizer, double[] x) {
    double[] admitted = x.clone();
    for (int i = 0; i < x.length; i++) {
      var feature = normalizer.definition().features().get(i % 3);
      double within = Math.max(feature.min(), Math.min(feature.max(), x[i]));
      if (within != x[i]) {
        admitted[i] =
            switch (feature.onOutOfRange()) {
              case CLIP -> within;
              case MISSING -> Double.NaN;
              case REJECT -> x[i];
            };
      }
    }
    return admitted;
  }

  @Test
  void whatFloat32CannotHoldIsRefused() {
    Trained trained = new Trained(json, 15);
    Normalizer large =
        trained.of("{\"featureCount\": 1}", new double[] {1e60}, new double[] {1e50});
    assertThatThrownBy(() -> OnnxModel.write(Layer.of(large), Precision.FLOAT32, json))
        .isInstanceOf(UnsupportedOperation.class)
        .hasMessageStartingWith("mean of 'f0' is 1")
        .hasMessageEndingWith("; float32 cannot hold it, but dtype=float64 can.");
    Normalizer small = trained.of("{\"featureCount\": 1}", new double[] {0}, new double[] {1e-60});
    assertThatThrownBy(() -> OnnxModel.write(Layer.of(small), Precision.FLOAT32, json))
        .isInstanceOf(UnsupportedOperation.class)
        .hasMessageStartingWith("deviation of 'f0' is ");
  }
}
