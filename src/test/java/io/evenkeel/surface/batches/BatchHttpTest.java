package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/// Section 2 of the HTTP contract: batches, normalised or observed.
@ServiceUnderTest
@ExtendWith(OutputCaptureExtension.class)
class BatchHttpTest {
  private static final String TWO =
      "{\"features\": [{\"name\": \"a\", \"min\": 0, \"max\": 100}, {\"name\": \"b\"}]}";

  /// Exact by hand: 1, 3 have mean 2 and biased deviation 1; so do 10, 20 with 15 and 5.
  private static final String ROWS = "{\"rows\": [[1, 10], [3, 20]]}";

  @Autowired private WebTestClient client;

  @LocalServerPort private int port;

  private Exchange.Request post(String name, String verbAndQuery) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":" + verbAndQuery);
  }

  private Exchange train(String name) {
    return post(name, "normalize?mode=training").body(ROWS).send();
  }

  private String statistic(String name, String member) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send().at("/" + member);
  }

  private String version(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version");
  }

  @Test
  void aTrainingBatchIsNormalisedByItselfAndCounted() {
    String name = created(client, TWO);
    Exchange answer = train(name);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            "{\"normalizer\":\""
                + name
                + "\",\"mode\":\"training\",\"outcome\":\"applied\",\"version\":2,\"rows\":[[-1.0,-1.0],[1.0,1.0]]}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Normalizer-Outcome")).isEqualTo("applied");
    assertThat(answer.header("Normalizer-Version")).isEqualTo("2");
    assertThat(statistic(name, "count")).isEqualTo("[2.0,2.0]");
  }

  @Test
  void inferenceIsTheDefaultAndMovesNothing() {
    String name = created(client, TWO);
    train(name);
    for (String query : List.of("normalize", "normalize?mode=inference", "normalize?")) {
      Exchange answer = post(name, query).body("{\"rows\": [[2, 15]]}").send();
      assertThat(answer.at("/rows")).isEqualTo("[[0.0,0.0]]");
      assertThat(answer.at("/outcome")).isEqualTo("none");
      assertThat(answer.at("/mode")).isEqualTo("inference");
    }
    assertThat(version(name)).isEqualTo("2");
  }

  @Test
  void inferenceOnAnEmptyBatchAnswersNoRowsAndTrainingRefusesIt() {
    String name = created(client, TWO);
    assertThat(post(name, "normalize").body("{\"rows\": []}").send().at("/rows")).isEqualTo("[]");
    assertThat(
            post(name, "normalize")
                .body("{\"columns\": {\"a\": [], \"b\": []}}")
                .send()
                .at("/columns/a"))
        .isEqualTo("[]");
    assertThat(post(name, "normalize").body("a,b\n").as("text/csv").send().text())
        .isEqualTo("a,b\n");
    Exchange binary =
        post(name, "normalize").body(new byte[0]).as("application/octet-stream").send();
    assertThat(binary.status()).isEqualTo(200);
    assertThat(binary.bytes()).isEmpty();
    Exchange refused = post(name, "normalize?mode=training").body("{\"rows\": []}").send();
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly("#/rows empty-batch");
    assertThat(post(name, "observe").body("{\"rows\": []}").send().faults())
        .containsExactly("#/rows empty-batch");
  }

  @Test
  void rowsAloneAreABodyOfEveryRoute() {
    String name = created(client, TWO);
    assertThat(
            post(name, "normalize?mode=training").body("[[1, 10], {\"b\": 20, \"a\": 3}]").send())
        .satisfies(answer -> {
          assertThat(answer.at("/outcome")).isEqualTo("applied");
          assertThat(answer.at("/rows")).isEqualTo("[[-1.0,-1.0],{\"a\":1.0,\"b\":1.0}]");
        });
    assertThat(post(name, "observe").body("[[1, 10]]").send().at("/outcome")).isEqualTo("applied");
    assertThat(post(name, "normalize?batchRows=1").body("[[1, 10], [1, 10]]").send().text())
        .hasLineCount(2);
    assertThat(post(name, "denormalize").body("[[0, 0]]").send().at("/rows/0")).startsWith("[1.6");
    Exchange refused = post(name, "normalize").body("[[1, 10], [1]]").send();
    assertThat(refused.faults()).containsExactly("#/1 feature-count");
    for (String type :
        List.of("application/json-lines", "application/x-jsonlines", "text/x-ndjson")) {
      assertThat(post(name, "normalize").as(type).body("[1, 10]\n[1, 10]\n").send().text())
          .hasLineCount(2);
    }
  }

  @Test
  void extraColumnsGoAcrossFormats() {
    String name = created(client, TWO);
    assertThat(
            post(name, "normalize?mode=training&extra=keep")
                .as("text/csv")
                .with("Accept", "application/json")
                .body("id,a,b\nA-1,1,10\n7.50,3,20\n")
                .send()
                .text())
        .endsWith(
            "\"rows\":[{\"id\":\"A-1\",\"a\":-1.0,\"b\":-1.0},"
                + "{\"id\":7.50,\"a\":1.0,\"b\":1.0}]}");
    assertThat(
            post(name, "normalize?extra=keep")
                .with("Accept", "text/csv")
                .body("[{\"a\": 2, \"b\": 15, \"id\": \"x,1\"}, [2, 15]]")
                .send()
                .text())
        .isEqualTo("a,b,id\n0.0,0.0,\"x,1\"\n0.0,0.0,\n");
    assertThat(
            post(name, "denormalize?extra=keep")
                .with("Accept", "text/csv")
                .body("[{\"a\": 0, \"b\": 0, \"id\": 7}]")
                .send()
                .text())
        .isEqualTo("a,b,id\n2.0,15.0,7\n");
    assertThat(
            post(name, "denormalize?extra=keep")
                .with("Accept", "text/csv")
                .body("[{\"b\": 0, \"id\": 7}]")
                .send()
                .text())
        .isEqualTo("b,id\n15.0,7\n");
  }

  @Test
  void extraColumnsThatTheAnswerCannotHoldAreRefusedBeforeAnythingIsCounted() {
    String name = created(client, TWO);
    for (String type : List.of("application/octet-stream", "application/x-npy")) {
      for (String query : List.of("normalize?mode=training&extra=keep", "denormalize?extra=keep")) {
        Exchange refused =
            post(name, query)
                .with("Accept", type)
                .body("[{\"a\": 1, \"b\": 10, \"id\": 7}, [3, 20]]")
                .send();
        assertThat(refused.problem()).isEqualTo("406 not-acceptable");
        assertThat(refused.at("/detail")).contains("'id'", "?extra=ignore", type);
      }
    }
    assertThat(version(name)).isEqualTo("1");
    assertThat(
            post(name, "normalize?mode=training&extra=keep")
                .with("Accept", "application/octet-stream")
                .body("[[1, 10], [3, 20]]")
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void aMemberThatComesTooLateForTheHeaderEndsTheStream() {
    String name = created(client, TWO);
    Exchange broken =
        post(name, "normalize?mode=training&extra=keep&batchRows=2")
            .as("application/x-ndjson")
            .with("Accept", "text/csv")
            .body(
                "{\"a\":1,\"b\":10,\"id\":1}\n{\"a\":3,\"b\":20,\"id\":2}\n"
                    + "{\"a\":1,\"b\":10,\"t\":1}\n{\"a\":3,\"b\":20}\n")
            .send();
    assertThat(broken.text())
        .startsWith("a,b,id\n-1.0,-1.0,1\n1.0,1.0,2\n{\"batch\":")
        .contains("{\"problem\":", "not-acceptable", "'t'");
    assertThat(version(name)).isEqualTo("2");
  }

  @Test
  void aColonMayBePercentEncoded() {
    String name = untrained(client, TWO);
    assertThat(
            Exchange.to(client, "POST", NORMALIZERS + name + "%3Anormalize")
                .body(ROWS)
                .send()
                .status())
        .isEqualTo(200);
    assertThat(
            Exchange.to(client, "POST", NORMALIZERS + name + "%3aobserve")
                .body(ROWS)
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void anUnknownVerbIsNotFoundAndAKnownOneTakesPost() {
    String name = created(client, TWO);
    assertThat(post(name, "normalise").body(ROWS).send().problem()).isEqualTo("404 not-found");
    assertThat(post(name, "").body(ROWS).send().problem()).isEqualTo("404 not-found");
    assertThat(post(name, "freeze").body("{}").send().problem()).isEqualTo("404 not-found");
    for (String method : List.of("GET", "PUT", "DELETE", "PATCH")) {
      Exchange refused =
          Exchange.to(client, method, NORMALIZERS + name + ":normalize").body(ROWS).send();
      assertThat(refused.problem()).as(method).isEqualTo("405 method-not-allowed");
      assertThat(refused.header("Allow")).isEqualTo("POST");
    }
    Exchange refused = Exchange.to(client, "POST", NORMALIZERS + name).body(ROWS).send();
    assertThat(refused.problem()).isEqualTo("405 method-not-allowed");
    assertThat(refused.header("Allow").split(","))
        .containsExactlyInAnyOrder("GET", "PUT", "DELETE");
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name + "/nothing").send().problem())
        .isEqualTo("404 not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode=",
        "mode",
        "mode=Training",
        "mode=TRAINING",
        "mode=%20",
        "mode=%00",
        "mode=training&mode=inference",
        "moed=training",
        "dtype=float128",
        "dtype=FLOAT32",
        "extra=",
        "invalidRows=skipped",
        "weightKind=Frequency",
        "weightKind=",
        "onFrozen=ignore",
        "maxSkipped=",
        "maxSkipped=1.1",
        "maxSkipped=-0.1",
        "maxSkipped=NaN",
        "maxSkipped=many",
        "weightColumn=w",
        "snapshots=x",
        "=1"
      })
  void aQueryIsReadStrictly(String query) {
    String name = created(client, TWO);
    assertThat(post(name, "normalize?" + query).body(ROWS).send().problem())
        .isEqualTo("400 bad-parameter");
    assertThat(version(name)).isEqualTo("1");
  }

  @Test
  void aWeightColumnOfJsonIsToldTheMember() {
    String name = created(client, TWO);
    assertThat(post(name, "normalize?weightColumn=w").body(ROWS).send().text())
        .contains("in JSON the member is 'weights'");
  }

  @Test
  void aBatchForNoNormalizerIsRefusedBeforeItIsRead() {
    assertThat(post("no-such", "normalize").body("not json").send().problem())
        .isEqualTo("404 unknown-normalizer");
    assertThat(post("no-such", "observe").body("not json").send().problem())
        .isEqualTo("404 unknown-normalizer");
    assertThat(post("No-Such", "normalize").body(ROWS).send().problem())
        .isEqualTo("400 bad-parameter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` |application/json|-1.0",
        "application/json|application/json|-1.0",
        "application/json;charset=utf-8|application/json|-1.0",
        "text/csv|text/csv|a,b",
        "Text/CSV; header=present|text/csv|a,b",
        "text/csv;charset=UTF-8|text/csv|a,b"
      })
  void theAnswerComesInTheMediaTypeThatWasSent(String sent, String answered, String part) {
    String name = created(client, TWO);
    String body = sent.contains("/") && !sent.contains("json") ? "a,b\n1,10\n3,20\n" : ROWS;
    Exchange answer =
        post(name, "normalize?mode=training")
            .body(body)
            .as(sent.contains("/") ? sent : null)
            .send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo(answered);
    assertThat(answer.text()).contains(part);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "json",
        "application/*",
        "*/*",
        "application/json, text/csv",
        "application/x-www-form-urlencoded"
      })
  void anotherMediaTypeIsUnsupported(String type) {
    String name = created(client, TWO);
    Exchange refused = post(name, "normalize").body(ROWS).as(type).send();
    assertThat(refused.problem()).isEqualTo("415 unsupported-media-type");
    assertThat(refused.at("/detail")).contains("text/csv");
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  /// 2^128 − 2^103 is the first double that rounds to an infinite float; gamma makes it of 1.
  @Test
  void anAnswerThatFloat32CannotHoldIsRefusedBeforeAnythingIsCounted() {
    String scaled =
        "{\"featureCount\": 1, \"scale\": false, \"center\": false, \"minimumBatchRows\": 1,"
            + " \"affine\": {\"gamma\": [%s], \"beta\": [0]}}";
    String tooLarge = untrained(client, scaled.formatted("3.4028235677973366e38"));
    String largest = untrained(client, scaled.formatted("3.4028235677973362e38"));
    for (String mode : List.of("training", "inference")) {
      String query = "normalize?dtype=float32&mode=" + mode;
      Exchange refused =
          post(tooLarge, query).as("application/octet-stream").body(floats(0, 1)).send();
      assertThat(refused.problem()).isEqualTo("422 invalid-batch");
      assertThat(refused.faults().getFirst()).endsWith(" overflow");
      Exchange answered =
          post(largest, query).as("application/octet-stream").body(floats(0, 1)).send();
      assertThat(answered.bytes()).isEqualTo(floats(0, Float.MAX_VALUE));
    }
    assertThat(version(tooLarge)).isEqualTo("1");
    assertThat(
            post(tooLarge, "normalize")
                .body("{\"rows\": [[1]]}")
                .with("Accept", "application/octet-stream")
                .send()
                .bytes())
        .hasSize(8);
    Exchange halved =
        post(largest, "normalize?dtype=float32")
            .body("{\"rows\": [[1]]}")
            .with("Accept", "application/octet-stream")
            .send();
    assertThat(halved.bytes()).isEqualTo(floats(Float.MAX_VALUE));
    assertThat(post(largest, "normalize?dtype=float32").body("{\"rows\": [[1]]}").send().problem())
        .isEqualTo("400 bad-parameter");
  }

  /// RFC 9110, 12.5.1: the most specific range decides, 0 refuses, the highest quality wins.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|application/json",
        "text/csv|text/csv",
        "text/*|text/csv",
        "application/*|application/json",
        "application/octet-stream, application/json;q=0.9|application/octet-stream",
        "application/json;q=0.5, text/csv;q=0.6|text/csv",
        "application/json;q=0.5, text/csv;q=0.5|application/json",
        "*/*, application/octet-stream|application/octet-stream",
        "application/json;q=0, */*|text/csv",
        "text/html, */*;q=0.1|application/json",
        "image/png, text/csv;q=0.001|text/csv"
      })
  void theAnswerComesInTheMediaTypeThatTheClientLikesBest(String accept, String answered) {
    Exchange answer =
        post(untrained(client, TWO), "normalize").body(ROWS).with("Accept", accept).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo(answered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/json;q=0",
        "*/*;q=0",
        "foo",
        "application/json;q=2",
        "application/problem+json"
      })
  void anAnswerThatTheClientDoesNotTakeIsRefusedAndNothingIsCounted(String accept) {
    String name = created(client, TWO);
    assertThat(
            post(name, "normalize?mode=training")
                .body(ROWS)
                .with("Accept", accept)
                .send()
                .problem())
        .isEqualTo("406 not-acceptable");
    assertThat(version(name)).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/statistics", "/affine"})
  void whatIsJsonIsShownAsJsonOnly(String path) {
    String name = created(client, TWO);
    for (String accept : List.of("text/event-stream", "application/x-ndjson", "text/csv")) {
      assertThat(
              Exchange.to(client, "GET", NORMALIZERS + name + path)
                  .with("Accept", accept)
                  .send()
                  .problem())
          .as(accept)
          .isEqualTo("406 not-acceptable");
    }
  }

  @Test
  void observingAnswersJsonOnly() {
    String name = created(client, TWO);
    assertThat(post(name, "observe").body(ROWS).with("Accept", "text/csv").send().problem())
        .isEqualTo("406 not-acceptable");
    Exchange csv = post(name, "observe").body("b,a\n10,1\n20,3\n").as("text/csv").send();
    assertThat(csv.text())
        .isEqualTo("{\"normalizer\":\"" + name + "\",\"outcome\":\"applied\",\"version\":2}");
    assertThat(statistic(name, "mean")).isEqualTo("[2.0,15.0]");
  }

  @Test
  void binaryNumbersGoBothWaysInTheirWidth() {
    String name = created(client, TWO);
    train(name);
    ByteBuffer floats =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(3).putFloat(10);
    Exchange answer =
        post(name, "normalize?dtype=float32")
            .body(floats.array())
            .as("application/octet-stream")
            .send();
    ByteBuffer rows = ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    // exact by hand: the running deviation of 1, 3 is √2, unbiased, and that of 10, 20 is √50
    assertThat(rows.getFloat()).isEqualTo((float) (1 / Math.sqrt(2)));
    assertThat(rows.getFloat()).isEqualTo((float) (-5 / Math.sqrt(50)));
    Exchange half =
        post(name, "normalize").body(new byte[24]).as("application/octet-stream").send();
    assertThat(half.problem()).isEqualTo("422 invalid-batch");
    assertThat(half.faults()).containsExactly("#/rows/1 feature-count");
  }

  @Test
  void allFaultsOfABatchAreToldAndNothingIsCounted() {
    String name = created(client, TWO);
    Exchange refused =
        post(name, "normalize?mode=training")
            .body("{\"rows\": [[212, 1], [1], {\"a\": -1}], \"weights\": [1]}")
            .send();
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults())
        .containsExactly(
            "#/rows/0/0 out-of-range",
            "#/rows/1 feature-count",
            "#/rows/2/a out-of-range",
            "#/rows/2/b missing-value",
            "#/weights size");
    assertThat(refused.at("/errorCount")).isEqualTo("5");
    assertThat(refused.at("/detail")).isEqualTo("5 values break the batch's rules.");
    assertThat(refused.at("/instance")).isEqualTo(NORMALIZERS + name + ":normalize");
    assertThat(refused.at("/errors/0/detail")).isEqualTo("'a' is 212; its range is [0, 100].");
    assertThat(version(name)).isEqualTo("1");
  }

  @Test
  void theFirstHundredFaultsAreTold() {
    Exchange refused =
        post(created(client, TWO), "normalize")
            .body("{\"rows\": [" + "[],".repeat(999) + "[]]}")
            .send();
    assertThat(refused.at("/errorCount")).isEqualTo("1000");
    assertThat(refused.faults()).hasSize(100);
  }

  @Test
  void anUnreadableBatchSaysWhere() {
    String name = created(client, TWO);
    Exchange refused =
        post(name, "normalize?mode=training").body("{\"rows\":\n [[1, 2], [x]]}").send();
    assertThat(refused.problem()).isEqualTo("400 unreadable-body");
    assertThat(refused.at("/line")).isEqualTo("2");
    assertThat(refused.at("/errors")).isEqualTo("absent");
    assertThat(post(name, "normalize").body("{\"rows\": [[1.5e").send().problem())
        .isEqualTo("400 unreadable-body");
    assertThat(post(name, "normalize").body("").send().problem()).isEqualTo("400 unreadable-body");
    assertThat(post(name, "normalize").body("a,b\n\"1").as("text/csv").send().at("/line"))
        .isEqualTo("2");
    assertThat(version(name)).isEqualTo("1");
  }

  @Test
  void badRowsAreLeftOutWhereTheClientAsksForIt() {
    String name = created(client, TWO);
    String body = "{\"rows\": [[1, 10], [999, 1], [3, 20], {\"a\": 1}]}";
    assertThat(post(name, "normalize?mode=training&invalidRows=skip").body(body).send().problem())
        .isEqualTo("422 invalid-batch");
    Exchange answer =
        post(name, "normalize?mode=training&invalidRows=skip&maxSkipped=0.5").body(body).send();
    assertThat(answer.at("/rows")).isEqualTo("[[-1.0,-1.0],null,[1.0,1.0],null]");
    assertThat(answer.at("/skipped"))
        .isEqualTo(
            "[{\"row\":1,\"code\":\"out-of-range\"},{\"row\":3,\"code\":\"missing-value\"}]");
    assertThat(statistic(name, "count")).isEqualTo("[2.0,2.0]");
    assertThat(statistic(name, "rows")).isEqualTo("2");
  }

  /// One of a hundred rows where the client does not say how many.
  @ParameterizedTest
  @CsvSource({"10, 200", "11, 422"})
  void atMostAHundredthOfTheRowsIsLeftOutUnlessTheClientSays(int bad, int status) {
    String name = created(client, TWO);
    String rows = "[999, 1],".repeat(bad) + "[1, 10],".repeat(999 - bad) + "[3, 20]";
    assertThat(
            post(name, "normalize?mode=training&invalidRows=skip")
                .body("{\"rows\": [" + rows + "]}")
                .send()
                .status())
        .isEqualTo(status);
  }

  @Test
  void extrasAreRefusedDroppedOrEchoed() {
    String name = created(client, TWO);
    String body = "{\"rows\": [{\"a\": 1, \"id\": [1, {\"k\": \"é\"}], \"b\": 10}, [3, 20]]}";
    assertThat(post(name, "normalize").body(body).send().faults())
        .containsExactly("#/rows/0/id unknown-feature");
    assertThat(post(name, "normalize?extra=ignore&mode=training").body(body).send().at("/rows"))
        .isEqualTo("[{\"a\":-1.0,\"b\":-1.0},[1.0,1.0]]");
    assertThat(post(name, "normalize?extra=keep").body(body).send().at("/rows/0/id"))
        .isEqualTo("[1,{\"k\":\"é\"}]");
    assertThat(
            post(name, "normalize?extra=keep")
                .body("id,b,a\nx,15,2\n")
                .as("text/csv")
                .send()
                .text())
        .isEqualTo("id,b,a\nx,0.0,0.0\n");
    assertThat(post(name, "observe?extra=keep").body(body).send().status()).isEqualTo(200);
  }

  /// Exact by hand: (3·1 + 1·5) / 4 = 2.
  @Test
  void weightsComeInAMemberOrInAColumn() {
    String json = created(client, "{\"featureCount\": 1}");
    post(json, "observe").body("{\"rows\": [[1], [5]], \"weights\": [3, 1]}").send();
    assertThat(statistic(json, "mean")).isEqualTo("[2.0]");
    assertThat(statistic(json, "count")).isEqualTo("[4.0]");
    String csv = created(client, "{\"featureCount\": 1}");
    post(csv, "observe?weightColumn=w").body("w,f0\n3,1\n1,5\n").as("text/csv").send();
    assertThat(statistic(csv, "mean")).isEqualTo("[2.0]");
    assertThat(post(csv, "observe?weightColumn=f0").body("f0\n1\n").as("text/csv").send().problem())
        .isEqualTo("400 bad-parameter");
    assertThat(post(csv, "observe").body("{\"rows\": [[1]], \"weights\": [0]}").send().faults())
        .containsExactly("#/weights positive");
  }

  @Test
  void aKeyCountsABatchOnce() {
    String name = created(client, TWO);
    Exchange first =
        post(name, "normalize?mode=training").body(ROWS).with("Idempotency-Key", "k").send();
    assertThat(first.at("/outcome")).isEqualTo("applied");
    assertThat(first.header("Idempotency-Replayed")).isNull();
    train(name);
    Exchange second =
        post(name, "normalize?mode=training").body(ROWS).with("Idempotency-Key", "k").send();
    assertThat(second.at("/outcome")).isEqualTo("duplicate");
    assertThat(second.at("/appliedVersion")).isEqualTo("2");
    assertThat(second.at("/version")).isEqualTo("3");
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(second.header("Normalizer-Outcome")).isEqualTo("duplicate");
    assertThat(second.at("/rows")).isEqualTo(first.at("/rows"));
    assertThat(statistic(name, "count")).isEqualTo("[4.0,4.0]");
  }

  /// The fingerprint is operation, query, Content-Type and body.
  @Test
  void aKeyBelongsToOneRequest() {
    String name = created(client, TWO);
    post(name, "normalize?mode=training").body(ROWS).with("Idempotency-Key", "k").send();
    String other = "{\"rows\": [[1, 10], [3, 21]]}";
    for (Exchange.Request request :
        List.of(
            post(name, "normalize?mode=training").body(other),
            post(name, "normalize?mode=training&extra=reject").body(ROWS),
            post(name, "normalize?mode=training").body(ROWS).as("application/json;charset=utf-8"),
            post(name, "observe").body(ROWS))) {
      assertThat(request.with("Idempotency-Key", "k").send().problem())
          .isEqualTo("422 idempotency-key-reused");
    }
    assertThat(
            post(name, "normalize?mode=training")
                .body(other)
                .with("Idempotency-Key", "l")
                .send()
                .status())
        .isEqualTo(200);
    String another = created(client, TWO);
    assertThat(
            post(another, "normalize?mode=training")
                .body(other)
                .with("Idempotency-Key", "k")
                .send()
                .at("/outcome"))
        .isEqualTo("applied");
    assertThat(version(name)).isEqualTo("3");
  }

  @Test
  void aRefusedBatchDoesNotUseItsKeyUp() {
    String name = created(client, TWO);
    assertThat(
            post(name, "observe")
                .body("{\"rows\": [[999, 1]]}")
                .with("Idempotency-Key", "k")
                .send()
                .problem())
        .isEqualTo("422 invalid-batch");
    assertThat(post(name, "observe").body(ROWS).with("Idempotency-Key", "k").send().at("/outcome"))
        .isEqualTo("applied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "\u00e9"})
  void aKeyIsVisibleAscii(String key) {
    assertThat(
            post(created(client, TWO), "observe")
                .body(ROWS)
                .with("Idempotency-Key", key)
                .send()
                .problem())
        .isEqualTo("400 bad-parameter");
  }

  @Test
  void aKeyHasAtMost255Characters() {
    String name = created(client, TWO);
    assertThat(
            post(name, "observe")
                .body(ROWS)
                .with("Idempotency-Key", "k".repeat(255))
                .send()
                .status())
        .isEqualTo(200);
    assertThat(
            post(name, "observe")
                .body(ROWS)
                .with("Idempotency-Key", "k".repeat(256))
                .send()
                .problem())
        .isEqualTo("400 bad-parameter");
  }

  /// The first request holds its key while its body is still coming.
  @Test
  void aSecondRequestUnderAKeyInFlightIsToldToWait() throws IOException {
    String name = created(client, TWO);
    try (Socket first = begun(name)) {
      Exchange second = post(name, "observe").body(ROWS).with("Idempotency-Key", "k").send();
      assertThat(second.problem()).isEqualTo("409 idempotency-key-in-flight");
      assertThat(second.header("Retry-After")).isEqualTo("1");
      first.getOutputStream().write(ROWS.substring(1).getBytes(StandardCharsets.US_ASCII));
      assertThat(head(first)).startsWith("HTTP/1.1 200");
    }
    Exchange third = post(name, "observe").body(ROWS).with("Idempotency-Key", "k").send();
    assertThat(third.at("/outcome")).isEqualTo("duplicate");
  }

  /// A reset in the middle of a body is no failure of the service, and its key is free again.
  @Test
  void aClientThatGoesAwayLeavesNothingBehind(CapturedOutput output) throws IOException {
    String name = created(client, TWO);
    try (Socket gone = begun(name)) {
      gone.setSoLinger(true, 0);
    }
    Exchange next;
    do {
      next = post(name, "observe").body(ROWS).with("Idempotency-Key", "k").send();
    } while (next.status() == 409);
    assertThat(next.at("/outcome")).isEqualTo("applied");
    assertThat(output).doesNotContain(name + ":observe failed").doesNotContain("Connection reset");
  }

  /// A request under the key `k` whose body has begun: the server has said `100 Continue`, which it
  /// does when it begins to read.
  private Socket begun(String name) throws IOException {
    Socket socket = new Socket("localhost", port);
    socket.setSoTimeout(30_000);
    String head =
        "POST "
            + NORMALIZERS
            + name
            + ":observe HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Idempotency-Key: k\r\nExpect: 100-continue\r\nContent-Length: "
            + ROWS.length()
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    assertThat(head(socket)).startsWith("HTTP/1.1 100");
    socket.getOutputStream().write(ROWS.charAt(0));
    return socket;
  }

  private static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("after %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  @Test
  void aFrozenNormalizerNormalisesByItsRunningStatistics() {
    String name = created(client, TWO);
    train(name);
    Exchange.to(client, "POST", ADMIN + name + ":freeze").send();
    Exchange answer =
        post(name, "normalize?mode=training").body("{\"rows\": [[2, 15], [2, 15]]}").send();
    assertThat(answer.at("/outcome")).isEqualTo("frozen");
    assertThat(answer.at("/rows")).isEqualTo("[[0.0,0.0],[0.0,0.0]]");
    assertThat(answer.at("/version")).isEqualTo("3");
    assertThat(post(name, "observe").body(ROWS).send().at("/outcome")).isEqualTo("frozen");
    assertThat(post(name, "normalize?mode=training&onFrozen=reject").body(ROWS).send().problem())
        .isEqualTo("409 frozen");
    assertThat(post(name, "observe?onFrozen=reject").body(ROWS).send().problem())
        .isEqualTo("409 frozen");
    assertThat(statistic(name, "count")).isEqualTo("[2.0,2.0]");
  }

  @Test
  void aTrainingBatchHoldsForTheTagThatIsExpected() {
    String name = created(client, TWO);
    @Nullable String tag =
        Exchange.to(client, "GET", NORMALIZERS + name).send().header(HttpHeaders.ETAG);
    assertThat(post(name, "observe").body(ROWS).with("If-Match", tag).send().status())
        .isEqualTo(200);
    assertThat(post(name, "observe").body(ROWS).with("If-Match", tag).send().problem())
        .isEqualTo("412 version-mismatch");
    assertThat(post(name, "observe").body(ROWS).with("If-Match", "W/" + tag).send().problem())
        .isEqualTo("412 version-mismatch");
    assertThat(post(name, "observe").body(ROWS).with("If-Match", "\"nonsense\"").send().problem())
        .isEqualTo("412 version-mismatch");
    assertThat(post(name, "observe").body(ROWS).with("If-Match", "nonsense").send().problem())
        .isEqualTo("400 bad-parameter");
    assertThat(version(name)).isEqualTo("2");
  }

  /// The limit of the service under test is 1 MB.
  @Test
  void aBatchAboveTheLimitIsTooLargeHoweverItIsSent() {
    String name = created(client, TWO);
    String rows = "{\"rows\": [" + "[1, 10],".repeat(150_000) + "[3, 20]]}";
    Exchange refused = post(name, "normalize?mode=training").body(rows).send();
    assertThat(refused.problem()).isEqualTo("413 body-too-large");
    assertThat(refused.at("/detail")).contains("1048576");
    byte[] status =
        client
            .post()
            .uri(b -> URI.create(b.build() + NORMALIZERS + name + ":normalize?mode=training"))
            .contentType(MediaType.APPLICATION_JSON)
            .body(
                BodyInserters.fromDataBuffers(
                    chunks("{\"rows\": [", "[1, 10],", 150_000, "[3, 20]]}")))
            .exchange()
            .expectStatus()
            .isEqualTo(413)
            .expectBody()
            .returnResult()
            .getResponseBody();
    assertThat(new String(status, StandardCharsets.UTF_8)).contains("body-too-large");
    assertThat(
            post(name, "observe")
                .body("{\"columns\": {\"a\": [" + "1,".repeat(600_000) + "1]}}")
                .send()
                .problem())
        .isEqualTo("413 body-too-large");
    assertThat(
            Exchange.to(client, "PUT", NORMALIZERS + name + "/affine").body(rows).send().problem())
        .isEqualTo("413 body-too-large");
    assertThat(version(name)).isEqualTo("1");
  }

  /// 1.2 million rows of two features: above both the limit and the size of a part.
  @Test
  void anObservedBodyOfAnyLengthIsOneBatch() {
    String name = created(client, TWO);
    String answer =
        new String(
            client
                .post()
                .uri(b -> URI.create(b.build() + NORMALIZERS + name + ":observe"))
                .contentType(MediaType.APPLICATION_JSON)
                .body(
                    BodyInserters.fromDataBuffers(
                        chunks(
                            "{\"rows\": [",
                            "[1, 10],[3, 20],",
                            600_000,
                            "{\"a\": 2, \"b\": 15}]}")))
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseBody(),
            StandardCharsets.UTF_8);
    assertThat(answer).contains("\"outcome\":\"applied\",\"version\":2");
    assertThat(statistic(name, "rows")).isEqualTo("1200001");
    assertThat(statistic(name, "batches")).isEqualTo("1");
    assertThat(statistic(name, "mean")).isEqualTo("[2.0,15.0]");
  }

  private static Flux<DataBuffer> chunks(String first, String row, int rows, String last) {
    DefaultDataBufferFactory buffers = DefaultDataBufferFactory.sharedInstance;
    int each = 1000;
    return Flux.concat(
            Flux.just(first), Flux.just(row.repeat(each)).repeat(rows / each - 1L), Flux.just(last))
        .map(text -> buffers.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aFaultFarIntoAnObservedBodyIsCountedOverTheWholeAndNothingIsCounted() {
    String name = created(client, TWO);
    String body = "a,b\n" + "1,2\n".repeat(60_000) + "1,2,3\n" + "5,x\n";
    Exchange refused = post(name, "observe").body(body).as("text/csv").send();
    assertThat(refused.faults())
        .containsExactly("#/rows/60000 feature-count", "#/rows/60001/1 not-a-number");
    assertThat(version(name)).isEqualTo("1");
  }

  @Test
  void aNormalisedValueBeyondTheDoublesRefusesTheBatch() {
    String name =
        untrained(client, "{\"featureCount\": 1, \"affine\": {\"gamma\": [1e308], \"beta\": [0]}}");
    Exchange refused = post(name, "normalize").body("{\"rows\": [[1], [100]]}").send();
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly("#/rows/1/0 overflow");
  }

  private static final String FLAT =
      """
      {"features": [{"name": "a"}, {"name": "b", "min": 0, "max": 9}],
       "affine": {"gamma": [1.7e308, 1], "beta": [0, 0]}}
      """;

  /// 1.7e308 times 3 is none; the first row of three is left out, for its b.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'rows': [[0, 1], [3, 1]]} | #/rows/1/0",
        "{'rows': [[0, 1], {'a': 3, 'b': 1}]} | #/rows/1/a",
        "{'columns': {'a': [0, 3], 'b': [1, 1]}} | #/columns/a/1",
        "{'rows': [[0, 99], [0, 1], {'b': 1, 'a': 3}]} | #/rows/2/a"
      })
  void whatOverflowsIsPointedAtInTheBodysOwnWords(String body, String pointer) {
    String name = untrained(client, FLAT);
    Exchange refused =
        Exchange.to(
                client, "POST", NORMALIZERS + name + ":normalize?invalidRows=skip&maxSkipped=0.5")
            .body(body.replace('\'', '"'))
            .send();
    assertThat(refused.faults()).containsExactly(pointer + " overflow");
  }

  /// Little-endian doubles fill their array exactly, so that they are normalised in its place.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'featureCount': 2}|mode=training",
        "{'featureCount': 2}|mode=inference",
        "{'preset': 'river', 'featureCount': 2}|mode=training",
        "{'preset': 'scikit-learn', 'featureCount': 2}|mode=training"
      })
  void binaryAnswersWhatJsonAnswersAlsoWhereFrozen(String definition, String query) {
    String name = created(client, definition.replace('\'', '"'));
    String json = "{\"rows\": [[1, 10], [2, 1e6], [4, -3]]}";
    ByteBuffer rows = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    rows.asDoubleBuffer().put(new double[] {1, 10, 2, 1e6, 4, -3});
    post(name, "normalize?mode=training").body(json).send();
    Exchange.to(client, "POST", "/api/v1/admin/normalizers/" + name + ":freeze").body("{}").send();
    JsonNode expected = post(name, "normalize?" + query).body(json).send().json().path("rows");
    byte[] answer =
        post(name, "normalize?" + query)
            .as("application/octet-stream")
            .body(rows.array())
            .send()
            .bytes();
    DoubleBuffer y = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    assertThat(y.remaining()).isEqualTo(6);
    for (int i = 0; i < 6; i++) {
      assertThat(y.get(i)).isEqualTo(expected.path(i / 2).path(i % 2).doubleValue());
    }
  }
}
