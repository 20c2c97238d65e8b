package io.evenkeel.http;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient;

/// A service that takes three requests a second of each client.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "evenkeel.http.requests-per-second=3",
      "server.forward-headers-strategy=framework"
    })
@AutoConfigureWebTestClient(timeout = "PT30S")
@AutoConfigureMetrics
class RatesHttpTest {
  @Autowired private WebTestClient client;

  private Exchange normalize(String path) {
    return Exchange.to(client, "POST", path).body("{\"rows\": [[1]]}").send();
  }

  @Test
  void whoSendsTooOftenIsToldSoAndMaySendLater() {
    String path = NORMALIZERS + created(client, "{\"featureCount\": 1}") + ":normalize";
    assertThat(IntStream.range(0, 10).mapToObj(_ -> normalize(path).status()))
        .contains(429)
        .containsOnly(200, 429);
    Exchange refused = normalize(path);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.text()).contains("more than 3 requests a second", "\"instance\":\"" + path);
    assertThat(Exchange.to(client, "GET", "/livez").send().status()).isEqualTo(200);
    await().until(() -> normalize(path).status() == 200);
    await().until(() -> Exchange.meter(client, "evenkeel_rate_refused_total") > 5);
  }

  /// Told apart by a proxy, with an address or without one.
  @ParameterizedTest
  @ValueSource(strings = {"for=192.0.2.60", "for=unknown", "for=_hidden"})
  void aProxyMaySayWhoSends(String forwarded) {
    String path = NORMALIZERS + "nobody:normalize";
    assertThat(IntStream.range(0, 6).mapToObj(_ -> normalize(path, forwarded).status()))
        .containsSubsequence(404, 404, 404, 429);
  }

  private Exchange normalize(String path, String forwarded) {
    return Exchange.to(client, "POST", path)
        .body("{\"rows\": [[1]]}")
        .with("Forwarded", forwarded)
        .send();
  }
}
