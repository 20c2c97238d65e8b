package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Inference where features have no value yet: it is refused, or takes mean 0 and variance 1.
@ServiceUnderTest
class UntrainedHttpTest {
  private static final String ONE = "{\"featureCount\": 1}";
  private static final String ROWS = "{\"rows\": [[5]]}";

  @Autowired private WebTestClient client;

  private Exchange post(String path, String type, String body) {
    return Exchange.to(client, "POST", path).as(type).body(body).send();
  }

  private Exchange post(String path, String body) {
    return post(path, "application/json", body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/v1/normalizers/NAME:normalize|application/json|{\"rows\": [[5]]}",
        "/api/v1/normalizers/NAME:normalize|application/json|{\"columns\": {\"f0\": [5]}}",
        "/api/v1/normalizers/NAME:normalize|text/csv|f0,5",
        "/api/v1/normalizers/NAME:normalize|application/x-ndjson|[5]",
        "/api/v1/normalizers/NAME:normalize?batchRows=1|text/csv|f0,5",
        "/api/v1/normalizers/NAME:normalize|application/octet-stream|12345678",
        "/api/v1/normalizers/NAME:denormalize|application/json|{\"rows\": [[5]]}",
        "/api/v1/normalizers/NAME:backward|application/json|{\"rows\": [[5]],"
            + " \"outputGradients\": [[1]]}",
        "/v2/models/NAME/infer|application/json|{\"inputs\": [{\"name\": \"x\", \"shape\": [1, 1],"
            + " \"datatype\": \"FP64\", \"data\": [5]}]}"
      })
  void inferenceByNothingIsRefused(String path, String type, String body) {
    String lines = type.equals("text/csv") ? body.replace(',', '\n') : body;
    String refusing = path.replace("NAME", created(client, ONE));
    Exchange refused = post(refusing, type, lines);
    assertThat(refused.status()).as(refused.text()).isEqualTo(409);
    assertThat(refused.text()).contains("has no statistics yet of 'f0'. Train it first");
    String answering = path.replace("NAME", untrained(client, ONE));
    Exchange answered = post(answering, type, lines);
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"folded", "scikit-learn", "pytorch", "keras", "onnx", "safetensors"})
  void anExportOfNothingIsRefused(String format) {
    String query = "/export?format=" + format;
    String refusing = NORMALIZERS + created(client, ONE) + query;
    assertThat(Exchange.to(client, "GET", refusing).send().problem()).isEqualTo("409 not-trained");
  }

  /// Section 1 of the contract.
  @ParameterizedTest
  @CsvSource({
    "evenkeel, 409",
    "scikit-learn, 409",
    "flink, 409",
    "pytorch, 200",
    "pytorch-cumulative, 200",
    "keras, 200",
    "onnx, 200",
    "river, 200",
    "stable-baselines3, 200"
  })
  void frameworksInferAsTheyDo(String preset, int status) {
    String name = created(client, "{\"preset\": \"" + preset + "\", \"featureCount\": 1}");
    assertThat(post(NORMALIZERS + name + ":normalize", ROWS).status()).isEqualTo(status);
    assertThat(post(NORMALIZERS + name + ":normalize", "{\"rows\": []}").at("/rows"))
        .isEqualTo("[]");
  }

  /// The feature is there, and no value of it has come yet.
  @Test
  void theRefusalNamesTheFeaturesWithoutAValue() {
    String name = created(client, "{\"featureCount\": 6, \"missing\": \"ignore\"}");
    post(NORMALIZERS + name + ":observe", "{\"rows\": [{\"f1\": 1}, {\"f1\": 2}]}");
    Exchange refused = post(NORMALIZERS + name + ":normalize", "{\"rows\": [[1, 1, 1, 1, 1, 1]]}");
    assertThat(refused.problem()).isEqualTo("409 not-trained");
    assertThat(refused.at("/detail"))
        .startsWith(
            "'" + name + "' has no statistics yet of 'f0', 'f2', 'f3' and 2 more. Train it first");
    assertThat(
            Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send().at("/untrained"))
        .isEqualTo("[\"f0\",\"f2\",\"f3\",\"f4\",\"f5\"]");
  }

