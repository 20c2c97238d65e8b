package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Section 1 of the HTTP contract: what a definition forbids is never counted after the version
/// that forbids it, although it was on its way before.
@ServiceUnderTest
class DefinitionInForceHttpTest {
  private static final String WIDE = definition("\"max\": 100");
  private static final String NARROW = definition("\"max\": 10");
  private static final String CLIPPED = definition("\"max\": 10, \"onOutOfRange\": \"clip\"");
  private static final String V2 =
      "{\"parameters\": {\"mode\": \"training\"}, \"inputs\": [{\"name\": \"x\", \"shape\": [2, 1],"
          + " \"datatype\": \"FP64\", \"data\": [5, 50]}]}";

  @Autowired private WebTestClient client;

  @LocalServerPort private int port;

  private static String definition(String range) {
    return "{\"features\": [{\"name\": \"a\", %s}]}".formatted(range);
  }

  private void redefine(String name, String definition) {
    Exchange before = Exchange.to(client, "GET", NORMALIZERS + name).send();
    Exchange changed =
        Exchange.to(client, "PUT", NORMALIZERS + name + "/definition")
            .with("If-Match", String.valueOf(before.header("ETag")))
            .body(definition)
            .send();
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
  }

  private Exchange statistics(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send();
  }

  private String version(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version");
  }

  private Answer sentInHalves(String path, String type, byte[] body, Runnable between)
      throws IOException {
    return sentInHalves(path, type, body, body.length / 2, between);
  }

