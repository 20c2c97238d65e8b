package io.evenkeel.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.definition.Preset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the forms say, member by member, and what they refuse to say.
@ServiceUnderTest
class FrameworkFormsTest {
  private static final String[] PIECES = {
    "0", "-", "9", "e9", "1e999", ".5", ",", "[", "]", "null", "true", "{}", "[]", "\"a\"",
    "\\u0000"
  };

  @Autowired private JsonMapper json;

  /// Mean 5 and 100, running variance 4 and 25, gamma 2 1, beta 1 0, epsilon 0, 5 batches.
  private Normalizer textbook() {
    return imported(
        ImportFormat.PYTORCH,
        "{'weight': [2, 1], 'bias': [1, 0], 'running_mean': [5, 100], 'running_var': [4, 25],"
            + " 'num_batches_tracked': 5, 'eps': 0, 'momentum': 0.25}");
  }

  private Normalizer imported(ImportFormat format, String body) {
    return Trained.imported(read(format, body));
  }

  private ImportedLayer read(ImportFormat format, String body) {
    return format.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), json);
  }

  private String exported(ExportFormat format, Normalizer normalizer) {
    byte[] bytes = format.write(Layer.of(normalizer), Precision.FLOAT64, json);
    return new String(bytes, StandardCharsets.UTF_8).replace('"', '\'');
  }

  private JsonNode tree(ExportFormat format, Normalizer normalizer) {
    return json.readTree(format.write(Layer.of(normalizer), Precision.FLOAT64, json));
  }

  private List<String> faults(ImportFormat format, String body) {
    try {
      read(format, body);
      return List.of();
    } catch (InvalidInput e) {
      return e.faults().first().stream().map(f -> f.pointer() + " " + f.code()).toList();
    }
  }

  /// By hand: scale 2/2 and 1/5, shift 1 − 5 · 1 and 0 − 100 · 0.2.
  @Test
  void foldedIsOneMultiplicationAndOneAddition() {
    assertThat(exported(ExportFormat.FOLDED, textbook()))
        .isEqualTo("{'scale':[1.0,0.2],'shift':[-4.0,-20.0]}");
  }

  @Test
  void foldedFollowsTheRulesForCentreScaleAndConstants() {
    Trained trained = new Trained(json, 31);
    double[] means = {5, 7};
    double[] deviations = {0, 2};
    String affine = "\"affine\": {\"gamma\": [2, 3], \"beta\": [1, -1]}";
    Normalizer one = trained.of("{\"featureCount\": 2, " + affine + "}", means, deviations);
    assertThat(tree(ExportFormat.FOLDED, one).at("/scale/0").doubleValue()).isEqualTo(2);
    assertThat(tree(ExportFormat.FOLDED, one).at("/shift/0").doubleValue()).isEqualTo(1 - 5 * 2);
    Normalizer zero =
        trained.of(
            "{\"featureCount\": 2, \"constantFeature\": \"zero\", " + affine + "}",
            means,
            deviations);
    assertThat(tree(ExportFormat.FOLDED, zero).at("/scale/0").doubleValue()).isZero();
    assertThat(tree(ExportFormat.FOLDED, zero).at("/shift/0").doubleValue()).isEqualTo(1);
    Normalizer neither =
        trained.of(
            "{\"featureCount\": 2, \"center\": false, \"scale\": false, " + affine + "}",
            means,
            deviations);
    assertThat(exported(ExportFormat.FOLDED, neither))
        .isEqualTo("{'scale':[2.0,3.0],'shift':[1.0,-1.0]}");
  }

  @Test
  void pytorchHasTheAttributesOfBatchNorm1d() {
    assertThat(exported(ExportFormat.PYTORCH, textbook()))
        .isEqualTo(
            "{'num_features':2,'eps':0.0,'momentum':0.25,'weight':[2.0,1.0],'bias':[1.0,0.0],"
                + "'running_mean':[5.0,100.0],'running_var':[4.0,25.0],'num_batches_tracked':5}");
  }

  @Test
  void kerasHasItsOwnDirectionOfMomentum() {
    assertThat(exported(ExportFormat.KERAS, textbook()))
        .isEqualTo(
            "{'momentum':0.75,'epsilon':0.0,'gamma':[2.0,1.0],'beta':[1.0,0.0],"
                + "'moving_mean':[5.0,100.0],'moving_variance':[4.0,25.0]}");
  }

  /// As scikit-learn 1.2.1 shows StandardScaler().fit([[1, 7], [3, 7]]).
  @Test
  void scikitLearnHasTheAttributesOfStandardScaler() {
    Normalizer normalizer =
        imported(
            ImportFormat.SCIKIT_LEARN,
            "{'mean_': [2, 7], 'var_': [1, 0], 'scale_': [1, 1], 'n_samples_seen_': 2,"
                + " 'feature_names_in_': ['a', 'b']}");
    assertThat(exported(ExportFormat.SCIKIT_LEARN, normalizer))
        .isEqualTo(
            "{'with_mean':true,'with_std':true,'n_features_in_':2,'feature_names_in_':['a','b'],"
                + "'n_samples_seen_':2,'mean_':[2.0,7.0],'var_':[1.0,0.0],'scale_':[1.0,1.0]}");
    assertThat(normalizer.rows()).isEqualTo(2);
    assertThat(Trained.inferred(normalizer, new double[] {3, 9})).containsExactly(1, 2);
  }

  /// As scikit-learn 1.2.1 has None.
  @Test
  void scikitLearnLeavesOutWhatItDoesNotUse() {
    Normalizer unscaled =
        imported(
            ImportFormat.SCIKIT_LEARN,
            "{'with_std': false, 'mean_': [2, 7], 'n_samples_seen_': [2, 3]}");
    assertThat(exported(ExportFormat.SCIKIT_LEARN, unscaled))
        .isEqualTo(
            "{'with_mean':true,'with_std':false,'n_features_in_':2,'n_samples_seen_':[2,3],"
                + "'mean_':[2.0,7.0],'var_':null,'scale_':null}");
    Normalizer neither =
        imported(
            ImportFormat.SCIKIT_LEARN,
            "{'with_mean': false, 'with_std': false, 'n_features_in_': 2, 'n_samples_seen_': 4}");
    assertThat(exported(ExportFormat.SCIKIT_LEARN, neither))
        .isEqualTo(
            "{'with_mean':false,'with_std':false,'n_features_in_':2,'n_samples_seen_':4,"
                + "'mean_':null,'var_':null,'scale_':null}");
    assertThat(Trained.inferred(neither, new double[] {3, 9})).containsExactly(3, 9);
  }

  /// scale_ is what scikit-learn divides by, whatever var_ says.
  @Test
  void scikitLearnDividesByItsScale() {
    Normalizer normalizer =
        imported(
            ImportFormat.SCIKIT_LEARN,
            "{'mean_': [0], 'var_': [4], 'scale_': [0.1], 'n_samples_seen_': 7}");
    assertThat(Trained.inferred(normalizer, new double[] {1})).containsExactly(1 / 0.1);
  }

  /// Also where no M2/n has that root: then n gives way by units in its last place.
  @Test
  void scikitLearnDividesByItsScaleToTheLastBit() {
    Random random = new Random(34);
    for (int i = 0; i < 500; i++) {
      double[] scale =
          random.doubles(8, 1, 2).map(s -> s * Math.pow(10, random.nextInt(-9, 9))).toArray();
      int n = random.nextInt(1, 1_000_000);
      Normalizer normalizer =
          imported(
              ImportFormat.SCIKIT_LEARN,
              "{'with_mean': false, 'n_samples_seen_': "
                  + n
                  + ", 'scale_': "
                  + json.writeValueAsString(scale)
                  + "}");
      double[] x = random.doubles(8, -1e6, 1e6).toArray();
      double[] y = Trained.inferred(normalizer, x);
      for (int j = 0; j < 8; j++) {
        assertThat(y[j]).isEqualTo(x[j] / scale[j]);
      }
      assertThat(normalizer.rows()).isEqualTo(n);
      assertThat(tree(ExportFormat.SCIKIT_LEARN, normalizer).get("n_samples_seen_").isInt())
          .isTrue();
    }
  }

  @Test
  void importsAreOfTheFrameworksPreset() {
    String layer = "'running_mean': [1], 'running_var': [4], 'num_batches_tracked': 3";
    assertThat(read(ImportFormat.PYTORCH, "{" + layer + "}").definition().averaging())
        .isEqualTo(Preset.PYTORCH.averaging());
    ImportedLayer cumulative = read(ImportFormat.PYTORCH, "{" + layer + ", 'momentum': null}");
    assertThat(cumulative.definition().preset()).isEqualTo(Preset.PYTORCH_CUMULATIVE);
    assertThat(cumulative.definition().averaging()).isInstanceOf(Averaging.CumulativeBatches.class);
    ImportedLayer keras =
        read(
            ImportFormat.KERAS,
            "{'moving_mean': [1], 'moving_variance': [4], 'momentum': 0.99, 'scale': false}");
    assertThat(keras.definition().averaging()).isEqualTo(Preset.KERAS.averaging());
    assertThat(keras.definition().rules().epsilon()).isEqualTo(1e-3);
    assertThat(keras.definition().affine().isIdentity()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = ExportFormat.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ONNX"})
  void whatAFormCannotSayIsRefused(ExportFormat format) {
    for (String member :
        List.of(
            "\"clip\": 10",
            "\"activation\": \"relu\"",
            "\"missing\": \"impute\"",
            "\"onOutOfRange\": \"clip\"",
            "\"missing\": \"ignore\", \"onOutOfRange\": \"missing\"")) {
      String range = "\"onOutOfRange\": \"reject\"";
      String named = member;
      if (member.contains("onOutOfRange")) {
        range = member.substring(member.indexOf("\"onOutOfRange"));
        named = member.contains("ignore") ? "\"missing\": \"ignore\"" : "\"clip\": null";
      }
      Normalizer normalizer =
          new Trained(json, 32)
              .of(
                  "{\"features\": [{\"name\": \"a\", \"max\": 99, " + range + "}], " + named + "}",
                  new double[] {1},
                  new double[] {1});
      String subject = member.contains("onOutOfRange") ? "onOutOfRange" : named.split("\"")[1];
      assertThatThrownBy(() -> exported(format, normalizer))
          .as(member)
          .isInstanceOf(UnsupportedOperation.class)
          .hasMessageStartingWith("'" + subject + "'");
    }
  }

  @Test
  void scikitLearnHasNeitherGammaNorBeta() {
    assertThatThrownBy(() -> exported(ExportFormat.SCIKIT_LEARN, textbook()))
        .isInstanceOf(UnsupportedOperation.class)
        .hasMessage("Gamma must be 1 and beta 0 for each feature: scikit-learn has neither.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PYTORCH|{}|#/running_mean not-null;#/running_var not-null;#/num_batches_tracked not-null",
        "PYTORCH|{'running_mean':[],'running_var':[],'num_batches_tracked':0}|#/running_mean size",
        "PYTORCH|{'num_features':3,'running_mean':[1,2],'running_var':[1],'weight':[1],'bias':[1,2,3],'num_batches_tracked':-1,'eps':-1,'momentum':0}|#/weight"
            + " size;#/bias size;#/running_var size;#/eps negative;#/num_features"
            + " size;#/num_batches_tracked negative;#/momentum positive",
        "PYTORCH|{'running_mean':[1,1e999],'running_var':[-1,-1e999],'num_batches_tracked':0,'momentum':1.5}|#/running_mean/1"
            + " not-finite;#/running_var/1 not-finite;#/running_var/0 negative;#/running_var/1"
            + " negative;#/momentum decimal-max",
        "PYTORCH|{'running_mean':[1],'running_var':[0],'num_batches_tracked':0,'eps':0}|#/running_var/0"
            + " positive",
        "PYTORCH|{'running_mean':[1],'running_var':[1.7e308],'num_batches_tracked':0,'eps':1.7e308}|#/running_var/0"
            + " overflow",
        "PYTORCH|{'running_mean':[1],'running_var':[1],'num_batches_tracked':0,'evenkeel':{'features':['a','b'],'meanLow':[1]}}|#/evenkeel/features"
            + " size;#/evenkeel/meanLow/0 out-of-range",
        "KERAS|{'moving_mean':[1],'moving_variance':[1],'momentum':1}|#/momentum decimal-max",
        "KERAS|{'moving_mean':[1],'moving_variance':[1],'momentum':-0.1}|#/momentum negative",
        "KERAS|{'moving_mean':[1],'moving_variance':[1],'momentum':-1e999}|#/momentum negative",
        "KERAS|{'moving_mean':[1],'moving_variance':[1],'momentum':1e999}|#/momentum decimal-max",
        "PYTORCH|{'running_mean':[1],'running_var':[1],'num_batches_tracked':9223372036854775807}|#/num_batches_tracked"
            + " out-of-range",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'n_samples_seen_':1e300}|#/n_samples_seen_"
            + " out-of-range",
        "KERAS|{'moving_mean':[1],'moving_variance':[1],'scale':true,'center':false,'beta':[1]}|#/scale"
            + " not-null;#/center null",
        "SCIKIT_LEARN|{}|#/mean_ not-null;#/scale_ not-null;#/n_samples_seen_ not-null",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[0],'n_samples_seen_':3}|#/scale_/0 positive",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'n_samples_seen_':0}|#/n_samples_seen_ positive",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'n_samples_seen_':-1}|#/n_samples_seen_ negative",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'n_samples_seen_':[1,2]}|#/n_samples_seen_ size",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'n_samples_seen_':[1e999]}|#/n_samples_seen_/0"
            + " not-finite",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[1e200],'n_samples_seen_':3}|#/scale_/0 out-of-range",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'n_samples_seen_':3,'n_features_in_':2}|#/n_features_in_"
            + " size",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'with_std':false,'var_':[4],'n_samples_seen_':3}|#/scale_"
            + " null;#/var_ null",
        "SCIKIT_LEARN|{'with_mean':false,'with_std':false,'n_samples_seen_':3}|#/n_features_in_"
            + " not-null",
        "SCIKIT_LEARN|{'with_mean':false,'with_std':false,'n_features_in_':99999999,'n_samples_seen_':3}|#/n_features_in_"
            + " size",
        "SCIKIT_LEARN|{'mean_':[1],'scale_':[2],'n_samples_seen_':3,'feature_names_in_':['']}|#/feature_names_in_/0"
            + " size"
      })
  void whatIsNoLayerIsToldWithAllItsFaults(ImportFormat format, String body, String faults) {
    assertThat(faults(format, body)).containsExactly(faults.split(";"));
  }

  @Test
  void moreFeaturesThanANormalizerCanHaveAreTold() {
    String many = "[" + "1,".repeat(65_536) + "1]";
    assertThat(
            faults(
                ImportFormat.KERAS,
                "{'moving_mean': " + many + ", 'moving_variance': " + many + "}"))
        .containsExactly("#/moving_mean too-many-features");
  }

  /// Whatever is changed in a body, what comes of it is a layer or one of the refusals.
  @ParameterizedTest
  @EnumSource(
      value = ImportFormat.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SAFETENSORS"})
  void aBodyWithSomeCharactersChangedIsALayerOrRefused(ImportFormat format) {
    Normalizer normalizer =
        new Trained(json, 33)
            .of(
                "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
                    + " \"preset\": \"scikit-learn\"}",
                new double[] {1e9, 2},
                new double[] {1, 0});
    byte[] whole =
        ExportFormat.valueOf(format.name()).write(Layer.of(normalizer), Precision.FLOAT64, json);
    Random random = new Random(format.ordinal());
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] body = whole.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        byte[] with = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.US_ASCII);
        int at = random.nextInt(body.length - with.length);
        System.arraycopy(with, 0, body, at, with.length);
      }
      try {
        Trained.imported(format.read(body, json));
      } catch (JacksonException | UnreadableBody | InvalidInput e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(2_000, 4_999);
  }
}
