package io.evenkeel.http.body;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Codings on every route: bodies in, answers out.
@ServiceUnderTest
class CodingsHttpTest {
  private static final String TWO = "{\"featureCount\": 2}";
  private static final String ROWS = "{\"rows\": [[1, 10], [3, 20]]}";

  /// Normalised rows of it are about 200 KB.
  private static final String MANY =
      IntStream.range(0, 5000)
          .mapToObj(i -> "[" + i / 7.0 + "," + i / 11.0 + "]")
          .collect(Collectors.joining(",", "{\"rows\": [", "]}"));

  @Autowired private WebTestClient client;
  @LocalServerPort private int port;

  private static byte[] coded(Coding coding, String plain) {
    return coded(coding, plain.getBytes(UTF_8));
  }

  private static byte[] coded(Coding coding, byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream coder = coding.compressing(bytes)) {
      coder.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static String plain(Answer answer) {
    String word = answer.header("content-encoding");
    if (word == null) {
      return answer.text();
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 15];
    try (Decompression decompression =
        Coding.of(word).orElseThrow().decompression(MemoryShare.UNLIMITED)) {
      decompression.give(answer.body());
      for (int n = decompression.next(piece); n > 0; n = decompression.next(piece)) {
        plain.write(piece, 0, n);
      }
      decompression.finish();
    }
    return plain.toString(UTF_8);
  }

  private Exchange.Request sent(String method, String path, Coding coding, byte[] body) {
    return Exchange.to(client, method, path).body(body).with("Content-Encoding", coding.word());
  }

  private Answer asked(String method, String path, String body, String... headers)
      throws IOException {
    try (Connection connection = new Connection(port)) {
      byte[] bytes = body.getBytes(UTF_8);
      StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      connection.send(head + "Host: localhost\r\nContent-Length: " + bytes.length + "\r\n\r\n");
      connection.send(bytes);
      return connection.answer();
    }
  }

  private String version(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version");
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void everyBodyMayBeCoded(Coding coding) {
    String name = "coded-" + coding.word();
    assertThat(sent("PUT", NORMALIZERS + name, coding, coded(coding, TWO)).send().status())
        .isEqualTo(201);
    assertThat(
            sent("POST", NORMALIZERS + name + ":observe", coding, coded(coding, "f0,f1\n1,10\n"))
                .as("text/csv")
                .send()
                .at("/version"))
        .isEqualTo("2");
    assertThat(
            sent(
                    "POST",
                    NORMALIZERS + name + ":normalize?mode=training",
                    coding,
                    coded(coding, ROWS))
                .send()
                .at("/version"))
        .isEqualTo("3");
    assertThat(
            sent("PUT", NORMALIZERS + name + "/affine", coding, coded(coding, AFFINE))
                .send()
                .at("/gamma"))
        .isEqualTo("[2.0,1.0]");
    assertThat(
            sent("POST", ADMIN + name + ":freeze", coding, coded(coding, "{\"reason\": \"x\"}"))
                .send()
                .at("/frozen/reason"))
        .isEqualTo("x");
    assertThat(
            sent(
                    "POST",
                    NORMALIZERS + name + "-torch/import?format=pytorch",
                    coding,
                    coded(
                        coding,
                        "{\"running_mean\":[1],\"running_var\":[4],\"num_batches_tracked\":1}"))
                .send()
                .status())
        .isEqualTo(201);
  }

  private static final String AFFINE = "{\"gamma\": [2, 1], \"beta\": [0, 0]}";

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aStreamIsDecodedAsItComes(Coding coding) {
    String name = created(client, TWO);
    String rows =
        IntStream.range(0, 600).mapToObj(i -> "[" + i + ",1]\n").collect(Collectors.joining());
    Exchange answer =
        sent("POST", NORMALIZERS + name + ":normalize?mode=training", coding, coded(coding, rows))
            .as("application/x-ndjson")
            .send();
    assertThat(answer.text().lines())
        .hasSize(600 + 3 + 1)
        .last()
        .asString()
        .contains("\"batches\":3", "\"rows\":600", "\"version\":4");
  }

  /// What was complete before stays applied; the rows behind it were to become a batch with others.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void aStreamWhoseCodingIsCutOffEndsWithAProblem(Coding coding) {
    String name = created(client, TWO);
    String rows =
        IntStream.range(0, 3000).mapToObj(i -> "[" + i + ",1]\n").collect(Collectors.joining());
    byte[] whole = coded(coding, rows);
    Exchange answer =
        sent(
                "POST",
                NORMALIZERS + name + ":normalize?mode=training",
                coding,
                Arrays.copyOf(whole, whole.length - 1))
            .as("application/x-ndjson")
            .send();
    assertThat(answer.text().lines().toList().getLast())
        .contains(
            "\"problem\"",
            "unreadable-body",
            coding.word() + " coding of the body ends too early.");
    assertThat(version(name)).isEqualTo(Integer.toString(1 + 3000 / 256));
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aBodyWhoseCodingIsBrokenChangesNothing(Coding coding) {
    String name = created(client, TWO);
    byte[] whole = coded(coding, ROWS);
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 1;
    for (String call : List.of(":observe", ":normalize?mode=training")) {
      for (byte[] body :
          List.of(
              Arrays.copyOf(whole, whole.length - 1),
              longer,
              damaged,
              new byte[0],
              ROWS.getBytes(UTF_8))) {
        assertThat(sent("POST", NORMALIZERS + name + call, coding, body).send().problem())
            .isEqualTo("400 unreadable-body");
      }
    }
    byte[] affine = coded(coding, AFFINE);
    Exchange cut =
        sent("PUT", NORMALIZERS + name + "/affine", coding, Arrays.copyOf(affine, 9)).send();
    assertThat(cut.problem()).isEqualTo("400 unreadable-body");
    assertThat(version(name)).isEqualTo("1");
  }

  /// The limit of the service under test is 1 MB; 64 MB of blanks are at most 64 KB.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void theLimitIsThatOfTheBytesBehindTheCoding(Coding coding) {
    String name = untrained(client, TWO);
    byte[] blanks = new byte[64 << 20];
    Arrays.fill(blanks, (byte) ' ');
    byte[] bomb = coded(coding, blanks);
    assertThat(bomb.length).isLessThan(1 << 20);
    for (String call : List.of("POST :normalize", "PUT /affine", "POST :backward")) {
      String[] words = call.split(" ", 2);
      Exchange refused = sent(words[0], NORMALIZERS + name + words[1], coding, bomb).send();
      assertThat(refused.problem()).isEqualTo("413 body-too-large");
    }
    Exchange stream =
        sent("POST", NORMALIZERS + name + ":observe", coding, bomb)
            .as("application/x-ndjson")
            .send();
    assertThat(stream.problem()).isEqualTo("413 body-too-large");
    assertThat(stream.at("/detail")).contains("200 times its own");
    assertThat(version(name)).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "gzip;q=1"})
  void anotherCodingIsToldWhichThereAre(String coding) {
    String name = created(client, TWO);
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
            .body(ROWS)
            .with("Content-Encoding", coding)
            .send();
    assertThat(refused.problem()).isEqualTo("415 unsupported-media-type");
    assertThat(refused.header("Accept-Encoding")).isEqualTo("gzip, deflate, zstd");
    assertThat(refused.at("/detail"))
        .isEqualTo(
            "The body's Content-Encoding '"
                + coding
                + "' cannot be read; send gzip, deflate, zstd, or the body as it is.");
    assertThat(version(name)).isEqualTo("1");
  }

