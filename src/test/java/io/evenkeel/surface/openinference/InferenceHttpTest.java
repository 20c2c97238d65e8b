package io.evenkeel.surface.openinference;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static io.evenkeel.surface.openinference.Tensors.deflate;
import static io.evenkeel.surface.openinference.Tensors.doubles;
import static io.evenkeel.surface.openinference.Tensors.floats;
import static io.evenkeel.surface.openinference.Tensors.gzip;
import static io.evenkeel.surface.openinference.Tensors.join;
import static io.evenkeel.surface.openinference.Tensors.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Section 5 of the HTTP contract: the Open Inference Protocol.
@ServiceUnderTest
class InferenceHttpTest {
  private static final String LENGTH = "Inference-Header-Content-Length";
  private static final String TWO =
      "{\"features\": [{\"name\": \"a\", \"min\": 0, \"max\": 100}, {\"name\": \"b\"}]}";

  /// Exact by hand: 1, 3 have mean 2 and biased deviation 1; so do 10, 20 with 15 and 5.
  private static final String TENSOR =
      "'inputs': [{'name': 'x', 'shape': [2, 2], 'datatype': 'FP64', 'data': [1, 10, 3, 20]}]}";

  private static final String TRAINING = "{'parameters': {'mode': 'training'}, " + TENSOR;

  private static final String MEANS =
      "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64', 'data': [2, 15]}]}";

  @Autowired private WebTestClient client;
  @Autowired private MeterRegistry meters;
  @LocalServerPort private int port;

  private Exchange.Request post(String path, String text) {
    return request(path).body(json(text)).as(null);
  }

  private Exchange.Request request(String path) {
    return Exchange.to(client, "POST", "/v2/models/" + path + "/infer").problems();
  }

  private Exchange get(String path) {
    return Exchange.to(client, "GET", "/v2/models/" + path).problems().send();
  }

  private Exchange admin(String path, String body) {
    return Exchange.to(client, "POST", ADMIN + path).body(body).send();
  }

  private String version(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version");
  }

  private String trained() {
    String name = created(client, TWO);
    assertThat(post(name, TRAINING).send().status()).isEqualTo(200);
    return name;
  }

