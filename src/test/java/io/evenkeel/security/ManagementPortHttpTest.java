package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;

/// Probes and meters on a port of their own, with a key for reading.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "management.server.port=0",
      "evenkeel.http.requests-per-second=20",
      "evenkeel.security.keys=rita reader"
          + " sha256:ec4408df15da46b328f6f3246fa723d0aa6cb0f0a0dd9c4626080ab1b02aa3b2,tom trainer"
          + " sha256:ba8ceace604d9df838a4e88887c52e0d12b90c6712eb7c1b497012e38b0a7677"
    })
@AutoConfigureMetrics
class ManagementPortHttpTest {
  @LocalManagementPort private int port;

  private Answer get(String path, String... headers) throws IOException {
    try (Connection connection = new Connection(port)) {
      return get(connection, path, headers);
    }
  }

  private static Answer get(Connection connection, String path, String... headers)
      throws IOException {
    connection.send(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/problem+json, */*\r\n"
            + Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining())
            + "\r\n");
    return connection.answer();
  }

  private static void assertProblem(Answer answer, int status, String kind) {
    assertThat(answer.text()).contains("urn:evenkeel:problem:" + kind, "\"status\":" + status);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.header("content-security-policy")).contains("default-src 'none'");
  }

  @ParameterizedTest
  @CsvSource({
    "/actuator",
    "/actuator/prometheus",
    "/actuator/info",
    "/nothing/here",
    "/api/v1/normalizers",
    "/v2/models/x"
  })
  void whoShowsNothingIsRefused(String path) throws IOException {
    assertProblem(get(path), 401, "unauthenticated");
    // from elsewhere, where wrong ones do not count against the other tests
    try (Connection connection = new Connection(port, "127.0.0.2")) {
      assertProblem(get(connection, path, "X-API-Key: reader-kez"), 401, "unauthenticated");
    }
  }

  @Test
  void aReaderReadsAndProbesAreForEverybody() throws IOException {
    assertThat(get("/actuator/prometheus", "X-API-Key: reader-key").text())
        .contains("evenkeel_security_keys");
    assertThat(get("/actuator/health").status()).isEqualTo(200);
    assertThat(get("/actuator/health/liveness").status()).isEqualTo(200);
  }

  @Test
  void whatIsWrongIsToldInADocument() throws IOException {
    assertProblem(get("/nothing/here", "X-API-Key: reader-key"), 404, "not-found");
    assertProblem(get("/actuator//info", "X-API-Key: reader-key"), 400, "bad-parameter");
    assertProblem(get("/actuator", "Origin: http://elsewhere.example"), 403, "forbidden");
  }

  /// Twenty at once, each counted once, however slow this is.
  @Test
  void theRateOfAClientHoldsHereToo() throws IOException {
    int taken = 0;
    try (Connection connection = new Connection(port)) {
      while (taken < 5000
          && get(connection, "/actuator/info", "X-API-Key: trainer-key").status() == 200) {
        taken++;
      }
    }
    assertThat(taken).isBetween(20, 4999);
  }

  @Test
  void aRequestThatCannotBeReadIsToldSo() throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send("GET /actuator HTTP/1.1\r\nHost: localhost\r\n : x\r\n\r\n");
      Answer refused = connection.answer();
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.type()).isEqualTo("application/problem+json");
    }
  }
}