  /// A client that sends a batch again may code it anew, or not at all.
  @Test
  void aFingerprintIsOfTheBytesBehindTheCoding() {
    String name = created(client, TWO);
    String path = NORMALIZERS + name + ":observe";
    for (Coding coding : Coding.values()) {
      Exchange answer =
          sent("POST", path, coding, coded(coding, ROWS)).with("Idempotency-Key", "k").send();
      assertThat(answer.at("/outcome")).isEqualTo(coding == Coding.GZIP ? "applied" : "duplicate");
    }
    Exchange plain =
        Exchange.to(client, "POST", path).body(ROWS).with("Idempotency-Key", "k").send();
    assertThat(plain.at("/outcome")).isEqualTo("duplicate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, deflate, br, zstd | gzip",
        "zstd | zstd",
        "deflate;q=0.5, zstd;q=0.1 | deflate",
        "br | none",
        "gzip;q=0.5, identity | none"
      })
  void aLongAnswerGoesOutAsItsClientLikesBest(String accepted, String coding) throws IOException {
    String name = created(client, TWO);
    asked("POST", NORMALIZERS + name + ":observe", MANY);
    String path = NORMALIZERS + name + ":normalize";
    Answer plain = asked("POST", path, MANY);
    Answer answer = asked("POST", path, MANY, "Accept-Encoding: " + accepted);
    assertThat(plain.header("content-encoding")).isNull();
    assertThat(plain.header("vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.header("vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.headers().getOrDefault("content-encoding", "none")).isEqualTo(coding);
    assertThat(answer.body().length)
        .isLessThan(coding.equals("none") ? Integer.MAX_VALUE : plain.body().length / 2);
    assertThat(plain(answer)).isEqualTo(plain.text());
  }

  @Test
  void aShortAnswerGoesOutAsItIsUnlessItsClientRefusesThat() throws IOException {
    String name = created(client, TWO);
    String path = NORMALIZERS + name;
    assertThat(asked("GET", path, "", "Accept-Encoding: gzip").header("content-encoding")).isNull();
    Answer coded = asked("GET", path, "", "Accept-Encoding: zstd, identity;q=0");
    assertThat(coded.header("content-encoding")).isEqualTo("zstd");
    assertThat(plain(coded)).isEqualTo(asked("GET", path, "").text());
    Answer none = asked("GET", path + "-none", "", "Accept-Encoding: deflate, *;q=0");
    assertThat(none.status()).isEqualTo(404);
    assertThat(plain(none)).contains("unknown-normalizer");
  }

  /// RFC 9110, 8.8.3: other bytes have another strong tag. Either names the state.
  @Test
  void theTagOfACodedAnswerNamesTheSameState() throws IOException {
    String name = created(client, "{\"featureCount\": 4000}");
    String path = NORMALIZERS + name;
    Answer plain = asked("GET", path, "");
    Answer coded = asked("GET", path, "", "Accept-Encoding: gzip");
    String tag = String.valueOf(coded.header("etag"));
    assertThat(coded.header("content-encoding")).isEqualTo("gzip");
    assertThat(plain(coded)).isEqualTo(plain.text());
    assertThat(tag).isEqualTo(String.valueOf(plain.header("etag")).replaceFirst("\"$", "-gzip\""));
    assertThat(asked("GET", path, "", "If-None-Match: " + tag).status()).isEqualTo(304);
    assertThat(asked("POST", ADMIN + name + ":freeze", "{}", "If-Match: " + tag).status())
        .isEqualTo(200);
    assertThat(asked("POST", ADMIN + name + ":unfreeze", "{}", "If-Match: " + tag).status())
        .isEqualTo(412);
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aStreamIsAnsweredInACodingAndAFailureBeforeItIsNot(Coding coding) throws IOException {
    String name = created(client, TWO);
    String path = NORMALIZERS + name + ":normalize?mode=training&batchRows=2";
    String[] headers = {"Content-Type: application/x-ndjson", "Accept-Encoding: " + coding.word()};
    Answer answer = asked("POST", path, "[1,1]\n[3,3]\n[5,5]\n[7,7]\n", headers);
    assertThat(answer.header("content-encoding")).isEqualTo(coding.word());
    assertThat(plain(answer).lines())
        .hasSize(4 + 2 + 1)
        .last()
        .asString()
        .contains("\"summary\"", "\"batches\":2");
    Answer refused = asked("POST", path, "[1,\n", headers);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("content-encoding")).isNull();
    assertThat(refused.text()).contains("unreadable-body");
  }

  /// The client has the rows of a batch before it sends the next one, both ways in a coding.
  @ParameterizedTest
  @EnumSource(Coding.class)
  void aClientMayWaitForEachAnswerOfAStream(Coding coding) throws IOException {
    String name = created(client, "{\"featureCount\": 1, \"training\": {\"type\": \"running\"}}");
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (Connection connection = new Connection(port);
        OutputStream coder = coding.compressing(coded);
        Decompression plain = coding.decompression(MemoryShare.UNLIMITED)) {
      connection.send(
          "POST "
              + NORMALIZERS
              + name
              + ":normalize?mode=training&batchRows=2 HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n"
              + "Content-Encoding: "
              + coding.word()
              + "\r\nAccept-Encoding: "
              + coding.word()
              + "\r\n\r\n");
      String told = "";
      for (int batch = 0; batch < 3; batch++) {
        // the first row behind a batch completes it
        coder.write((batch == 0 ? "[1]\n[2]\n[3]\n" : "[4]\n[5]\n").getBytes(UTF_8));
        coder.flush();
        sendChunk(connection, coded);
        if (batch == 0) {
          assertThat(connection.head()).containsEntry("content-encoding", coding.word());
        }
        while (!told.contains("\"index\":" + batch)) {
          told += decoded(plain, connection.chunk());
        }
      }
      coder.close();
      sendChunk(connection, coded);
      sendChunk(connection, coded);
      while (!told.contains("\"summary\"")) {
        told += decoded(plain, connection.chunk());
      }
      assertThat(told).contains("\"batches\":4,\"rows\":7");
    }
  }

  /// An empty chunk is the last one.
  private static void sendChunk(Connection connection, ByteArrayOutputStream bytes)
      throws IOException {
    connection.send(Integer.toHexString(bytes.size()) + "\r\n");
    bytes.writeBytes(new byte[] {'\r', '\n'});
    connection.send(bytes.toByteArray());
    bytes.reset();
  }

  private static String decoded(Decompression plain, byte[] coded) {
    byte[] piece = new byte[1 << 15];
    plain.give(coded);
    StringBuilder told = new StringBuilder();
    for (int n = plain.next(piece); n > 0; n = plain.next(piece)) {
      told.append(new String(piece, 0, n, UTF_8));
    }
    return told.toString();
  }

  @Test
  void anAnswerWithoutABodyHasNoCoding() throws IOException {
    String refusing = "Accept-Encoding: gzip, identity;q=0";
    String name = created(client, TWO);
    Answer view = asked("GET", NORMALIZERS + name, "", refusing);
    assertThat(view.header("content-encoding")).isEqualTo("gzip");
    Answer unchanged =
        asked("GET", NORMALIZERS + name, "", refusing, "If-None-Match: " + view.header("etag"));
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.header("content-encoding")).isNull();
    assertThat(unchanged.header("etag")).isEqualTo(view.header("etag"));
    Answer gone = asked("DELETE", NORMALIZERS + name, "", refusing);
    assertThat(gone.status()).isEqualTo(204);
    assertThat(gone.header("content-encoding")).isNull();
  }
}