  @Test
  void aTrainingBatchIsNormalisedByItselfAndCounted() {
    String name = created(client, TWO);
    Exchange answer = post(name, TRAINING).send();
    assertThat(answer.text())
        .isEqualTo(
            "{\"model_name\":\""
                + name
                + "\",\"model_version\":\"2\",\"parameters\":{\"mode\":\"training\",\"outcome\":"
                + "\"applied\"},\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP64\",\"shape\":[2,2],"
                + "\"data\":[-1.0,-1.0,1.0,1.0]}]}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Normalizer-Outcome")).isEqualTo("applied");
    assertThat(answer.header("Normalizer-Version")).isEqualTo("2");
    assertThat(version(name)).isEqualTo("2");
  }

  @Test
  void inferenceIsTheDefaultAndMovesNothing() {
    String name = trained();
    for (String body :
        List.of(
            MEANS, MEANS.replace("{'inputs'", "{'parameters': {'mode': 'inference'}, 'inputs'"))) {
      Exchange answer = post(name, body).send();
      assertThat(answer.at("/outputs/0/data")).isEqualTo("[0.0,0.0]");
      assertThat(answer.at("/model_version")).isEqualTo("2");
      assertThat(answer.at("/parameters")).isEqualTo("absent");
      assertThat(answer.header("Normalizer-Outcome")).isEqualTo("none");
    }
    assertThat(version(name)).isEqualTo("2");
  }

  @Test
  void aTensorWithoutRowsIsAnsweredAndTrainsNothing() {
    String name = created(client, TWO);
    String none = "{'inputs': [{'name': 'x', 'shape': [0, 2], 'datatype': 'FP32', 'data': []}]}";
    Exchange answer = post(name, none).send();
    assertThat(answer.at("/outputs/0/data")).isEqualTo("[]");
    assertThat(answer.at("/outputs/0/shape")).isEqualTo("[0,2]");
    assertThat(answer.at("/outputs/0/datatype")).isEqualTo("FP32");
    Exchange refused =
        post(name, none.replace("{'inputs'", "{'parameters': {'mode': 'training'}, 'inputs'"))
            .send();
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly("#/inputs/0/shape empty-batch");
    assertThat(
            post(name, TRAINING.replace("[2, 2]", "[1, 2]").replace(", 3, 20", "")).send().faults())
        .containsExactly("#/inputs/0/shape batch-too-small");
    assertThat(version(name)).isEqualTo("1");
  }

  /// A feature alone: mean 2, unbiased variance 2.
  @Test
  void aModelMayHaveOneFeature() {
    String name = created(client, "{\"featureCount\": 1}");
    String body =
        "{'parameters': {'mode': 'training'}, 'inputs': [{'name': 'x', 'shape': [2, 1], 'datatype':"
            + " 'FP32', 'data': [[1], [3]]}]}";
    assertThat(post(name, body).send().at("/outputs/0/data")).isEqualTo("[-1.0,1.0]");
    assertThat(get(name).at("/inputs/0/shape")).isEqualTo("[-1,1]");
  }

  @Test
  void aMissingValueIsNullInJsonAndNaNInBytes() {
    String name = untrained(client, "{\"featureCount\": 2, \"missing\": \"ignore\"}");
    String body =
        "{'inputs': [{'name': 'x', 'shape': [1, 2], 'datatype': 'FP64', 'data': [null, 1]}]}";
    assertThat(post(name, body).send().at("/outputs/0/data")).isEqualTo("[null,1.0]");
    Exchange binary = request(name).body(doubles(Double.NaN, 1)).as(null).with(LENGTH, "0").send();
    int head = Integer.parseInt(String.valueOf(binary.header(LENGTH)));
    assertThat(Arrays.copyOfRange(binary.bytes(), head, head + 16))
        .isEqualTo(doubles(Double.NaN, 1));
  }

  @Test
  void everyFaultOfARowIsToldInTheBodysOwnWords() {
    String name = created(client, TWO);
    String wrong = MEANS.replace("[2, 15]", "[101, null]");
    Exchange refused = post(name, wrong).send();
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults())
        .containsExactly("#/inputs/0/data/0 out-of-range", "#/inputs/0/data/1 missing-value");
    assertThat(
            Exchange.to(client, "POST", "/v2/models/" + name + "/infer")
                .body(json(wrong))
                .send()
                .at("/error"))
        .isEqualTo(
            "Invalid batch: 2 values break the batch's rules. #/inputs/0/data/0: 'a' is 101; its"
                + " range is [0, 100]. #/inputs/0/data/1: 'b' is missing; the normalizer refuses"
                + " missing values. missing: ignore or impute in its definition takes them.");
    assertThat(post(name, MEANS.replace("[2, 15]", "[[101, null]]")).send().faults())
        .containsExactly("#/inputs/0/data/0/0 out-of-range", "#/inputs/0/data/0/1 missing-value");
    Exchange binary = request(name).body(doubles(1, 1, 101, Double.NaN)).with(LENGTH, "0").send();
    assertThat(binary.faults())
        .containsExactly("#/inputs/0/data/1/0 out-of-range", "#/inputs/0/data/1/1 missing-value");
  }

  /// 1.7e308 times 3 is none.
  @Test
  void whatOverflowsIsPointedAtInTheBodysOwnWords() {
    String name =
        untrained(
            client,
            "{\"featureCount\": 2, \"affine\": {\"gamma\": [1.7e308, 1], \"beta\": [0, 0]}}");
    String body = MEANS.replace("[2, 15]", "[3, 1]");
    assertThat(post(name, body).send().faults()).containsExactly("#/inputs/0/data/0 overflow");
  }

  @Test
  void aVersionIsThePresentOneOrASnapshot() {
    String name = trained();
    assertThat(admin(name + "/snapshots", "{\"label\": \"s1\"}").status()).isEqualTo(201);
    post(name, TRAINING.replace("[1, 10, 3, 20]", "[5, 50, 7, 60]")).send();
    assertThat(get(name).at("/versions")).isEqualTo("[\"3\",\"s1\"]");
    assertThat(get(name + "/versions/s1").at("/versions")).isEqualTo("[\"3\",\"s1\"]");
    assertThat(get(name + "/versions/s1/ready").at("/ready")).isEqualTo("true");
    assertThat(get(name + "/versions/3/config").at("/platform")).isEqualTo("evenkeel");
    Exchange kept = post(name + "/versions/s1", MEANS).send();
    assertThat(kept.at("/outputs/0/data")).isEqualTo("[0.0,0.0]");
    assertThat(kept.at("/model_version")).isEqualTo("s1");
    assertThat(kept.header("Normalizer-Version")).isEqualTo("2");
    assertThat(
            post(name + "/versions/3", MEANS.replace("[2, 15]", "[4, 35]"))
                .send()
                .at("/outputs/0/data"))
        .isEqualTo("[0.0,0.0]");
    for (String unknown : List.of("2", "s2", "03", "+3", "S1", "3.0", "%20", "a%2Fb")) {
      assertThat(post(name + "/versions/" + unknown, MEANS).send().problem())
          .as(unknown)
          .isEqualTo("404 unknown-snapshot");
    }
  }

  @Test
  void withoutAVersionWhatServesInfers() {
    String name = trained();
    admin(name + "/snapshots", "{\"label\": \"2\"}");
    Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
        .body("{\"snapshot\": \"2\"}")
        .send();
    post(name, TRAINING.replace("[1, 10, 3, 20]", "[5, 50, 7, 60]")).send();
    Exchange served = post(name, MEANS).send();
    assertThat(served.at("/model_version")).isEqualTo("2");
    assertThat(served.at("/outputs/0/data")).isEqualTo("[0.0,0.0]");
    String now = MEANS.replace("[2, 15]", "[4, 35]");
    assertThat(post(name + "/versions/live", now).send().at("/outputs/0/data"))
        .isEqualTo("[0.0,0.0]");
    assertThat(post(name + "/versions/" + version(name), now).send().at("/outputs/0/data"))
        .isEqualTo("[0.0,0.0]");
  }

  /// Version 2 is the present one and the label of a snapshot: the label stays what it was.
  @Test
  void aLabelGoesBeforeAPresentVersionOfTheSameName() {
    String name = untrained(client, TWO);
    admin(name + "/snapshots", "{\"label\": \"2\"}");
    post(name, TRAINING).send();
    assertThat(version(name)).isEqualTo("2");
    assertThat(get(name).at("/versions")).isEqualTo("[\"2\"]");
    assertThat(post(name + "/versions/2", MEANS).send().at("/outputs/0/data"))
        .isEqualTo("[2.0,15.0]");
    assertThat(post(name + "/versions/2", TRAINING).send().problem())
        .isEqualTo("400 bad-parameter");
  }

  @Test
  void trainingHoldsForTheVersionThatIsAskedFor() {
    String name = trained();
    admin(name + "/snapshots", "{\"label\": \"s1\"}");
    String now = version(name);
    assertThat(post(name + "/versions/s1", TRAINING).send().problem())
        .isEqualTo("400 bad-parameter");
    assertThat(version(name)).isEqualTo(now);
    assertThat(post(name + "/versions/" + now, TRAINING).send().at("/parameters/outcome"))
        .isEqualTo("applied");
    assertThat(post(name + "/versions/" + now, TRAINING).send().problem())
        .isEqualTo("404 unknown-snapshot");
    assertThat(post(name, TRAINING).with("If-Match", "\"0-0\"").send().problem())
        .isEqualTo("412 version-mismatch");
  }

  @Test
  void aTrainingBatchWithAKeyIsCountedOnce() {
    String name = created(client, TWO);
    Exchange first = post(name, TRAINING).with("Idempotency-Key", "k").send();
    assertThat(first.at("/parameters/outcome")).isEqualTo("applied");
    Exchange again = post(name, TRAINING).with("Idempotency-Key", "k").send();
    assertThat(again.at("/parameters"))
        .isEqualTo("{\"mode\":\"training\",\"outcome\":\"duplicate\",\"applied_version\":2}");
    assertThat(again.at("/outputs")).isEqualTo(first.at("/outputs"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    String other = TRAINING.replace("20]", "21]");
    assertThat(post(name, other).with("Idempotency-Key", "k").send().problem())
        .isEqualTo("422 idempotency-key-reused");
    assertThat(post(name, TRAINING).with("Idempotency-Key", "not one").send().problem())
        .isEqualTo("400 bad-parameter");
    assertThat(post(name, MEANS).with("Idempotency-Key", "k").send().at("/outputs/0/data"))
        .isEqualTo("[0.0,0.0]");
    assertThat(version(name)).isEqualTo("2");
  }

  /// The first request has said `100 Continue`, which the service does when it begins to read. It
  /// holds nothing before its body has told that it trains, for until then it may be a reader's.
  @Test
  void theFirstOfTwoBodiesToBeWholeIsTheOneThatCounts() throws IOException {
    String name = created(client, TWO);
    byte[] body = json(TRAINING);
    try (Connection first = new Connection(port)) {
      first.send(
          "POST /v2/models/"
              + name
              + "/infer HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\n"
              + "Expect: 100-continue\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      assertThat(first.answer().status()).isEqualTo(100);
      Exchange second = post(name, TRAINING).with("Idempotency-Key", "k").send();
      assertThat(second.at("/parameters/outcome")).isEqualTo("applied");
      first.send(body);
      assertThat(first.answer().text()).contains("\"outcome\":\"duplicate\"");
    }
    assertThat(version(name)).isEqualTo("2");
  }

  /// Python's gzip writes the time into its head: the body sent again has other bytes.
  @Test
  void aBodyThatIsCodedAnewIsTheSameRequest() {
    String name = created(client, TWO);
    for (String outcome : List.of("applied", "duplicate")) {
      byte[] body = gzip(json(TRAINING), outcome.length());
      Exchange sent =
          request(name)
              .body(body)
              .with("Content-Encoding", "gzip")
              .with("Idempotency-Key", "k")
              .send();
      assertThat(sent.at("/parameters/outcome")).isEqualTo(outcome);
    }
    assertThat(version(name)).isEqualTo("2");
  }

  @Test
  void aFrozenNormalizerNormalisesByItsRunningStatistics() {
    String name = trained();
    admin(name + ":freeze", "{}");
    Exchange answer = post(name, TRAINING.replace("[1, 10, 3, 20]", "[2, 15, 2, 15]")).send();
    assertThat(answer.at("/parameters/outcome")).isEqualTo("frozen");
    assertThat(answer.at("/outputs/0/data")).isEqualTo("[0.0,0.0,0.0,0.0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | 400 bad-parameter",
        "+1 | 400 bad-parameter",
        "1.5 | 400 bad-parameter",
        "many | 400 bad-parameter",
        "9999999999999999999 | 400 bad-parameter",
        "999999999999999999 | 400 unreadable-body",
        "1000 | 400 unreadable-body",
        "1 | 400 unreadable-body"
      })
  void theLengthOfTheJsonIsThatOfJson(String length, String problem) {
    String name = created(client, TWO);
    assertThat(post(name, TRAINING).with(LENGTH, length).send().problem()).isEqualTo(problem);
    assertThat(post(name, TRAINING).with(LENGTH, "5").with(LENGTH, "6").send().problem())
        .isEqualTo("400 bad-parameter");
    assertThat(version(name)).isEqualTo("1");
  }

  @Test
  void numbersBehindTheJsonAreCountedToo() {
    String name = created(client, TWO);
    byte[] head =
        json(
            "{'parameters': {'mode': 'training', 'binary_data_output': true}, 'inputs': [{'name':"
                + " 'x', 'shape': [2, 2], 'datatype': 'FP32', 'parameters': {'binary_data_size':"
                + " 16}}]}");
    Exchange answer =
        request(name)
            .body(join(head, floats(1, 10, 3, 20)))
            .as(null)
            .with(LENGTH, Integer.toString(head.length))
            .send();
    int length = Integer.parseInt(String.valueOf(answer.header(LENGTH)));
    assertThat(Arrays.copyOfRange(answer.bytes(), length, answer.bytes().length))
        .isEqualTo(floats(-1, -1, 1, 1));
    assertThat(version(name)).isEqualTo("2");
    Exchange refused =
        request(name)
            .body(join(head, floats(1, 10, 3)))
            .with(LENGTH, Integer.toString(head.length))
            .send();
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly("#/inputs/0/parameters/binary_data_size size");
    assertThat(version(name)).isEqualTo("2");
  }

  private Exchange coded(String name, String coding, byte[] body) {
    return request(name).body(body).as(null).with("Content-Encoding", coding).send();
  }

  @Test
  void aCodedBodyThatIsDamagedIsUnreadable() {
    String name = created(client, TWO);
    byte[] whole = gzip(json(TRAINING), 0);
    assertThat(coded(name, "gzip", Arrays.copyOf(whole, whole.length - 1)).problem())
        .isEqualTo("400 unreadable-body");
    assertThat(coded(name, "gzip", Arrays.copyOf(whole, whole.length + 1)).problem())
        .isEqualTo("400 unreadable-body");
    assertThat(coded(name, "gzip", new byte[0]).problem()).isEqualTo("400 unreadable-body");
    assertThat(coded(name, "gzip", json(TRAINING)).problem()).isEqualTo("400 unreadable-body");
    assertThat(coded(name, "deflate", whole).problem()).isEqualTo("400 unreadable-body");
    assertThat(version(name)).isEqualTo("1");
    assertThat(coded(name, "GZIP", whole).status()).isEqualTo(200);
    assertThat(coded(name, "deflate", deflate(json(TRAINING))).status()).isEqualTo(200);
    assertThat(coded(name, "identity", json(TRAINING)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "gzip;q=1"})
  void anotherCodingIsToldWhichThereAre(String coding) {
    String name = created(client, TWO);
    Exchange refused = coded(name, coding, json(TRAINING));
    assertThat(refused.problem()).isEqualTo("415 unsupported-media-type");
    assertThat(refused.header("Accept-Encoding")).isEqualTo("gzip, deflate, zstd");
    assertThat(refused.at("/detail")).contains(coding);
  }

  /// The limit of the service under test is 1 MB; 300 MB of spaces are 300 KB of gzip.
  @Test
  void aBodyAboveTheLimitIsTooLargeHoweverItIsCoded() {
    String name = created(client, TWO);
    String large = TRAINING.replace("[1, 10", "[" + " ".repeat(1 << 20) + "1, 10");
    assertThat(post(name, large).send().problem()).isEqualTo("413 body-too-large");
    assertThat(coded(name, "gzip", gzip(json(large), 0)).problem()).isEqualTo("413 body-too-large");
    assertThat(coded(name, "deflate", deflate(json(large))).problem())
        .isEqualTo("413 body-too-large");
    byte[] bomb = new byte[300 << 20];
    Arrays.fill(bomb, (byte) ' ');
    Exchange refused = coded(name, "gzip", gzip(bomb, 0));
    assertThat(refused.problem()).isEqualTo("413 body-too-large");
    assertThat(refused.at("/detail")).contains("1048576");
    assertThat(version(name)).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /v2/nothing | 404 not-found",
        "POST | /v2/ | 405 method-not-allowed",
        "GET | /v2/models/ | 404 not-found",
        "GET | /v1/nothing | 404 not-found",
        "GET | /v1 | 404 not-found",
        "POST | /v1/models | 405 method-not-allowed",
        "GET | /v1/models/none | 404 unknown-normalizer",
        "GET | /v1/models/none:predict | 405 method-not-allowed",
        "POST | /v1/models/none:explain | 404 not-found",
        "POST | /v1/models/none:predict | 404 unknown-normalizer",
        "GET | /v2/models/none | 404 unknown-normalizer",
        "GET | /v2/models/None | 400 bad-parameter",
        "POST | /v2 | 405 method-not-allowed",
        "PUT | /v2/health/live | 405 method-not-allowed",
        "GET | /v2/models/none/infer | 405 method-not-allowed",
        "POST | /v2/models/none/infer | 404 unknown-normalizer",
        "POST | /v2/models/none/infer?mode=training | 400 bad-parameter",
        "GET | /%762/nothing | 404 not-found"
      })
  void everyErrorOfTheProtocolHasItsText(String method, String path, String problem) {
    Exchange asked = Exchange.to(client, method, path).problems().body("{}").send();
    assertThat(asked.problem()).isEqualTo(problem);
    Exchange refused = Exchange.to(client, method, path).body("{}").send();
    assertThat(refused.status()).isEqualTo(asked.status());
    assertThat(refused.header("Content-Type")).isEqualTo("application/json");
    assertThat(refused.json().propertyNames()).containsExactly("error");
    assertThat(refused.at("/error")).isEqualTo(asked.at("/title") + ": " + asked.at("/detail"));
    assertThat(Exchange.to(client, "GET", "/v2nothing").send().problem())
        .isEqualTo("404 not-found");
  }

  @Test
  void unreadableJsonHasItsPlace() {
    String name = created(client, TWO);
    Exchange refused = post(name, "{'inputs': [\n{'name': 'x' 'shape'").send();
    assertThat(refused.problem()).isEqualTo("400 unreadable-body");
    assertThat(refused.at("/line")).isEqualTo("2");
    assertThat(refused.at("/column")).isEqualTo("14");
    assertThat(
            Exchange.to(client, "POST", "/v2/models/" + name + "/infer")
                .body(json("{'inputs': [\n{'name': 'x' 'shape'"))
                .send()
                .at("/error"))
        .startsWith("Unreadable body: This is not JSON")
        .endsWith(" (line 2, column 14)");
    assertThat(post(name, "").send().problem()).isEqualTo("400 unreadable-body");
  }

  private double meter(String name, String... tags) {
    Counter counter = meters.find(name).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void batchesAreMeteredAsAnyOthers() {
    String name = created(client, TWO);
    String[] applied = {"mode", "training", "outcome", "applied"};
    String[] inferred = {"mode", "inference", "outcome", "none"};
    String[] invalid = {"mode", "training", "reason", "invalid-batch"};
    String[] unknown = {"mode", "inference", "reason", "unknown-normalizer"};
    double rowsBefore = meter("evenkeel.rows", applied);
    double batchesBefore = meter("evenkeel.batches", inferred);
    double invalidBefore = meter("evenkeel.refused", invalid);
    double unknownBefore = meter("evenkeel.refused", unknown);
    post(name, TRAINING).send();
    post(name, MEANS).send();
    post(name, TRAINING.replace("[1, 10", "[-1, 10")).send();
    post("no-such", TRAINING).send();
    assertThat(meter("evenkeel.rows", applied)).isEqualTo(rowsBefore + 2);
    assertThat(meter("evenkeel.batches", inferred)).isEqualTo(batchesBefore + 1);
    assertThat(meter("evenkeel.refused", invalid)).isEqualTo(invalidBefore + 1);
    assertThat(meter("evenkeel.refused", unknown)).isEqualTo(unknownBefore + 1);
  }

  @Test
  void theDocumentTellsWhatGoesBesideABody() {
    Exchange api = Exchange.to(client, "GET", "/v3/api-docs").send();
    String infer = api.json().path("paths").path("/v2/models/{name}/infer").toString();
    assertThat(infer).contains(LENGTH, "Idempotency-Key", "application/octet-stream");
    assertThat(api.json().path("paths").path("/v2/repository/index").path("post").toString())
        .contains("List all models")
        .doesNotContain("If-Match", "Idempotency-Key");
  }

  /// The version that serves is the snapshot; `latest` is that, too.
  @Test
  void latestIsWhatServesUnlessASnapshotIsCalledSo() {
    String name = trained();
    admin(name + "/snapshots", "{\"label\": \"s1\"}");
    Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
        .body("{\"snapshot\": \"s1\"}")
        .send();
    post(name, TRAINING.replace("[1, 10, 3, 20]", "[5, 50, 7, 60]")).send();
    assertThat(post(name + "/versions/latest", MEANS).send().at("/model_version")).isEqualTo("s1");
    assertThat(get(name + "/versions/latest/ready").status()).isEqualTo(200);
    assertThat(post(name + "/versions/latest", TRAINING).send().at("/parameters/outcome"))
        .isEqualTo("applied");
    admin(name + "/snapshots", "{\"label\": \"latest\"}");
    assertThat(post(name + "/versions/latest", MEANS).send().at("/model_version"))
        .isEqualTo("latest");
  }

  /// Means 2 and 15, unbiased variances 2 and 50: (3, 20) is (1/√2, 5/√50), both √½.
  @Test
  void columnsAreAnsweredAsColumns() {
    String name = trained();
    String columns =
        "{'inputs': [{'name': 'b', 'shape': [2], 'datatype': 'INT64', 'data': [15, 20]}, {'name':"
            + " 'a', 'shape': [2, 1], 'datatype': 'FP32', 'data': [[2], [3]]}]}";
    Exchange answer = post(name, columns).send();
    double half = Math.sqrt(0.5);
    assertThat(answer.at("/outputs"))
        .isEqualTo(
            "[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[2,1],\"data\":[0.0,"
                + (double) (float) half
                + "]},{\"name\":\"b\",\"datatype\":\"FP64\",\"shape\":[2],\"data\":[0.0,"
                + 5 / Math.sqrt(50)
                + "]}]");
    Exchange refused = post(name, columns.replace("'a'", "'A'")).send();
    assertThat(refused.faults())
        .containsExactly("#/inputs/1/name unknown-feature", "#/inputs missing-column");
    assertThat(refused.at("/errors/1/detail"))
        .isEqualTo("There is no column 'a'; did you mean 'A'?");
  }

  @Test
  void aTensorThatIsNoFeatureIsRefused() {
    String name = created(client, "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    String body =
        "{'inputs': [{'name': 'a', 'shape': [1], 'datatype': 'FP64', 'data': [1]}, {'name': 'b',"
            + " 'shape': [1], 'datatype': 'FP64', 'data': [1]}, {'name': 'note', 'shape': [1],"
            + " 'datatype': 'BYTES', 'data': ['so']}]}";
    assertThat(post(name, body).send().faults()).containsExactly("#/inputs/2/name unknown-feature");
    String keeping =
        untrained(
            client, "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"extra\": \"keep\"}");
    Exchange lost = post(keeping, body).send();
    assertThat(lost.problem()).isEqualTo("406 not-acceptable");
    assertThat(lost.at("/detail")).contains("'note'", "extra");
    String ignoring =
        untrained(
            client,
            "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"extra\": \"ignore\"}");
    assertThat(post(ignoring, body).send().json().path("outputs").size()).isEqualTo(2);
  }

  /// One image of 2 channels and 2 places: channel a is 2 and 3, channel b 15 and 20.
  @Test
  void imagesAreNormalisedByChannel() {
    String name = trained();
    String image =
        "{'inputs': [{'name': 'image', 'shape': [1, 2, 1, 2], 'datatype': 'UINT8', 'data': [2, 3,"
            + " 15, 20]}]}";
    Exchange answer = post(name, image).send();
    assertThat(answer.at("/outputs/0/shape")).isEqualTo("[1,2,1,2]");
    assertThat(answer.at("/outputs/0/data"))
        .isEqualTo("[0.0," + 1 / Math.sqrt(2) + ",0.0," + 5 / Math.sqrt(50) + "]");
  }

  @Test
  void anAnswerMayBeTheRequestToTheNextModel() {
    String name = trained();
    Exchange.Request request =
        Exchange.to(client, "POST", "/v2/models/" + name + "/infer?as=request&input=features")
            .body(json(MEANS.replace("{'inputs'", "{'id': '7', 'inputs'")));
    assertThat(request.send().text())
        .isEqualTo(
            "{\"id\":\"7\",\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP64\",\"shape\":[1,2],"
                + "\"data\":[0.0,0.0]}]}");
    for (String wrong : List.of("?input=a", "?as=request&input=", "?as=Request", "?as=x")) {
      assertThat(
              Exchange.to(client, "POST", "/v2/models/" + name + "/infer" + wrong)
                  .problems()
                  .body(json(MEANS))
                  .send()
                  .problem())
          .as(wrong)
          .isEqualTo("400 bad-parameter");
    }
  }

  @Test
  void requestsAreCountedByModelAndVersion() {
    String name = trained();
    admin(name + "/snapshots", "{\"label\": \"s1\"}");
    post(name, MEANS).send();
    post(name, MEANS.replace("[1, 2]", "[2, 1]")).send();
    post(name + "/versions/s1", MEANS).send();
    Exchange stats = get(name + "/stats");
    String model = "/model_stats/0/";
    assertThat(stats.at(model + "name")).isEqualTo(name);
    assertThat(stats.at(model + "version")).isEqualTo("2");
    // the training batch of 2 rows, and one of 1
    assertThat(stats.at(model + "inference_count")).isEqualTo("3");
    assertThat(stats.at(model + "execution_count")).isEqualTo("2");
    assertThat(stats.at(model + "inference_stats/success/count")).isEqualTo("2");
    assertThat(stats.at(model + "inference_stats/fail/count")).isEqualTo("1");
    assertThat(stats.json().at(model + "inference_stats/success/ns").asLong()).isPositive();
    assertThat(stats.json().at(model + "last_inference").asLong()).isPositive();
    assertThat(get(name + "/versions/s1/stats").at(model + "inference_count")).isEqualTo("1");
    assertThat(get(name + "/versions/9/stats").problem()).isEqualTo("404 unknown-snapshot");
  }

  @Test
  void modelsAreListed() {
    String name = created(client, TWO);
    for (String path : List.of("/v2/models", "/v1/models")) {
      Exchange list = Exchange.to(client, "GET", path).send();
      assertThat(list.header("Content-Type")).isEqualTo("application/json");
      assertThat(list.json().path("models").valueStream().map(each -> each.asString()))
          .contains(name)
          .isSorted();
    }
  }
}
