package io.evenkeel.http.load;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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

  /// However long each takes: a pause only lets more of them in before.
  private static List<Exchange> untilRefused(Supplier<Exchange> send) {
    List<Exchange> sent = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          sent.add(send.get());
          return sent.getLast().status() == 429;
        });
    return sent;
  }

  @Test
  void whoSendsTooOftenIsToldSoAndMaySendLater() {
    String path = NORMALIZERS + untrained(client, "{\"featureCount\": 1}") + ":normalize";
    double before = Exchange.meter(client, "evenkeel_rate_refused_total");
    List<Exchange> sent = untilRefused(() -> normalize(path));
    Exchange refused = sent.removeLast();
    assertThat(sent).extracting(Exchange::status).containsOnly(200);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.text()).contains("more than 3 requests a second", "\"instance\":\"" + path);
    assertThat(Exchange.to(client, "GET", "/livez").send().status()).isEqualTo(200);
    await().until(() -> normalize(path).status() == 200);
    await().until(() -> Exchange.meter(client, "evenkeel_rate_refused_total") > before);
  }

  /// Told apart by a proxy, with an address or without one.
  @ParameterizedTest
  @ValueSource(strings = {"for=192.0.2.60", "for=unknown", "for=_hidden"})
  void aProxyMaySayWhoSends(String forwarded) {
    String path = NORMALIZERS + "nobody:normalize";
    List<Exchange> sent = untilRefused(() -> normalize(path, forwarded));
    assertThat(sent.removeLast().header("Retry-After")).isEqualTo("1");
    assertThat(sent).extracting(Exchange::status).startsWith(404, 404, 404).containsOnly(404);
  }

  private Exchange normalize(String path, String forwarded) {
    return Exchange.to(client, "POST", path)
        .body("{\"rows\": [[1]]}")
        .with("Forwarded", forwarded)
        .send();
  }
}
