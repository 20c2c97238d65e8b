package io.evenkeel.http.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.StartedService;
import io.evenkeel.security.SelfSigned;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Targets in absolute form, as a client sends them to a proxy (RFC 9112, 3.2.2), to a service that
/// is open to its machine.
class RequestTargetHttpTest {
  private static final String INFER = "/api/v1/normalizers/a:normalize";

  @TempDir private static Path directory;

  private static StartedService service;
  private static StartedService secure;

  @BeforeAll
  static void start() throws Exception {
    String[] settings = {"evenkeel.store.directory=:memory:", "evenkeel.http.shutdown-delay=0s"};
    service = StartedService.start(settings);
    SelfSigned.made(directory, "service");
    secure =
        StartedService.start(
            settings[0],
            settings[1],
            "server.ssl.key-store=" + directory.resolve("service.p12"),
            "server.ssl.key-store-password=" + SelfSigned.PASSWORD);
    for (String target : new String[] {"a", "a:observe"}) {
      String method = target.equals("a") ? "PUT" : "POST";
      String body = target.equals("a") ? "{\"featureCount\":1}" : "{\"rows\":[[1],[3]]}";
      service.send(
          method,
          "/api/v1/normalizers/" + target,
          body.getBytes(),
          "Content-Type",
          "application/json");
    }
  }

  @AfterAll
  static void end() {
    service.close();
    secure.close();
  }

  private static Answer ask(Connection connection, String method, String target, String host)
      throws IOException {
    String body = method.equals("POST") ? "{\"rows\":[[2]]}" : "";
    connection.send(
        "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(method, target, host, body.length(), body));
    return connection.answer();
  }

  private static Answer ask(String method, String target, String host) throws IOException {
    try (Connection connection = new Connection(service.port())) {
      return ask(connection, method, target, host);
    }
  }

  /// The route of a batch becomes known, and is then taken before Reactor Netty.
  @Test
  void aBatchForAnotherHostIsMisdirectedHoweverOften() throws IOException {
    for (String[] each :
        new String[][] {
          {"http://other.test" + INFER, "localhost"},
          {"http://localhost" + INFER, "other.test"},
          {INFER, "localhost"},
          {INFER, "other.test"},
          {"HTTP://LOCALHOST:80" + INFER, "localhost"},
          {"http://other.test:8080" + INFER, "localhost:8080"},
        }) {
      boolean isAnswered =
          each[0].startsWith("/") ? each[1].equals("localhost") : !each[0].contains("other");
      for (int i = 0; i < 3; i++) {
        Answer answer = ask("POST", each[0], each[1]);
        assertThat(answer.status()).as(each[0]).isEqualTo(isAnswered ? 200 : 421);
        if (!isAnswered) {
          assertThat(answer.type()).isEqualTo("application/problem+json");
          assertThat(answer.text())
              .contains("urn:evenkeel:problem:misdirected-request")
              .contains("\"instance\":\"" + INFER + "\"");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/livez",
        "/readyz",
        "/api/v1/normalizers",
        "/api/v1/normalizers?pageSize=1",
        "/api/v1/normalizers/a",
        "/api/v1/normalizers/a/statistics",
        "/actuator/health",
        "/actuator/prometheus",
        "/v2/health/live",
        "/v1/models",
        "/"
      })
  void everyRouteIsAnsweredByItsAddress(String path) throws IOException {
    for (String host : new String[] {"localhost", "127.0.0.1:8080", "[::1]:8080"}) {
      assertThat(ask("GET", "http://" + host + path, "ignored.test").status()).isEqualTo(200);
    }
    assertThat(ask("GET", "http://other.test" + path, "localhost").status()).isEqualTo(421);
  }

  @Test
  void anAddressNeedsNoPath() throws IOException {
    assertThat(ask("GET", "http://localhost", "localhost").status()).isEqualTo(200);
    Answer unknown = ask("GET", "http://localhost?a=b", "localhost");
    assertThat(unknown.status()).isEqualTo(ask("GET", "/?a=b", "localhost").status());
  }

  @ParameterizedTest
  @CsvSource({
    "@other.test/livez",
    ".other.test/livez",
    ":80/livez",
    "livez",
    "livez/",
    "?a=b",
    "*",
    "http:/livez",
    "http:livez",
    "http:///livez",
    "http://",
    "http://user@localhost/livez",
    "http://localhost:port/livez",
    "http://local%zzhost/livez",
    "http://localhost\\@other.test/livez",
    "://localhost/livez",
  })
  void whatIsNoTargetIsRefused(String target) throws IOException {
    try (Connection connection = new Connection(service.port())) {
      Answer answer = ask(connection, "GET", target, "localhost");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.type()).isEqualTo("application/problem+json");
      assertThat(answer.text()).contains("urn:evenkeel:problem:bad-request");
      assertThat(connection.isClosedNext()).isTrue();
    }
  }

  /// RFC 9110, 7.4: an address of `https` is for a connection that is secured for it.
  @Test
  void theSchemeIsThatOfTheConnection() throws Exception {
    for (String scheme : new String[] {"https", "ftp", "ws"}) {
      Answer answer = ask("GET", scheme + "://localhost/livez", "localhost");
      assertThat(answer.status()).isEqualTo(421);
      assertThat(answer.text()).contains("urn:evenkeel:problem:misdirected-request");
    }
    try (Connection connection = Connection.secure(secure.port())) {
      assertThat(ask(connection, "GET", "https://localhost/livez", "other.test").status())
          .isEqualTo(200);
      assertThat(ask(connection, "GET", "https://other.test/livez", "localhost").status())
          .isEqualTo(421);
      assertThat(ask(connection, "GET", "http://localhost/livez", "localhost").status())
          .isEqualTo(421);
    }
  }

  @Test
  void aHostThatIsBrokenIsRefusedWhateverTheAddressSays() throws IOException {
    assertThat(ask("GET", "http://localhost/livez", "a b").status()).isEqualTo(400);
    try (Connection connection = new Connection(service.port())) {
      connection.send("GET http://localhost/livez HTTP/1.1\r\n\r\n");
      assertThat(connection.answer().status()).isEqualTo(400);
    }
    try (Connection connection = new Connection(service.port())) {
      connection.send("GET http://other.test/livez HTTP/1.0\r\n\r\n");
      assertThat(connection.answer().status()).isEqualTo(421);
    }
  }
}