  private Answer sentInHalves(String path, String type, byte[] body, int half, Runnable between)
      throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send(
          ("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n"
                  + "Accept: application/problem+json, */*\r\nExpect: 100-continue\r\n\r\n")
              .formatted(path, type, body.length));
      // said when the service begins to read the body, for the definition that it has looked up
      assertThat(connection.answer().status()).isEqualTo(100);
      connection.send(Arrays.copyOf(body, half));
      between.run();
      connection.send(Arrays.copyOfRange(body, half, body.length));
      return connection.answer();
    }
  }

  private static byte[] doubles(double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  private static byte[] body(String type) {
    return switch (type) {
      case "application/json" -> bytes("{\"rows\": [[5], [50]]}");
      case "text/csv" -> bytes("a\n5\n50\n");
      case "application/x-ndjson" -> bytes("[5]\n[50]\n");
      case "v2" -> bytes(V2);
      case "moments" ->
          bytes(
              "{\"moments\": {\"count\": [2], \"mean\": [27.5], \"m2\": [1012.5], \"min\": [5],"
                  + " \"max\": [50]}}");
      default -> doubles(5, 50);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    ":normalize?mode=training, application/json",
    ":normalize?mode=training, text/csv",
    ":normalize?mode=training, application/octet-stream",
    ":normalize?mode=training, application/x-ndjson",
    ":normalize?mode=training&batchRows=2, text/csv",
    ":observe, application/json",
    ":observe, text/csv",
    ":observe, application/x-ndjson",
    ":observe, application/octet-stream",
    ":observe, moments",
    "infer, v2"
  })
  void aBatchThatANewDefinitionForbidsIsNotCounted(String call, String type) throws IOException {
    String name = created(client, WIDE);
    String path =
        call.equals("infer") ? "/v2/models/" + name + "/infer" : NORMALIZERS + name + call;
    String mediaType = type.contains("/") ? type : "application/json";
    Answer answer = sentInHalves(path, mediaType, body(type), () -> redefine(name, NARROW));
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    // the open inference protocol tells errors in one text, without codes
    assertThat(answer.text()).contains(call.equals("infer") ? "its range is" : "out-of-range");
    assertThat(statistics(name).at("/count/0")).isEqualTo("0.0");
    assertThat(version(name)).isEqualTo("2");
  }

  /// Its columns may mean other features now: nobody can tell what the client would have sent.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ":normalize?mode=training|text/csv|{'features': [{'name': 'b'}], 'renamed': {'a': 'b'}}",
        ":normalize|application/json|{'features': [{'name': 'b'}], 'renamed': {'a': 'b'}}",
        ":normalize?mode=training|application/json|{'features': [{'name': 'a'}, {'name': 'b'}]}",
        ":normalize?mode=training|application/octet-stream|{'features': [{'name': 'a'}, {'name':"
            + " 'b'}]}",
        ":normalize|application/json|{'features': [{'name': 'a'}, {'name': 'b'}]}",
        ":observe|text/csv|{'features': [{'name': 'a'}, {'name': 'b'}]}",
        ":observe|application/x-ndjson|{'features': [{'name': 'a'}], 'absent': 'missing'}",
        "infer|v2|{'features': [{'name': 'a'}, {'name': 'b'}]}"
      },
      quoteCharacter = '`')
  void aBatchThatWasReadForOtherFeaturesIsNotCounted(String call, String type, String next)
      throws IOException {
    String name = created(client, WIDE);
    String path =
        call.equals("infer") ? "/v2/models/" + name + "/infer" : NORMALIZERS + name + call;
    String mediaType = type.contains("/") ? type : "application/json";
    Answer answer =
        sentInHalves(path, mediaType, body(type), () -> redefine(name, next.replace('\'', '"')));
    assertThat(answer.status()).as(answer.text()).isEqualTo(409);
    assertThat(answer.text())
        .contains(
            call.equals("infer") ? "Definition conflict" : "definition-conflict",
            "was changed while this batch was on its way");
    assertThat(statistics(name).at("/count/0")).isEqualTo("0.0");
    assertThat(version(name)).isEqualTo("2");
  }

  @Test
  void aStreamEndsWhereFeaturesAreAdded() throws IOException {
    String name = created(client, WIDE);
    try (Stream stream = training(name)) {
      redefine(name, "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
      stream.send("[5]\n[7]\n[5]\n");
      stream.end();
      assertThat(stream.await("problem")).contains("definition-conflict");
    }
    assertThat(statistics(name).at("/count")).isEqualTo("[2.0,0.0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {":normalize?mode=training", ":observe"})
  void aBatchThatANewDefinitionAllowsIsCounted(String call) throws IOException {
    String name = created(client, NARROW);
    Answer answer =
        sentInHalves(
            NORMALIZERS + name + call,
            "application/json",
            body("application/json"),
            () -> redefine(name, WIDE));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(statistics(name).at("/max/0")).isEqualTo("50.0");
  }

  /// A million numbers and more have become moments before the definition changes.
  @ParameterizedTest
  @CsvSource({"'\"max\": 10', 409", "'\"max\": 100', 200"})
  void aLongBodyIsCountedOnlyIfItsRowsAreStillAdmitted(String range, int status)
      throws IOException {
    String name = created(client, WIDE);
    double[] values = new double[(1 << 20) + 1024];
    Arrays.setAll(values, i -> 1 + i % 2);
    byte[] body = doubles(values);
    Answer answer =
        sentInHalves(
            NORMALIZERS + name + ":observe",
            "application/octet-stream",
            body,
            body.length - 8,
            () -> {
              String clipped = definition(range).replace("}]", "}], \"clip\": 3");
              redefine(name, clipped);
            });
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    if (status == 409) {
      assertThat(answer.text()).contains("definition-conflict", "send the batch again");
    }
    assertThat(statistics(name).at("/count/0"))
        .isEqualTo(status == 200 ? Double.toString(values.length) : "0.0");
  }

  /// A stream on its way, of which each line is taken as it comes.
  private final class Stream implements AutoCloseable {
    private final Socket socket = new Socket("127.0.0.1", port);
    private final BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

    Stream(String path) throws IOException {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              bytes(
                  "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                          .formatted(path)
                      + "Transfer-Encoding: chunked\r\n\r\n"));
    }

    void send(String rows) throws IOException {
      socket
          .getOutputStream()
          .write(bytes(Integer.toHexString(rows.length()) + "\r\n" + rows + "\r\n"));
    }

    void end() throws IOException {
      socket.getOutputStream().write(bytes("0\r\n\r\n"));
    }

    /// The first line with this text.
    String await(String text) throws IOException {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.contains(text)) {
          return line;
        }
      }
      throw new AssertionError("the stream has ended without " + text);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Stream training(String name) throws IOException {
    Stream stream = new Stream(NORMALIZERS + name + ":normalize?mode=training&batchRows=2");
    stream.send("[5]\n[7]\n[5]\n[7]\n");
    stream.await("\"index\":0");
    return stream;
  }

  @Test
  void theNextBatchOfAStreamMeetsTheNewDefinition() throws IOException {
    String name = created(client, WIDE);
    try (Stream stream = training(name)) {
      // the second batch is complete once the next row has come
      redefine(name, NARROW);
      stream.send("[50]\n[51]\n[5]\n");
      stream.end();
      assertThat(stream.await("problem")).contains("out-of-range");
    }
    assertThat(statistics(name).at("/max/0")).isEqualTo("7.0");
  }

  @Test
  void theNextBatchOfAStreamMissesANormalizerThatIsGone() throws IOException {
    String name = created(client, WIDE);
    try (Stream stream = training(name)) {
      assertThat(Exchange.to(client, "DELETE", NORMALIZERS + name).send().status()).isEqualTo(204);
      stream.send("[5]\n[7]\n[5]\n[7]\n");
      stream.end();
      assertThat(stream.await("problem")).contains("unknown-normalizer");
    }
  }

  private Stream inference(String name) throws IOException {
    Stream stream = new Stream(NORMALIZERS + name + ":normalize?batchRows=1");
    stream.send("[5]\n");
    stream.await("[5.0]");
    return stream;
  }

  /// Exact by hand: by mean 0 and variance 1 before any batch, and by 2 and 1 after 1, 2, 3.
  @Test
  void theNextBatchOfAnInferenceStreamIsByTheStatisticsAndTheSnapshotOfThen() throws IOException {
    String name = untrained(client, "{\"featureCount\": 1}");
    try (Stream stream = inference(name)) {
      Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
          .body("{\"rows\": [[1], [2], [3]]}")
          .send();
      stream.send("[3]\n");
      stream.await("[1.0]");
      Exchange.to(client, "POST", ADMIN + name + "/snapshots").body("{\"label\": \"kept\"}").send();
      Exchange.to(client, "POST", ADMIN + name + ":reset").body("{}").send();
      stream.send("[4]\n");
      stream.await("[4.0]");
      Exchange served =
          Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
              .body("{\"snapshot\": \"kept\"}")
              .send();
      assertThat(served.status()).as(served.text()).isEqualTo(200);
      stream.send("[4]\n");
      stream.await("[2.0]");
      redefine(name, "{\"featureCount\": 1, \"clip\": 1, \"untrained\": \"identity\"}");
      Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
          .body("{\"snapshot\": null}")
          .send();
      stream.send("[4]\n");
      stream.await("[1.0]");
      Exchange.to(client, "DELETE", NORMALIZERS + name).send();
      stream.send("[4]\n");
      assertThat(stream.await("problem")).contains("unknown-normalizer");
    }
  }

  /// Values that were moved into a range are held against the next one as they were sent.
  @Test
  void aStreamThatIsSentAgainUnderAnotherDefinitionCountsNothingTwice() {
    String name = created(client, CLIPPED);
    Exchange.Request stream =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?mode=training&batchRows=2")
            .as("application/x-ndjson")
            .with("Idempotency-Key", "k")
            .body("[5]\n[50]\n");
    assertThat(stream.send().text()).contains("\"applied\":1");
    redefine(name, WIDE);
    assertThat(stream.send().text()).contains("\"duplicate\":1");
    assertThat(statistics(name).at("/count/0")).isEqualTo("2.0");
  }
}