  /// Exact by hand: mean 2 and unbiased variance 2. An untrained feature that the rows lack does
  /// not come into the answer.
  @Test
  void anInverseNeedsTheStatisticsOfTheFeaturesThatTheRowsHave() {
    String name =
        created(
            client,
            "{\"missing\": \"ignore\", \"epsilon\": 0, \"features\": [{\"name\": \"a\"}, {\"name\":"
                + " \"b\"}, {\"name\": \"c\"}]}");
    String path = NORMALIZERS + name + ":denormalize";
    post(NORMALIZERS + name + ":observe", "{\"rows\": [{\"b\": 1}, {\"b\": 3}]}");
    assertThat(post(path, "{\"rows\": [{\"b\": 0}]}").at("/rows")).isEqualTo("[{\"b\":2.0}]");
    assertThat(post(path, "{\"columns\": {\"b\": [0, 0]}}").status()).isEqualTo(200);
    assertThat(post(path, "text/csv", "b\n0\n").text()).isEqualTo("b\n2.0\n");
    for (String rows : List.of("[{\"b\": 0}, {\"a\": 0}]", "[{\"b\": 0, \"a\": null}]")) {
      Exchange refused = post(path, "{\"rows\": " + rows + "}");
      assertThat(refused.problem()).isEqualTo("409 not-trained");
      assertThat(refused.at("/detail"))
          .startsWith("'" + name + "' has no statistics yet of 'a'. Train");
    }
    assertThat(post(path, "{\"rows\": [[0, 0, 0]]}").at("/detail"))
        .startsWith("'" + name + "' has no statistics yet of 'a', 'c'. Train");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'cumulative'}",
        "{'type': 'cumulative-batches'}",
        "{'type': 'exponential', 'start': 'zero-one'}",
        "{'type': 'exponential', 'start': 'first-batch'}",
        "{'type': 'decaying', 'halfLifeRows': 1}",
        "{'type': 'window', 'batches': 2}"
      })
  void oneValueIsEnoughAndAResetTakesItAway(String averaging) {
    String name =
        created(
            client, "{\"featureCount\": 1, \"averaging\": " + averaging.replace('\'', '"') + "}");
    String path = NORMALIZERS + name + ":normalize";
    assertThat(post(path, ROWS).problem()).isEqualTo("409 not-trained");
    post(NORMALIZERS + name + ":observe", ROWS);
    assertThat(post(path, ROWS).status()).isEqualTo(200);
    post(ADMIN + name + ":reset", "{}");
    assertThat(post(path, ROWS).problem()).isEqualTo("409 not-trained");
    Exchange.to(client, "PUT", ADMIN + name + "/statistics")
        .body("{\"count\": [4], \"mean\": [1], \"variance\": [4]}")
        .send();
    assertThat(post(path, ROWS).at("/rows")).isEqualTo("[[2.0]]");
  }

  /// A prior is a batch that nobody sent. Exact by hand: (5 − 1) / 2.
  @Test
  void aPriorIsAValue() {
    String name =
        created(
            client,
            "{\"featureCount\": 1, \"runningVariance\": \"biased\", \"averaging\": {\"type\":"
                + " \"cumulative\", \"prior\": {\"count\": 2, \"mean\": 1, \"variance\": 4}}}");
    assertThat(post(NORMALIZERS + name + ":normalize", ROWS).at("/rows")).isEqualTo("[[2.0]]");
  }

  /// Frozen statistics normalise a training batch as inference does.
  @ParameterizedTest
  @ValueSource(strings = {"evenkeel", "scikit-learn"})
  void aFrozenNormalizerWithoutStatisticsAnswersNoTrainingBatch(String preset) {
    String name = created(client, "{\"preset\": \"" + preset + "\", \"featureCount\": 1}");
    post(ADMIN + name + ":freeze", "{}");
    Exchange refused =
        post(NORMALIZERS + name + ":normalize?mode=training", "{\"rows\": [[5], [7]]}");
    assertThat(refused.problem()).isEqualTo("409 not-trained");
    assertThat(post(NORMALIZERS + name + ":observe", ROWS).at("/outcome")).isEqualTo("frozen");
  }

  /// The first training batch is normalised by itself, or by the start where the definition says
  /// so.
  @Test
  void trainingNeedsNoStatistics() {
    String name =
        created(
            client,
            "{\"featureCount\": 1, \"training\": {\"type\": \"running\", \"order\": \"before\"}}");
    Exchange first = post(NORMALIZERS + name + ":normalize?mode=training", ROWS);
    assertThat(first.at("/outcome")).as(first.text()).isEqualTo("applied");
    assertThat(first.at("/rows")).isEqualTo("[[5.0]]");
  }

  @Test
  void aSnapshotWithoutStatisticsIsRefusedThoughTheNormalizerIsTrained() {
    String name = created(client, ONE);
    post(ADMIN + name + "/snapshots", "{\"label\": \"empty\"}");
    post(NORMALIZERS + name + ":observe", "{\"rows\": [[1], [3]]}");
    assertThat(post(NORMALIZERS + name + ":normalize?snapshot=empty", ROWS).problem())
        .isEqualTo("409 not-trained");
    Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
        .body("{\"snapshot\": \"empty\"}")
        .send();
    assertThat(post(NORMALIZERS + name + ":normalize", ROWS).problem())
        .isEqualTo("409 not-trained");
    assertThat(post(NORMALIZERS + name + ":normalize?snapshot=live", ROWS).status()).isEqualTo(200);
  }
}
