package io.evenkeel.security;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// A service that is open to its machine, called by the names that a page on the web could have
/// pointed to that machine.
@OpenService
class OpenHostsHttpTest {
  @Autowired private WebTestClient client;

  private Exchange call(String method, String path, String host) {
    return Exchange.to(client, method, path)
        .body("{\"featureCount\": 1}")
        .with("Host", host)
        .send();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:80",
        "localhost.:8080",
        "app.localhost:8080",
        "127.0.0.1:8080",
        "127.8.9.10",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]",
        "listed.test",
        "Listed.Test.:8443",
        "[fd00::7]:8080"
      })
  void namesOfThisMachineAndThoseThatAreListedAreAnswered(String host) {
    assertThat(call("GET", "/livez", host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.test",
        "evil.test:8080",
        "localhost.evil.test",
        "notlocalhost",
        "127.0.0.1.evil.test",
        "127.0.0.1.nip.io:8080",
        "x.listed.test",
        "128.0.0.1",
        "10.0.0.1:8080",
        "0.0.0.0:8080",
        "[::]:8080",
        "[fd00::8]"
      })
  void allOthersAreRefused(String host) {
    Exchange refused = call("GET", "/api/v1/normalizers", host);
    assertThat(refused.problem()).isEqualTo("421 misdirected-request");
    assertThat(refused.at("/detail")).contains("evenkeel.http.hosts");
  }

  /// Some are refused as broken HTTP.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[::1",
        "localhost:80:80",
        "localhost, evil.test",
        "evil.test, localhost",
        "evil.test/.localhost",
        "evil.test@localhost",
        ".localhost",
        ":8080"
      })
  void whatIsNoHostIsNotTakenForThisMachine(String host) {
    assertThat(call("GET", "/api/v1/normalizers", host).status()).isIn(400, 421);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "GET /livez",
        "GET /readyz",
        "GET /actuator",
        "GET /actuator/health",
        "GET /actuator/prometheus",
        "GET /swagger-ui.html",
        "GET /swagger-ui/index.html",
        "GET /v3/api-docs",
        "GET /v2/health/live",
        "GET /nothing/here",
        "GET /a//b",
        "GET /api/v1/admin/audit",
        "POST /v2/repository/index",
        "PUT /api/v1/normalizers/rebound",
        "DELETE /api/v1/normalizers/rebound",
        "OPTIONS /api/v1/normalizers/rebound"
      })
  void noPathIsLeftOut(String route) {
    String[] parts = route.split(" ");
    Exchange refused = call(parts[0], parts[1], "evil.test");
    assertThat(refused.status()).isEqualTo(421);
    assertThat(refused.text()).containsIgnoringCase("misdirected");
    assertThat(call("GET", NORMALIZERS + "rebound", "localhost").status()).isEqualTo(404);
  }

  @Test
  void clientsOfTheInferenceProtocolAreToldInTheirForm() {
    Exchange refused = call("POST", "/v2/models/x/infer", "evil.test");
    assertThat(refused.status()).isEqualTo(421);
    assertThat(refused.header("Content-Type")).isEqualTo("application/json");
    assertThat(refused.json().propertyNames()).containsExactly("error");
    assertThat(refused.at("/error")).startsWith("Misdirected request: ");
  }

  /// A page may set these headers itself, and a service behind a proxy may go by them.
  @Test
  void whatAPageMaySetItselfIsNoHost() {
    Exchange refused =
        Exchange.to(client, "GET", "/api/v1/normalizers")
            .with("Host", "evil.test")
            .with("X-Forwarded-Host", "localhost")
            .with("Forwarded", "host=localhost")
            .send();
    assertThat(refused.problem()).isEqualTo("421 misdirected-request");
  }
}
