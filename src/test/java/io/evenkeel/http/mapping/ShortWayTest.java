package io.evenkeel.http.mapping;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.test.web.reactive.server.WebTestClient;

@ServiceUnderTest
@AutoConfigureMetrics
class ShortWayTest {
  @Autowired private HandlerRoutes routes;
  @Autowired private WebTestClient client;

  private boolean takes(HttpMethod method, String path) {
    var request = MockServerHttpRequest.method(method, path);
    return routes.direct(MockServerWebExchange.from(request)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"normalize", "observe", "backward", "denormalize"})
  void everyVerbOfABatchIsCalledDirectly(String verb) {
    assertThat(takes(HttpMethod.POST, NORMALIZERS + "a.b-c:" + verb)).isTrue();
    assertThat(takes(HttpMethod.GET, NORMALIZERS + "a.b-c:" + verb)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/statistics", "a:nothing", "a/b:normalize", "a/affine:step"})
  void othersAreLeftToSpring(String path) {
    assertThat(takes(HttpMethod.POST, NORMALIZERS + path)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mode=TRAINING | 'mode' is 'TRAINING'; it must be one of training, inference.",
        "mode= | 'mode' is ''; it must be one of training, inference.",
        "mdoe=training | There is no query parameter 'mdoe' here; there are batchMillis, batchRows,"
            + " control, dtype, extra, guard, invalidRows, maxSkipped, mode, onFrozen, rows,"
            + " snapshot, weightColumn, weightKind, windowId.",
        "maxSkipped=1&maxSkipped=1 | The query parameter 'maxSkipped' is there twice.",
        "maxSkipped= | 'maxSkipped' has no value.",
        "maxSkipped=much | The parameter 'maxSkipped' is not valid: it must be a number.",
        "maxSkipped=2 | 'maxSkipped' is 2; it must be 0 to 1.",
        "batchRows=1.5 | The parameter 'batchRows' is not valid: it must be a whole number.",
        "control=perhaps | The parameter 'control' is not valid: it must be true or false."
      })
  void aQueryIsRefusedInItsOwnWords(String query, String detail) {
    String name = created(client, "{\"featureCount\": 1}");
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?" + query)
            .body("{\"rows\": [[1]]}")
            .send();
    assertThat(refused.problem()).isEqualTo("400 bad-parameter");
    assertThat(refused.at("/detail")).isEqualTo(detail);
  }

  @Test
  void aNameIsRefusedInItsOwnWords() {
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + "NAME:normalize").body("{}").send();
    assertThat(refused.problem()).isEqualTo("400 bad-parameter");
    assertThat(refused.at("/detail")).startsWith("The name of a normalizer is");
  }

  @Test
  void theMetersOfRequestsNameThePattern() {
    String name = created(client, "{\"featureCount\": 1}");
    Exchange.to(client, "POST", NORMALIZERS + name + ":normalize").body("{\"rows\": [[1]]}").send();
    await()
        .untilAsserted(() ->
            assertThat(Exchange.to(client, "GET", "/actuator/prometheus").send().text())
                .containsPattern("http_server_requests_seconds_count\\{.*" + ":normalize\"} "));
  }
}
