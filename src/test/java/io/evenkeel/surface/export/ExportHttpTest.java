package io.evenkeel.surface.export;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Export and import as the HTTP contract has them: statuses, headers, problems.
@ServiceUnderTest
class ExportHttpTest {
  private static final String PYTORCH =
      "{\"running_mean\": [5, 100], \"running_var\": [4, 25], \"num_batches_tracked\": 5}";
  private static final String TWO = "{\"preset\": \"pytorch\", \"featureCount\": 2}";

  @Autowired private WebTestClient client;

  private Exchange export(String name, String query) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/export" + query).send();
  }

  private Exchange.Request importTo(String name, String format) {
    return Exchange.to(client, "POST", NORMALIZERS + name + "/import?format=" + format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"folded", "scikit-learn", "pytorch", "keras"})
  void aJsonFormIsAnsweredWithTheTagsOfTheState(String format) {
    String name = untrained(client, "{\"featureCount\": 2}");
    Exchange shown = Exchange.to(client, "GET", NORMALIZERS + name).send();
    Exchange exported = export(name, "?format=" + format);
    assertThat(exported.status()).isEqualTo(200);
    assertThat(exported.header("Content-Type")).isEqualTo("application/json");
    assertThat(exported.header("Content-Disposition")).isNull();
    assertThat(exported.header("ETag")).isEqualTo(shown.header("ETag"));
    assertThat(exported.header("Normalizer-Version")).isEqualTo("1");
    assertThat(exported.json().isObject()).isTrue();
    Exchange known =
        Exchange.to(client, "GET", NORMALIZERS + name + "/export?format=" + format)
            .with("If-None-Match", shown.header("ETag"))
            .send();
    assertThat(known.status()).isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource({
    "onnx, .onnx",
    "safetensors, .safetensors",
    "onnx&dtype=float64, .onnx",
    "onnx&dtype=float32, .onnx",
    "safetensors&dtype=float64, .safetensors",
    "safetensors&dtype=float32, .safetensors"
  })
  void aFileIsAnsweredWithItsName(String format, String extension) {
    String name = created(client, TWO);
    Exchange exported = export(name, "?format=" + format);
    assertThat(exported.status()).isEqualTo(200);
    assertThat(exported.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(exported.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + name + extension + "\"");
    assertThat(exported.header("ETag")).matches("\"[^\"]+\"");
    assertThat(exported.bytes()).isNotEmpty();
  }

  @Test
  void theUsualTypeOfNumbersIsThatOfTheForm() {
    String name = created(client, TWO);
    assertThat(export(name, "?format=onnx").bytes())
        .isEqualTo(export(name, "?format=onnx&dtype=float32").bytes());
    assertThat(export(name, "?format=safetensors").bytes())
        .isEqualTo(export(name, "?format=safetensors&dtype=float64").bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?format=",
        "?format=tflite",
        "?format=ONNX",
        "?format=onnx&format=onnx",
        "?format=onnx&dtype=float16",
        "?format=onnx&dtype=",
        "?format=folded&dtype=float64",
        "?format=folded&precision=9"
      })
  void aQueryThatIsNoneIsABadParameter(String query) {
    String name = created(client, TWO);
    assertThat(export(name, query).problem()).isEqualTo("400 bad-parameter");
  }

  @Test
  void whatCannotBeExportedIsTold() {
    assertThat(export("no-such", "?format=onnx").problem()).isEqualTo("404 unknown-normalizer");
    String name = untrained(client, "{\"featureCount\": 1, \"clip\": 3}");
    Exchange refused = export(name, "?format=pytorch");
    assertThat(refused.problem()).isEqualTo("422 unsupported-operation");
    assertThat(refused.at("/detail"))
        .isEqualTo("'clip' is 3; pytorch cannot limit normalised values.");
    assertThat(export(name, "?format=onnx").status()).isEqualTo(200);
  }

  @Test
  void aSnapshotIsExportedAsItWasTaken() {
    String name = created(client, TWO);
    Exchange.to(client, "POST", ADMIN + name + "/snapshots").body("{\"label\": \"old\"}").send();
    Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .body("{\"rows\": [[1, 2], [3, 5]]}")
        .send();
    Exchange old = export(name, "?format=pytorch&snapshot=old");
    assertThat(old.header("Normalizer-Version")).isEqualTo("1");
    assertThat(old.header("ETag")).isNull();
    assertThat(old.at("/running_mean")).isEqualTo("[0.0,0.0]");
    assertThat(old.at("/num_batches_tracked")).isEqualTo("0");
    Exchange live = export(name, "?format=pytorch&snapshot=live");
    assertThat(live.header("Normalizer-Version")).isEqualTo("2");
    assertThat(live.text()).isEqualTo(export(name, "?format=pytorch").text());
    assertThat(live.at("/num_batches_tracked")).isEqualTo("1");
    assertThat(export(name, "?format=pytorch&snapshot=none").problem())
        .isEqualTo("404 unknown-snapshot");
  }

  @Test
  void anImportMakesANormalizer() {
    Exchange made = importTo("imported-1", "pytorch").body(PYTORCH).send();
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).isEqualTo("/api/v1/normalizers/imported-1");
    assertThat(made.header("ETag")).matches("\"[^\"]+\"");
    assertThat(made.header("Normalizer-Version")).isEqualTo("1");
    assertThat(made.at("/definition/preset")).isEqualTo("pytorch");
    assertThat(made.at("/batches")).isEqualTo("5");
    assertThat(Exchange.to(client, "GET", NORMALIZERS + "imported-1").send().text())
        .isEqualTo(made.text());
    Exchange statistics = Exchange.to(client, "GET", NORMALIZERS + "imported-1/statistics").send();
    assertThat(statistics.at("/mean")).isEqualTo("[5.0,100.0]");
    assertThat(statistics.at("/variance")).isEqualTo("[4.0,25.0]");
    assertThat(statistics.at("/min")).isEqualTo("[null,null]");
    assertThat(
            Exchange.to(client, "PUT", NORMALIZERS + "imported-1")
                .body(made.at("/definition"))
                .send()
                .status())
        .isEqualTo(200);
    assertThat(importTo("imported-1", "pytorch").body(PYTORCH).send().problem())
        .isEqualTo("409 definition-conflict");
  }

  /// The resolved definition can be given again also where the framework's epsilon is 0.
  @Test
  void anImportWithoutEpsilonIsADefinitionThatCanBeGivenAgain() {
    Exchange made =
        importTo("imported-2", "pytorch").body(PYTORCH.replace("{", "{\"eps\": 0, ")).send();
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/definition/constantFeature")).isEqualTo("one");
    assertThat(
            Exchange.to(client, "PUT", NORMALIZERS + "imported-2")
                .body(made.at("/definition"))
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void aFileGoesOutAndComesIn() {
    String name = created(client, TWO);
    Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .body("{\"rows\": [[1, 1e9], [3, 1000000002]]}")
        .send();
    byte[] file = export(name, "?format=safetensors").bytes();
    Exchange made =
        importTo("imported-3", "safetensors").as("application/octet-stream").body(file).send();
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/batches")).isEqualTo("1");
    String rows = "{\"rows\": [[0.1, 0.2], [2, 1000000007]]}";
    assertThat(infer("imported-3", rows).at("/rows")).isEqualTo(infer(name, rows).at("/rows"));
  }

  private Exchange infer(String name, String rows) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize").body(rows).send();
  }

  @Test
  void aKeyMakesANormalizerOnce() {
    Exchange first =
        importTo("imported-4", "pytorch").with("Idempotency-Key", "k").body(PYTORCH).send();
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Idempotency-Replayed")).isNull();
    Exchange again =
        importTo("imported-4", "pytorch").with("Idempotency-Key", "k").body(PYTORCH).send();
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(
            importTo("imported-4", "pytorch")
                .with("Idempotency-Key", "k")
                .body(PYTORCH.replace('5', '6'))
                .send()
                .problem())
        .isEqualTo("422 idempotency-key-reused");
    assertThat(
            importTo("imported-4", "pytorch")
                .with("Idempotency-Key", "other")
                .body(PYTORCH)
                .send()
                .problem())
        .isEqualTo("409 definition-conflict");
    assertThat(
            importTo("imported-5", "pytorch")
                .with("If-Match", first.header("ETag"))
                .body(PYTORCH)
                .send()
                .problem())
        .isEqualTo("412 version-mismatch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pytorch|application/json||400 unreadable-body",
        "pytorch|application/json|null|400 unreadable-body",
        "pytorch|application/json|[]|400 unreadable-body",
        "pytorch|application/json|{|400 unreadable-body",
        "pytorch|application/json|{} {}|400 unreadable-body",
        "pytorch|application/json|{\"running_mean\": 1}|400 unreadable-body",
        "pytorch|application/json|{\"running_mean\": [\"1\"]}|400 unreadable-body",
        "pytorch|application/json|{\"running_mean\": [null]}|400 unreadable-body",
        "pytorch|application/json|{\"running_mean\": [NaN]}|400 unreadable-body",
        "pytorch|application/json|{\"eps\": 1, \"eps\": 1}|400 unreadable-body",
        "pytorch|application/json|{\"epsilon\": 1}|400 unreadable-body",
        "pytorch|application/json|{\"num_batches_tracked\": 1.5}|400 unreadable-body",
        "pytorch|application/json|{\"evenkeel\": {\"mean_low\": []}}|400 unreadable-body",
        "scikit-learn|application/json|{\"n_samples_seen_\": \"1\"}|400 unreadable-body",
        "scikit-learn|application/json|{\"n_samples_seen_\": [[1]]}|400 unreadable-body",
        "scikit-learn|application/json|{\"n_samples_seen_\": {}}|400 unreadable-body",
        "keras|application/json|{\"scale\": 1}|400 unreadable-body",
        "keras|application/json|{}|422 invalid-statistics",
        "safetensors|application/octet-stream||400 unreadable-body",
        "safetensors|application/octet-stream|not a file at all|400 unreadable-body",
        "safetensors|application/json|{}|415 unsupported-media-type",
        "pytorch|application/octet-stream|{}|415 unsupported-media-type",
        "pytorch|text/plain|{}|415 unsupported-media-type",
        "pytorch|nonsense|{}|415 unsupported-media-type",
        "onnx|application/octet-stream|{}|400 bad-parameter",
        "folded|application/json|{}|400 bad-parameter"
      })
  void aWrongBodyIsRefusedAndNothingIsMade(
      String format, String mediaType, String body, String problem) {
    Exchange refused =
        importTo("not-made", format).as(mediaType).body(body == null ? "" : body).send();
    assertThat(refused.problem()).isEqualTo(problem);
    if (refused.status() == 400 && problem.endsWith("body")) {
      assertThat(refused.at("/line")).isNotEqualTo("absent");
    }
    assertThat(Exchange.to(client, "GET", NORMALIZERS + "not-made").send().status()).isEqualTo(404);
  }

  @Test
  void faultsAreToldWhereTheyAre() {
    Exchange refused =
        importTo("not-made", "pytorch")
            .body(
                "{\"running_mean\": [1, 2, 3, 1e999], \"running_var\": [1, 1, -1, 1],"
                    + " \"num_batches_tracked\": 0}")
            .send();
    assertThat(refused.problem()).isEqualTo("422 invalid-statistics");
    assertThat(refused.faults())
        .containsExactly("#/running_mean/3 not-finite", "#/running_var/2 negative");
    assertThat(refused.at("/errorCount")).isEqualTo("2");
    assertThat(refused.at("/errors/1/detail"))
        .isEqualTo("'running_var' has -1 at 2; it must be 0 or greater.");
  }

  /// Text that no UTF-8 can be made of, or that is cut in the middle of a character, is refused
  /// like any other.
  @ParameterizedTest
  @ValueSource(
      strings = {"\\ud800", "a\\udc00b", "012345678901234567890123456789012345678\\ud83d\\ude00"})
  void textOfHalfACharacterIsRefused(String text) {
    for (String entry :
        List.of(
            "\"" + text + "\":{\"dtype\":\"F64\"",
            "\"weight\":{\"dtype\":\"" + text + "\"",
            "\"__metadata__\":{\"evenkeel.features\":\"[\\\""
                + text
                + "\\\"]\"},\"t\":{\"dtype\":\"F64\"")) {
      String header = "{" + entry + ",\"shape\":[0],\"data_offsets\":[0,0]}}";
      byte[] file = new byte[8 + header.length()];
      file[0] = (byte) header.length();
      System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, file, 8, header.length());
      assertThat(
              importTo("not-made", "safetensors")
                  .as("application/octet-stream")
                  .body(file)
                  .send()
                  .problem())
          .isIn("422 invalid-statistics", "400 unreadable-body");
    }
    assertThat(importTo("not-made", "pytorch").body("{\"" + text + "\": 1}").send().problem())
        .isEqualTo("400 unreadable-body");
    String names = "[\"" + text + "\", \"" + text + "\"]";
    assertThat(
            importTo("not-made", "keras")
                .body(
                    "{\"moving_mean\": [1, 1], \"moving_variance\": [1, 1], \"evenkeel\":"
                        + " {\"features\": "
                        + names
                        + "}}")
                .send()
                .problem())
        .isIn("422 invalid-statistics", "400 unreadable-body");
  }

  @Test
  void aBodyAboveTheLimitIsTooLarge() {
    Exchange refused =
        importTo("not-made", "safetensors")
            .as("application/octet-stream")
            .body(new byte[(1 << 20) + 1])
            .send();
    assertThat(refused.problem()).isEqualTo("413 body-too-large");
    assertThat(importTo("not-made", "keras").body(" ".repeat((1 << 20) + 1)).send().problem())
        .isEqualTo("413 body-too-large");
  }

  @Test
  void theOpenApiDocumentKnowsBoth() {
    Exchange api = Exchange.to(client, "GET", "/v3/api-docs").send();
    String paths = "/paths/~1api~1v1~1normalizers~1{name}~1";
    assertThat(api.at(paths + "export/get/summary")).isNotEqualTo("absent");
    assertThat(api.at(paths + "export/get/parameters/1/schema/enum"))
        .isEqualTo("[\"folded\",\"onnx\",\"safetensors\",\"scikit-learn\",\"pytorch\",\"keras\"]");
    assertThat(api.at(paths + "import/post/requestBody/content"))
        .contains("application/json", "application/octet-stream");
  }

  @Test
  void whatServesInferenceIsExportedUnlessTheClientChooses() {
    String name = created(client, "{\"featureCount\": 2}");
    String observe = NORMALIZERS + name + ":observe";
    Exchange.to(client, "POST", observe).body("{\"rows\": [[1, 2], [3, 4]]}").send();
    Exchange.to(client, "POST", "/api/v1/admin/normalizers/" + name + "/snapshots")
        .body("{\"label\": \"kept\"}")
        .send();
    Exchange.to(client, "POST", observe).body("{\"rows\": [[50, 60], [70, 90]]}").send();
    Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
        .body("{\"snapshot\": \"kept\"}")
        .send();
    String export = NORMALIZERS + name + "/export?format=pytorch";
    String served = Exchange.to(client, "GET", export).send().at("/running_mean");
    assertThat(served).isEqualTo("[2.0,3.0]");
    assertThat(Exchange.to(client, "GET", export + "&snapshot=live").send().at("/running_mean"))
        .isEqualTo("[31.0,39.0]");
  }

  /// Nothing has changed after a 4xx, a 406 among them.
  @Test
  void aClientThatCannotReadTheAnswerHasImportedNothing() {
    String name = "import-not-acceptable";
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + name + "/import?format=pytorch")
            .with("Accept", "text/csv")
            .body("{\"running_mean\": [1], \"running_var\": [1], \"num_batches_tracked\": 5}")
            .send();
    assertThat(refused.problem()).isEqualTo("406 not-acceptable");
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name).send().status()).isEqualTo(404);
  }

  /// The texts of its metadata are longer than any document's string may be.
  @Test
  void aFileOfManyFeaturesComesBack() {
    String features =
        IntStream.range(0, 3000)
            .mapToObj(j -> "{\"name\": \"a rather long name of feature " + j + "\"}")
            .collect(Collectors.joining(","));
    String name = untrained(client, "{\"features\": [" + features + "]}");
    byte[] file =
        Exchange.to(client, "GET", NORMALIZERS + name + "/export?format=safetensors")
            .send()
            .bytes();
    Exchange imported =
        Exchange.to(client, "POST", NORMALIZERS + name + "-in/import?format=safetensors")
            .as("application/octet-stream")
            .body(file)
            .send();
    assertThat(imported.status()).isEqualTo(201);
    assertThat(imported.at("/definition/features/2999/name"))
        .isEqualTo("a rather long name of feature 2999");
  }

  /// `vars(scaler)`, `layer.get_config()` and a module's attributes, as people dump them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scikit-learn | {'with_mean': true, 'with_std': true, 'copy': true, 'n_features_in_': 1,"
            + " 'n_samples_seen_': 3, 'mean_': [2.0], 'var_': [-2.7e-46], 'scale_': [1.0]}",
        "pytorch | {'num_features': 1, 'eps': 1e-5, 'momentum': 0.1, 'affine': true,"
            + " 'track_running_stats': true, 'training': false, 'running_mean': [1],"
            + " 'running_var': [2], 'num_batches_tracked': 3}",
        "keras | {'name': 'bn', 'trainable': true, 'dtype': 'float32', 'axis': [1],"
            + " 'momentum': 0.99, 'epsilon': 0.001, 'center': true, 'scale': true,"
            + " 'beta_initializer': {}, 'gamma': [1], 'beta': [0], 'moving_mean': [0],"
            + " 'moving_variance': [1]}"
      })
  void attributesThatSayNothingOfInferenceArePassedOver(String format, String body) {
    Exchange imported =
        Exchange.to(client, "POST", NORMALIZERS + "dump-" + format + "/import?format=" + format)
            .body(body.replace('\'', '"'))
            .send();
    assertThat(imported.status()).as(imported.text()).isEqualTo(201);
  }

  @Test
  void aFormatMustBeSaid() {
    String name = created(client, TWO);
    Exchange refused = Exchange.to(client, "GET", NORMALIZERS + name + "/export").send();
    assertThat(refused.problem()).isEqualTo("400 bad-parameter");
    assertThat(refused.at("/detail")).contains("format", "required", "safetensors");
  }

  @Test
  void aPrefixChoosesALayerOfSafetensorsAlone() {
    byte[] model = resource("/safetensors/model.safetensors");
    Exchange unchosen =
        importTo("imported-model", "safetensors").as("application/octet-stream").body(model).send();
    assertThat(unchosen.problem()).isEqualTo("422 invalid-statistics");
    assertThat(unchosen.at("/errors/0/detail")).contains("?prefix=bn1.", "?prefix=layer1.0.bn2.");
    Exchange chosen =
        importTo("imported-model", "safetensors&prefix=bn1.")
            .as("application/octet-stream")
            .body(model)
            .send();
    assertThat(chosen.status()).isEqualTo(201);
    assertThat(importTo("imported-x", "pytorch&prefix=bn1.").body(PYTORCH).send().problem())
        .isEqualTo("400 bad-parameter");
  }

  private static byte[] resource(String name) {
    try (InputStream in = ExportHttpTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
