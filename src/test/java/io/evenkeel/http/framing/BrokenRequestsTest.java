package io.evenkeel.http.framing;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// What is no HTTP is refused as such, and what follows it on the connection is not read.
@ServiceUnderTest
@ExtendWith(OutputCaptureExtension.class)
class BrokenRequestsTest {
  private static final String ONE = "{\"featureCount\": 1}";
  private static final String ROWS = "{\"rows\":[[1],[2],[3]]}";

  @Autowired private WebTestClient client;

  @LocalServerPort private int port;

  private static String training(String name, String headers) {
    return "POST "
        + NORMALIZERS
        + name
        + ":normalize?mode=training HTTP/1.1\r\n"
        + headers
        + "\r\n\r\n";
  }

  private String whole(String name, String more) {
    return training(name, "Host: localhost\r\nContent-Length: " + ROWS.length() + more) + ROWS;
  }

  private int rows(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send().json().path("rows").asInt();
  }

  static Stream<String> hosts() {
    return Stream.of(
        "Accept: */*",
        "Host: localhost\r\nHost: 127.0.0.1",
        "Host: localhost\r\nhost: localhost",
        "Host:",
        "Host: local host",
        "Host: localhost, localhost",
        "Host: localhost/x",
        "Host: user@localhost",
        "Host: localhost:http",
        "Host: localhost:",
        "Host: a%zz",
        "Host: localhost:65536",
        "Host: localhost:8080:8080",
        "Host: [::1",
        "Host: [localhost]",
        "Host: ::1",
        "Host: <b>");
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void aRequestHasOneHostAndAValidOne(String headers) throws IOException {
    String name = Exchange.created(client, ONE);
    assertThatIsRefused(name, headers + "\r\nContent-Length: " + ROWS.length(), ROWS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:65535", "[::1]", "[::1]:8080"})
  void anyNameOrAddressOfThisMachineIsAHost(String host) throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(connection.answer().status()).isEqualTo(200);
    }
  }

  static Stream<String> framings() {
    return Stream.of(
        "Content-Length: 22\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 0",
        "Content-Length: 22\r\nContent-Length: 12",
        "Content-Length: 22, 12",
        "Content-Length: -22",
        "Content-Length: +22",
        "Content-Length: 0x16",
        "Content-Length: 2 2",
        "Content-Length: 22;",
        "Content-Length: 99999999999999999999",
        "Content-Length:",
        "Content-Length : 22",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding:\u000bchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:",
        " Transfer-Encoding: chunked");
  }

  /// Or a proxy before the service and the service would see two different requests in it.
  @ParameterizedTest
  @MethodSource("framings")
  void aBodyHasOneLengthInOneNotation(String headers) throws IOException {
    String name = Exchange.created(client, ONE);
    assertThatIsRefused(
        name, "Host: localhost\r\n" + headers, "16\r\n" + ROWS + "\r\n0\r\n\r\n" + ROWS);
    assertThatIsRefused(name, headers + "\r\nHost: localhost", ROWS);
  }

  /// With a whole batch behind it, which is not read, either.
  private void assertThatIsRefused(String name, String headers, String body) throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send(training(name, headers) + body + whole(name, ""));
      Answer answer = connection.answer();
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.type()).isEqualTo("application/problem+json");
      assertThat(answer.text()).contains("\"type\":\"urn:evenkeel:problem:bad-request\"");
      assertThat(answer.isLast()).isTrue();
      assertThat(connection.isClosedNext()).isTrue();
    }
    assertThat(rows(name)).isZero();
  }

  /// Load balancers ask so whether the service lives.
  @Test
  void aRequestOfHttp10NeedsNoHost() throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send("GET /livez HTTP/1.0\r\n\r\n");
      assertThat(connection.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void theRefusalNamesThePathAndTheRule() throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send("GET /livez?a=b HTTP/1.1\r\n\r\n");
      assertThat(connection.answer().text())
          .contains("\"detail\":\"The request has no header Host.\"")
          .contains("\"instance\":\"/livez\"");
    }
  }

  /// The client sends all of it before it reads; a connection that is closed under it loses the
  /// answer.
  @Test
  void whoeverStillSendsBehindWhatIsBrokenGetsTheAnswer() throws IOException {
    String name = Exchange.created(client, ONE);
    try (Connection connection = new Connection(port)) {
      connection.send(
          training(name, "Host: localhost\r\nTransfer-Encoding: chunked") + "4\r\n{\"ro\r\n-4\r\n");
      for (int i = 0; i < 64; i++) {
        connection.send(new byte[1 << 16]);
      }
      assertThat(connection.answer().text()).contains("urn:evenkeel:problem:bad-request");
      assertThat(connection.isClosedNext()).isTrue();
    }
  }

  @Test
  void pipelinedRequestsBeforeTheLastAreAllAnsweredInOrder() throws IOException {
    String name = Exchange.created(client, ONE);
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      requests
          .append(whole(name, "\r\nX-Number: " + i))
          .append("GET " + NORMALIZERS + name + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    requests.append(
        training(name, "Host: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked")
            + "16\r\n"
            + ROWS
            + "\r\n0\r\n\r\n");
    try (Connection connection = new Connection(port)) {
      connection.send(requests.toString());
      for (int version = 2; version < 52; version++) {
        assertThat(connection.answer().text())
            .contains("\"outcome\":\"applied\",\"version\":" + version + ",");
        assertThat(connection.answer().text()).contains("\"version\":" + version + ",");
      }
      Answer last = connection.answer();
      assertThat(last.text()).contains("\"outcome\":\"applied\",\"version\":52,");
      assertThat(last.isLast()).isTrue();
      assertThat(connection.isClosedNext()).isTrue();
    }
    assertThat(rows(name)).isEqualTo(51 * 3);
  }

  @Test
  void aBrokenRequestBehindOthersIsAnsweredInItsTurnAndTheLast() throws IOException {
    String name = Exchange.created(client, ONE);
    for (String broken :
        new String[] {
          training(name, "Host: localhost\r\nTransfer-Encoding: chunked")
              + "16\r\n"
              + ROWS
              + "\r\n-1\r\n\r\n",
          training(name, "Content-Length: 22") + ROWS,
          "GET /\r\n\r\n"
        }) {
      int before = rows(name);
      try (Connection connection = new Connection(port)) {
        connection.send(whole(name, "") + whole(name, "") + broken + whole(name, ""));
        assertThat(connection.answer().text()).contains("\"outcome\":\"applied\"");
        assertThat(connection.answer().text()).contains("\"outcome\":\"applied\"");
        Answer refusal = connection.answer();
        assertThat(refusal.text()).contains("urn:evenkeel:problem:bad-request");
        assertThat(refusal.isLast()).isTrue();
        assertThat(connection.isClosedNext()).isTrue();
      }
      assertThat(rows(name)).isEqualTo(before + 6);
    }
  }

  /// What comes behind a stream waits for its end.
  @Test
  void whatFollowsAStreamIsAnsweredAfterIt() throws IOException {
    String name = Exchange.created(client, ONE);
    String head =
        training(
            name,
            "Host: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked");
    try (Connection connection = new Connection(port)) {
      connection.send(head + "c\r\n[1]\n[2]\n[3]\n\r\n0\r\n\r\n");
      for (int i = 0; i < 499; i++) {
        connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
      connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(connection.answer().text()).contains("\"summary\"");
      for (int i = 0; i < 500; i++) {
        assertThat(connection.answer().status()).isEqualTo(200);
      }
      assertThat(connection.isClosedNext()).isTrue();
    }
  }

  /// Escape sequences of terminals, and lines that look like others of the log.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\u001b[31m HTTP/1.1\r\nHost: localhost",
        "GET /\u0007\u0000\u007f HTTP/1.1\r\nHost: localhost",
        "GET /a\rb HTTP/1.1\r\nHost: localhost",
        "GET\u001b /livez HTTP/1.1\r\nHost: localhost",
        "GET /livez HTTP/1.1\u001b[31m\r\nHost: localhost",
        "GET /livez X\u001bX/1.1\r\nHost: localhost",
        "GET /livez HTTP/1.1\r\nHost: \u001b[31m",
        "GET /livez HTTP/1.1\r\nX-\u001b: a\r\nHost: localhost",
        "GET /livez HTTP/1.1\r\nX: a\u001b\r\nHost: localhost",
        "GET /livez HTTP/1.1\r\nX: a\r2026-11-28 ERROR\r\nHost: localhost",
        "GET /%1b%5b31m%0a%0d HTTP/1.1\r\nHost: localhost",
        "POST /api/v1/normalizers/%1b%0a:normalize HTTP/1.1\r\nHost: localhost",
        "GET /livez?%0a=%1b HTTP/1.1\r\nHost: localhost",
        "GET /\u0085\u009b31m HTTP/1.1\r\nHost: localhost"
      })
  void controlCharactersNeverReachTheLogOrTheAnswerRaw(String head, CapturedOutput output)
      throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      Answer answer = connection.answer();
      assertThat(answer.text()).doesNotContainPattern("\\p{Cntrl}|[\u0080-\u009f]");
      assertThat(answer.text()).doesNotContain("\\u001b", "\\u0007");
    }
    assertThat(output.getAll()).doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f&&[^\n\t]]");
  }

  /// Spring takes errors that say so for those of a client that has gone.
  @ParameterizedTest
  @ValueSource(strings = {"broken pipe", "connection reset by peer"})
  void aRefusalIsToldWhateverItQuotes(String member) {
    String name = Exchange.created(client, ONE);
    String body = "{\"rows\": [[1], [2]], \"" + member + "\": 1}";
    for (String verb : new String[] {":normalize?mode=training", ":observe"}) {
      assertThat(Exchange.to(client, "POST", NORMALIZERS + name + verb).body(body).send().problem())
          .isEqualTo("400 unreadable-body");
    }
    String definition = "{\"featureCount\": 1, \"" + member + "\": 1}";
    assertThat(Exchange.to(client, "PUT", NORMALIZERS + "new").body(definition).send().problem())
        .isEqualTo("400 unreadable-body");
  }
}
