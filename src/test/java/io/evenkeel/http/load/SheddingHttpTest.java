package io.evenkeel.http.load;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient;

/// What a service that holds little refuses a client who has a body on its way, and what becomes of
/// the connection.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"evenkeel.store.directory=:memory:", "evenkeel.http.inference-in-flight=300KB"})
@AutoConfigureWebTestClient(timeout = "PT30S")
@AutoConfigureMetrics
class SheddingHttpTest {
  private static final int LENGTH = 200_000;
  private static final String SMALL = "{\"rows\": [[1]]}";
  private static final String PROBE = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String IN_FLIGHT = "evenkeel_in_flight_bytes\\{mode=\"inference\"}";
  private static final String REFUSED = "evenkeel_in_flight_refused_total\\{mode=\"inference\"}";
  private static final String REFUSED_REQUESTS =
      "http_server_requests_seconds_count\\{.*status=\"429\".*}";

  @Autowired private WebTestClient client;
  @LocalServerPort private int port;

  private String path = "";

  @BeforeEach
  void nothingIsOnItsWay() {
    path = NORMALIZERS + untrained(client, "{\"featureCount\": 1}") + ":normalize";
    await().until(() -> inFlight() == 0);
  }

  private double inFlight() {
    return Exchange.meter(client, IN_FLIGHT);
  }

  /// A client that has sent the beginning of a body, so that there is no room for another.
  private Connection begun() throws IOException {
    Connection first = new Connection(port);
    first.send(post(LENGTH) + "{\"rows\": [[1]");
    await().until(() -> inFlight() > LENGTH / 2.0);
    return first;
  }

  private String post(int length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static Answer answer(Connection connection, String request) throws IOException {
    connection.send(request);
    return connection.answer();
  }

  @Test
  void whatOneClientHasTooMuchOfIsRefusedBeforeItsBodyIsRead() throws IOException {
    try (Connection _ = begun();
        Connection second = new Connection(port)) {
      Answer refusal = answer(second, post(LENGTH));
      assertThat(refusal.status()).isEqualTo(429);
      assertThat(refusal.header("retry-after")).isEqualTo("1");
      assertThat(refusal.text()).contains("urn:evenkeel:problem:too-many-requests");
      // training has a budget of its own
      assertThat(
              Exchange.to(client, "POST", path + "?mode=training")
                  .body("{\"rows\": [[1], [2]]}")
                  .send()
                  .status())
          .isEqualTo(200);
    }
  }

  /// By whichever way they are refused: that depends on how long ago the client was seen.
  @Test
  void aRefusedBodyIsThrownAwayAndItsConnectionLivesOn() throws IOException {
    try (Connection _ = begun();
        Connection second = new Connection(port)) {
      double refused = Exchange.meter(client, REFUSED);
      assertThat(answer(second, PROBE).status()).isEqualTo(200);
      for (int length = LENGTH; length < LENGTH + 2; length++) {
        Answer refusal = answer(second, post(length) + " ".repeat(length));
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.header("retry-after")).isEqualTo("1");
        assertThat(refusal.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(refusal.type()).isEqualTo("application/problem+json");
        assertThat(refusal.text())
            .contains("\"type\":\"urn:evenkeel:problem:too-many-requests\"")
            .contains("\"instance\":\"" + path + "\"");
      }
      assertThat(answer(second, PROBE).status()).isEqualTo(200);
      assertThat(Exchange.meter(client, REFUSED)).isEqualTo(refused + 2);
    }
  }

  /// There is no request yet on its connection: only the meter of refusals counts it. That holds
  /// while the service knows the client, which a long pause ends; then once more.
  @Test
  void whatIsRefusedOnItsConnectionIsNoRequestOfTheServer() throws IOException {
    try (Connection _ = begun();
        Connection second = new Connection(port)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            assertThat(answer(second, post(SMALL.length()) + SMALL).status()).isEqualTo(200);
            double refused = Exchange.meter(client, REFUSED);
            double requests = Exchange.meter(client, REFUSED_REQUESTS);
            assertThat(answer(second, post(LENGTH) + " ".repeat(LENGTH)).status()).isEqualTo(429);
            // what the service has answered is counted before the next request of its connection
            assertThat(answer(second, PROBE).status()).isEqualTo(200);
            assertThat(Exchange.meter(client, REFUSED)).isEqualTo(refused + 1);
            assertThat(Exchange.meter(client, REFUSED_REQUESTS)).isEqualTo(requests);
          });
    }
  }

  /// Of requests that need more than the plain answer, the service takes care itself.
  @ParameterizedTest
  @ValueSource(strings = {"Connection: close", "Expect: 100-continue", "Origin: http://localhost"})
  void whatIsNotPlainIsRefusedAllTheSame(String header) throws IOException {
    try (Connection _ = begun();
        Connection second = new Connection(port)) {
      double requests = Exchange.meter(client, REFUSED_REQUESTS);
      Answer refusal = answer(second, post(LENGTH).replace("Host:", header + "\r\nHost:"));
      assertThat(refusal.status()).isEqualTo(429);
      await().until(() -> Exchange.meter(client, REFUSED_REQUESTS) > requests);
    }
  }
}
