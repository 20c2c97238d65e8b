package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Section 2 of the HTTP contract: streams of batches.
@ServiceUnderTest
@ExtendWith(OutputCaptureExtension.class)
class StreamHttpTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final String ONE = "{\"featureCount\": 1}";
  private static final String RANGED =
      "{\"features\": [{\"name\": \"a\", \"min\": 0, \"max\": 100}, {\"name\": \"b\"}]}";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired private WebTestClient client;

  @LocalServerPort private int port;

  private Exchange.Request train(String name, String query) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?mode=training" + query)
        .as(NDJSON);
  }

  private Exchange.Request infer(String name, String query) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize" + query).as(NDJSON);
  }

  private String count(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send().at("/count/0");
  }

  private static String numbered(int from, int to) {
    StringBuilder lines = new StringBuilder();
    IntStream.range(from, to).forEach(i -> lines.append('[').append(i).append("]\n"));
    return lines.toString();
  }

  /// The lines of an answer, batches and the end in short: `batch 0 4 applied`, `summary 3 10 3 0
  /// 0`, `problem invalid-batch`.
  private static List<String> told(Exchange answer) {
    assertThat(answer.text()).endsWith("\n");
    return answer.text().lines().map(StreamHttpTest::told).toList();
  }

  private static String told(String line) {
    if (!line.startsWith("{\"batch\"")
        && !line.startsWith("{\"summary\"")
        && !line.startsWith("{\"problem\"")) {
      return line;
    }
    JsonNode node = JSON.readTree(line);
    JsonNode batch = node.path("batch");
    JsonNode summary = node.path("summary");
    if (batch.isObject()) {
      return "batch %s %s %s"
          .formatted(batch.path("index"), batch.path("rows"), batch.path("outcome").asString());
    }
    return summary.isObject()
        ? "summary %s %s %s %s %s"
            .formatted(
                summary.path("batches"),
                summary.path("rows"),
                summary.path("applied"),
                summary.path("duplicate"),
                summary.path("frozen"))
        : "problem " + node.at("/problem/type").asString().replace("urn:evenkeel:problem:", "");
  }

  /// Exact by hand: each pair has a mean in its middle and a biased deviation of half its distance.
  @Test
  void aTrainingIsAnsweredBatchByBatchAndSummedUp() {
    String name = created(client, ONE);
    Exchange answer =
        train(name, "&batchRows=2").body("[1]\n[3]\n{\"f0\": 5}\n[9]\n[0]\n[1]").send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo(NDJSON);
    assertThat(told(answer))
        .containsExactly(
            "[-1.0]",
            "[1.0]",
            "batch 0 2 applied",
            "{\"f0\":-1.0}",
            "[1.0]",
            "batch 1 2 applied",
            "[-1.0]",
            "[1.0]",
            "batch 2 2 applied",
            "summary 3 6 3 0 0");
    assertThat(answer.text()).contains("\"version\":2", "\"version\":4}}");
    assertThat(count(name)).isEqualTo("6.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "application/jsonl", "application/ndjson"})
  void rowsALineGoByThreeNames(String type) {
    Exchange answer = infer(untrained(client, ONE), "").as(type).body("[1]\n\n[2]\n").send();
    assertThat(answer.text()).isEqualTo("[1.0]\n[2.0]\n");
    assertThat(answer.header("Content-Type")).isEqualTo(NDJSON);
  }

  /// `minimumBatchRows` is 2: a single row at the end joins the batch before.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8|batch 0 4 applied, batch 1 4 applied",
        "9|batch 0 4 applied, batch 1 5 applied",
        "10|batch 0 4 applied, batch 1 4 applied, batch 2 2 applied",
        "4|batch 0 4 applied",
        "5|batch 0 5 applied",
        "2|batch 0 2 applied"
      })
  void aLastBatchThatIsTooSmallJoinsTheOneBefore(int rows, String batches) {
    String name = created(client, ONE);
    List<String> told = told(train(name, "&batchRows=4").body(numbered(0, rows)).send());
    assertThat(String.join(", ", told.stream().filter(line -> line.startsWith("batch")).toList()))
        .isEqualTo(batches);
    assertThat(count(name)).isEqualTo(rows + ".0");
  }

  @Test
  void aStreamSentAgainCountsNothingTwice() {
    String name = created(client, ONE);
    Exchange first =
        train(name, "&batchRows=4").with("Idempotency-Key", "s").body(numbered(0, 7)).send();
    assertThat(told(first)).contains("summary 2 7 2 0 0");
    Exchange again =
        train(name, "&batchRows=4").with("Idempotency-Key", "s").body(numbered(0, 12)).send();
    assertThat(told(again))
        .contains("batch 0 4 duplicate")
        .endsWith("problem idempotency-key-reused");
    assertThat(count(name)).isEqualTo("7.0");
    String longer = created(client, ONE);
    train(longer, "&batchRows=4").with("Idempotency-Key", "s").body(numbered(0, 8)).send();
    Exchange whole =
        train(longer, "&batchRows=4").with("Idempotency-Key", "s").body(numbered(0, 12)).send();
    assertThat(told(whole)).endsWith("summary 3 12 1 2 0");
    assertThat(whole.text()).contains("\"appliedVersion\":2");
    Exchange otherwise =
        train(longer, "&batchRows=3").with("Idempotency-Key", "s").body(numbered(0, 12)).send();
    assertThat(otherwise.problem()).isEqualTo("422 idempotency-key-reused");
    assertThat(count(longer)).isEqualTo("12.0");
  }

  private Exchange.Request whole(String name, String call) {
    return Exchange.to(client, "POST", NORMALIZERS + name + call)
        .with("Idempotency-Key", "s")
        .body("{\"rows\": [[1], [2]]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {":normalize?mode=training", ":observe"})
  void oneKeyIsNotForAStreamAndForAWholeBatch(String call) {
    String streamed = created(client, ONE);
    Exchange stream =
        train(streamed, "&batchRows=2").with("Idempotency-Key", "s").body(numbered(1, 3)).send();
    assertThat(told(stream)).endsWith("summary 1 2 1 0 0");
    assertThat(whole(streamed, call).send().problem()).isEqualTo("422 idempotency-key-reused");
    assertThat(count(streamed)).isEqualTo("2.0");
    String batch = created(client, ONE);
    assertThat(whole(batch, call).send().status()).isEqualTo(200);
    Exchange refused =
        train(batch, "&batchRows=2").with("Idempotency-Key", "s").body(numbered(1, 3)).send();
    assertThat(refused.problem()).isEqualTo("422 idempotency-key-reused");
    assertThat(count(batch)).isEqualTo("2.0");
  }

  /// The first batch met a frozen normalizer, so that only the second one has counted.
  @Test
  void aKeyIsBoundToAStreamByWhicheverOfItsBatchesCountsFirst() {
    String name = untrained(client, ONE);
    Exchange.to(client, "POST", ADMIN + name + ":freeze").body("{}").send();
    Exchange.Request stream =
        train(name, "&batchRows=2").with("Idempotency-Key", "s").body(numbered(0, 4));
    assertThat(told(stream.send())).endsWith("summary 2 4 0 0 2");
    Exchange.to(client, "POST", ADMIN + name + ":unfreeze").body("{}").send();
    assertThat(told(stream.send())).endsWith("summary 2 4 2 0 0");
    Exchange command =
        Exchange.to(client, "POST", ADMIN + name + ":reset")
            .with("Idempotency-Key", "s")
            .body("{}")
            .send();
    assertThat(command.problem()).isEqualTo("422 idempotency-key-reused");
    Exchange otherwise =
        train(name, "&batchRows=3").with("Idempotency-Key", "s").body(numbered(10, 16)).send();
    assertThat(otherwise.problem()).isEqualTo("422 idempotency-key-reused");
    assertThat(told(stream.send())).endsWith("summary 2 4 0 2 0");
    assertThat(count(name)).isEqualTo("4.0");
  }

  @Test
  void aFaultBehindACompleteBatchNeitherUndoesNorHoldsItBack() {
    for (String rest :
        List.of("[3, 4]\n[5]\n", "[\"x\"]\n", "[7", "nonsense", "[1e999]\n[2]\n", "[1e999]")) {
      String name = created(client, ONE);
      Exchange answer = train(name, "&batchRows=2").body("[1]\n[2]\n" + rest).send();
      assertThat(told(answer)).as(rest).startsWith("[-1.0]", "[1.0]", "batch 0 2 applied");
      assertThat(told(answer)).as(rest).hasSize(4).last().asString().startsWith("problem ");
      assertThat(count(name)).as(rest).isEqualTo("2.0");
    }
  }

  @Test
  void faultsAreToldByTheirPlaceInTheWholeStream() {
    String name = created(client, RANGED);
    Exchange answer =
        train(name, "&batchRows=2").body("[1, 2]\n[3, 4]\n[5, 6]\n{\"b\": 1, \"a\": 101}\n").send();
    JsonNode problem = JSON.readTree(answer.text().lines().toList().getLast()).path("problem");
    assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("#/rows/3/a");
    assertThat(problem.at("/status").asInt()).isEqualTo(422);
    Exchange broken = train(name, "&batchRows=2").body("[1, 2]\n[3, 4]\n[5, 6]\n[7, ]\n").send();
    JsonNode syntax = JSON.readTree(broken.text().lines().toList().getLast()).path("problem");
    assertThat(syntax.at("/line").asInt()).isEqualTo(4);
    assertThat(syntax.at("/column").asInt()).isEqualTo(5);
  }

  /// What overflows is found once the batch is admitted, and is told as the body counts.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/x-ndjson|[1];[2];[3];{'f0': 1e10};|#/rows/3/f0",
        "application/x-ndjson|{'f0': 1};{'f0': 2};[3];[1e10];|#/rows/3/0",
        "application/json|{'rows': [[1], [2], [3], {'f0': 1e10}]}|#/rows/3/f0",
        "text/csv|f0;1;2;3;1e10;|#/rows/3/0"
      })
  void anOverflowIsToldByItsPlaceInTheWholeStream(String type, String body, String pointer) {
    String name =
        untrained(client, "{\"featureCount\": 1, \"affine\": {\"gamma\": [1e300], \"beta\": [0]}}");
    Exchange answer =
        infer(name, "?batchRows=2")
            .as(type)
            .body(body.replace('\'', '"').replace(';', '\n'))
            .send();
    JsonNode problem = JSON.readTree(answer.text().lines().toList().getLast()).path("problem");
    assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
    assertThat(problem.at("/errors/0/code").asString()).isEqualTo("overflow");
  }

  /// Behind the rows of the batches before. The client's fault is none of the service's, so that
  /// nothing is logged.
  @Test
  void anAnswerWithoutLinesIsCutOffWhereTheStreamBreaksOff(CapturedOutput output)
      throws IOException {
    String name = untrained(client, ONE);
    ByteBuffer rows = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    rows.putDouble(1).putDouble(3).putDouble(Double.NaN).putDouble(5);
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket("localhost", port)) {
        OutputStream out = socket.getOutputStream();
        out.write(
            ("POST "
                    + NORMALIZERS
                    + name
                    + ":normalize?batchRows=2 HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/octet-stream\r\nContent-Length: 32\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(rows.array());
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("\r\n\r\n10\r\n");
        assertThat(answer).doesNotContain("\r\n0\r\n");
      }
    }
    assertThat(output).doesNotContain(" ERROR ");
  }

  @Test
  void aFaultBeforeTheFirstAnswerFailsTheRequest() {
    String name = created(client, RANGED);
    assertThat(train(name, "&batchRows=2").body("[1, 2]\n[101, 4]\n[5, 6]\n").send().faults())
        .containsExactly("#/rows/1/0 out-of-range");
    assertThat(train(name, "").body("[1, 2]\n[1 2]").send().problem())
        .isEqualTo("400 unreadable-body");
    assertThat(train(name, "").body("").send().faults()).containsExactly("#/rows empty-batch");
    assertThat(train(name, "").body("[1, 2]\n").send().faults())
        .containsExactly("#/rows batch-too-small");
    assertThat(train(name, "").body("[1, 2] [3, 4]\n").send().problem())
        .isEqualTo("400 unreadable-body");
    assertThat(train(name, "").body("[1,\n2]\n[3, 4]").send().problem())
        .isEqualTo("400 unreadable-body");
    assertThat(train("nobody", "").body("[1]\n[2]").send().problem())
        .isEqualTo("404 unknown-normalizer");
    assertThat(count(name)).isEqualTo("0.0");
  }

  /// The batch waits for the log while the fault behind it is found.
  @Test
  void aBatchThatIsRefusedIsToldBeforeAFaultBehindIt() {
    String name = created(client, ONE);
    for (int i = 0; i < 20; i++) {
      Exchange answer =
          train(name, "&batchRows=2").with("If-Match", "\"none\"").body("[1]\n[2]\n[x]").send();
      assertThat(answer.problem()).isEqualTo("412 version-mismatch");
    }
    assertThat(count(name)).isEqualTo("0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/x-ndjson|&batchRows=0",
        "application/x-ndjson|&batchRows=1",
        "application/x-ndjson|&batchRows=x",
        "application/x-ndjson|&batchRows=",
        "application/x-ndjson|&batchMillis=10",
        "application/x-ndjson|&control=maybe",
        "application/json|&control=false",
        "text/csv|&batchMillis=10"
      })
  void whatAStreamCannotBeAskedForIsABadParameter(String type, String query) {
    assertThat(train(created(client, ONE), query).as(type).body("[1]\n[2]\n").send().problem())
        .isEqualTo("400 bad-parameter");
  }

  @Test
  void noJsonDocumentAnswersAStream() {
    assertThat(
            infer(created(client, ONE), "")
                .with("Accept", "application/json")
                .body("[1]\n")
                .send()
                .problem())
        .isEqualTo("406 not-acceptable");
  }

  @Test
  void csvIsCutIntoBatchesAndAnsweredUnderOneHeader() {
    String name = created(client, RANGED);
    String table = "b,id,a\n1,x,10\n3,y,20\n5,z,10\n7,\"w,\",20\n";
    Exchange answer = train(name, "&batchRows=2&extra=keep").as("text/csv").body(table).send();
    assertThat(answer.header("Content-Type")).isEqualTo("text/csv");
    assertThat(told(answer))
        .containsExactly(
            "b,id,a",
            "-1.0,x,-1.0",
            "1.0,y,1.0",
            "batch 0 2 applied",
            "-1.0,z,-1.0",
            "1.0,\"w,\",1.0",
            "batch 1 2 applied",
            "summary 2 4 2 0 0");
    Exchange plain =
        train(name, "&batchRows=2&control=false&extra=ignore").as("text/csv").body(table).send();
    assertThat(told(plain)).containsExactly("b,a", "-1.0,-1.0", "1.0,1.0", "-1.0,-1.0", "1.0,1.0");
    Exchange lines =
        train(name, "&batchRows=2&control=false&extra=ignore")
            .as("text/csv")
            .with("Accept", NDJSON)
            .body(table)
            .send();
    assertThat(told(lines))
        .containsExactly(
            "[-1.0,-1.0]", "[1.0,1.0]", "[-1.0,-1.0]", "[1.0,1.0]", "summary 2 4 2 0 0");
    Exchange none = infer(name, "?batchRows=2").as("text/csv").body("b,a\n").send();
    assertThat(none.text()).isEqualTo("b,a\n");
  }

  @Test
  void weightsOfAStreamComeInAColumnOrAMember() {
    for (String type : List.of("text/csv", NDJSON)) {
      String name = created(client, ONE);
      String body =
          type.equals(NDJSON)
              ? "{\"f0\": 1, \"w\": 1}\n"
                  + "{\"w\": 3, \"f0\": 5}\n"
                  + "{\"f0\": 0, \"w\": 2}\n"
                  + "{\"f0\": 2, \"w\": 2}\n"
              : "f0,w\n1,1\n5,3\n0,2\n2,2\n";
      Exchange answer = train(name, "&batchRows=2&weightColumn=w").as(type).body(body).send();
      assertThat(told(answer)).as(type).endsWith("summary 2 4 2 0 0");
      assertThat(count(name)).as(type).isEqualTo("8.0");
      // (1 + 15 + 0 + 4) / 8
      assertThat(
              Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send().at("/mean/0"))
          .as(type)
          .isEqualTo("2.5");
    }
    String name = created(client, ONE);
    assertThat(
            train(name, "&weightColumn=w")
                .body("{\"f0\": 1}\n{\"f0\": 1, \"w\": -1}\n[3]")
                .send()
                .faults())
        .containsExactlyInAnyOrder(
            "#/rows/0 not-null", "#/weights/1 negative", "#/rows/2 not-null");
  }

  @Test
  void binaryRowsAreCutIntoBatches() {
    String name = created(client, ONE);
    ByteBuffer rows = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    for (double x : new double[] {1, 3, 5, 9, 8}) {
      rows.putDouble(x);
    }
    Exchange answer =
        train(name, "&batchRows=2").as("application/octet-stream").body(rows.array()).send();
    ByteBuffer answered = ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(answered.remaining()).isEqualTo(40);
    assertThat(answered.getDouble(0)).isEqualTo(-1);
    assertThat(answered.getDouble(8)).isEqualTo(1);
    Exchange lines =
        train(name, "&batchRows=2")
            .as("application/octet-stream")
            .with("Accept", NDJSON)
            .body(rows.array())
            .send();
    assertThat(told(lines))
        .contains("batch 0 2 applied", "batch 1 3 applied")
        .endsWith("summary 2 5 2 0 0");
  }

  @Test
  void jsonCutIntoBatchesIsAnsweredInLines() {
    String name = created(client, ONE);
    Exchange answer =
        train(name, "&batchRows=2")
            .as("application/json")
            .body("{\"weights\": [1, 1, 1, 1], \"rows\": [[1], [3], [5], [9]]}")
            .send();
    assertThat(answer.header("Content-Type")).isEqualTo(NDJSON);
    assertThat(told(answer))
        .containsExactly(
            "[-1.0]",
            "[1.0]",
            "batch 0 2 applied",
            "[-1.0]",
            "[1.0]",
            "batch 1 2 applied",
            "summary 2 4 2 0 0");
  }

  @Test
  void rowsThatAreSkippedAreToldByTheirPlaceInTheWholeStream() {
    String name = created(client, RANGED);
    Exchange answer =
        train(name, "&batchRows=3&invalidRows=skip&maxSkipped=0.5")
            .body("[1, 1]\n[3, 3]\n[2, 2]\n[1, 1]\n[999, 1]\n[3, 3]\n")
            .send();
    assertThat(told(answer)).contains("null", "batch 1 3 applied");
    assertThat(answer.text()).contains("\"skipped\":[{\"row\":4,\"code\":\"out-of-range\"}]");
    assertThat(count(name)).isEqualTo("5.0");
  }

  @Test
  void aFrozenNormalizerAnswersTheStreamAndCountsNothing() {
    String name = untrained(client, ONE);
    Exchange.to(client, "POST", ADMIN + name + ":freeze").send();
    assertThat(told(train(name, "&batchRows=2").body(numbered(0, 4)).send()))
        .endsWith("summary 2 4 0 0 2");
    assertThat(train(name, "&batchRows=2&onFrozen=reject").body(numbered(0, 4)).send().problem())
        .isEqualTo("409 frozen");
    assertThat(count(name)).isEqualTo("0.0");
  }

  @Test
  void observeTakesRowsALineAsOneBatch() {
    String name = created(client, ONE);
    Exchange answer =
        Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
            .as(NDJSON)
            .body(numbered(0, 1000) + "\n\n")
            .send();
    assertThat(answer.at("/version")).isEqualTo("2");
    assertThat(count(name)).isEqualTo("1000.0");
  }

  private Socket open(String name, String query) throws IOException {
    Socket socket = new Socket("localhost", port);
    socket.setSoTimeout(20_000);
    send(
        socket,
        "POST "
            + NORMALIZERS
            + name
            + ":normalize"
            + query
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static void chunk(Socket socket, String text) throws IOException {
    send(socket, Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  private static String until(BufferedReader in, String wanted) throws IOException {
    String line = in.readLine();
    while (line != null && !line.contains(wanted)) {
      line = in.readLine();
    }
    return String.valueOf(line);
  }

  /// A client that waits for its answer before it sends more is answered without its batch being
  /// full.
  @Test
  void inferenceDoesNotWaitForABatchToBeFull() throws IOException {
    try (Socket socket = open(untrained(client, ONE), "?batchRows=1000&batchMillis=20")) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (int i = 0; i < 5; i++) {
        chunk(socket, "\n[" + i + "]\n");
        assertThat(until(in, "[")).isEqualTo("[" + i + ".0]");
      }
      send(socket, "0\r\n\r\n");
    }
  }

  @Test
  void aTrainingBatchIsAnsweredWhileTheStreamGoesOn() throws IOException {
    String name = created(client, ONE);
    try (Socket socket = open(name, "?mode=training&batchRows=2")) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      chunk(socket, "[1]\n[2]\n[3]\n[4");
      chunk(socket, "]\n");
      assertThat(until(in, "batch")).contains("\"index\":0");
      assertThat(count(name)).isEqualTo("2.0");
      chunk(socket, "[5]\n[6]\n");
      assertThat(until(in, "batch")).contains("\"index\":1");
    }
    assertThat(count(name)).isEqualTo("4.0");
  }

  /// Nobody reads the answer: after what the sockets' and a few of the service's buffers hold, no
  /// more is taken from the sender.
  @Test
  void aSlowReaderSlowsItsOwnProducer(CapturedOutput output) throws IOException {
    String name = untrained(client, ONE);
    byte[] rows = numbered(0, 20_000).getBytes(StandardCharsets.US_ASCII);
    byte[] size = (Integer.toHexString(rows.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] head =
        ("POST "
                + NORMALIZERS
                + name
                + ":normalize HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    long taken = 0;
    try (SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
        Selector selector = Selector.open()) {
      channel.write(ByteBuffer.wrap(head));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer[] chunk = {
        ByteBuffer.wrap(size), ByteBuffer.wrap(rows), ByteBuffer.wrap(new byte[] {'\r', '\n'})
      };
      while (taken < 256L << 20 && selector.select(1_000) > 0) {
        selector.selectedKeys().clear();
        taken += channel.write(chunk);
        if (!chunk[2].hasRemaining()) {
          for (ByteBuffer part : chunk) {
            part.rewind();
          }
        }
      }
    }
    assertThat(taken).isBetween(1L << 16, 64L << 20);
    assertThat(infer(name, "").body("[1]\n").send().text()).isEqualTo("[1.0]\n");
    assertThat(output).doesNotContain("ERROR");
  }
}
