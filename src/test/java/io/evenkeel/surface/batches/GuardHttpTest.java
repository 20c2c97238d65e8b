package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// The guard of a definition over HTTP. Ten rows of 8 and 12 by turns have mean 10 and the unbiased
/// variance 40/9.
@ServiceUnderTest
class GuardHttpTest {
  private static final String WRONG = "{\"rows\": [[1e9], [10]]}";

  @Autowired private WebTestClient client;

  private Exchange post(String path, String body) {
    return Exchange.to(client, "POST", path).as("application/json").body(body).send();
  }

  private String trained(String guard) {
    String name = created(client, "{\"featureCount\": 1, \"guard\": " + guard + "}");
    String rows =
        IntStream.range(0, 10)
            .mapToObj(i -> i % 2 == 0 ? "[8]" : "[12]")
            .collect(Collectors.joining(","));
    assertThat(post(NORMALIZERS + name + ":observe", "{\"rows\": [" + rows + "]}").status())
        .isEqualTo(200);
    return NORMALIZERS + name;
  }

  private String statistics(String path) {
    return Exchange.to(client, "GET", path + "/statistics").send().text();
  }

  @ParameterizedTest
  @ValueSource(strings = {":observe", ":normalize?mode=training"})
  void aSuspiciousBatchIsRefusedAndChangesNothing(String call) {
    String path = trained("{\"minimumRows\": 10}");
    String before = statistics(path);
    Exchange refused = post(path + call, WRONG);
    assertThat(refused.problem()).isEqualTo("422 suspicious-batch");
    assertThat(refused.text())
        .contains(
            "Nothing was counted; if the batch is right, send it with ?guard=off.",
            "\"pointer\":\"#\"",
            "\"code\":\"suspicious\"",
            "The mean of 'f0' in this batch is 500000005: it is off by 237170822 running"
                + " deviations; the guard allows 8.");
    assertThat(statistics(path)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {":observe?guard=off", ":normalize?mode=training&guard=off"})
  void itCountsForWhoeverKnowsBetter(String call) {
    String path = trained("{\"minimumRows\": 10}");
    assertThat(post(path + call, WRONG).status()).isEqualTo(200);
    assertThat(statistics(path)).contains("\"rows\":12");
  }

  @ParameterizedTest
  @ValueSource(strings = {":observe", ":normalize?mode=training"})
  void aGuardThatReportsTellsTheSender(String call) {
    String path = trained("{\"minimumRows\": 10, \"action\": \"report\"}");
    Exchange counted = post(path + call, WRONG);
    assertThat(counted.status()).isEqualTo(200);
    assertThat(counted.header("Normalizer-Suspicious")).isEqualTo("1");
    Exchange usual = post(path + call, "{\"rows\": [[8], [12]]}");
    assertThat(usual.status()).isEqualTo(200);
    assertThat(usual.header("Normalizer-Suspicious")).isNull();
  }

  @Test
  void aStreamEndsAtASuspiciousBatch() {
    String path = trained("{\"minimumRows\": 10}");
    Exchange answered =
        Exchange.to(client, "POST", path + ":normalize?mode=training&batchRows=2")
            .as("application/x-ndjson")
            .body("[8]\n[12]\n[1e9]\n[10]\n[8]\n[12]\n")
            .send();
    assertThat(answered.text()).contains("suspicious-batch");
    assertThat(statistics(path)).contains("\"rows\":12");
  }

  @Test
  void rowsThatEnterOneByOneAreGuarded() {
    String name =
        created(
            client,
            "{\"featureCount\": 1, \"preset\": \"river\", \"guard\": {\"minimumRows\": 2}}");
    String path = NORMALIZERS + name;
    assertThat(post(path + ":normalize?mode=training", "{\"rows\": [[8], [12]]}").status())
        .isEqualTo(200);
    assertThat(post(path + ":normalize?mode=training", WRONG).problem())
        .isEqualTo("422 suspicious-batch");
  }

  @Test
  void aDefinitionShowsItsGuard() {
    String path = trained("{}");
    assertThat(Exchange.to(client, "GET", path).send().text())
        .contains("\"guard\":{\"deviations\":8.0,\"action\":\"refuse\",\"minimumRows\":1000}");
    String plain = NORMALIZERS + created(client, "{\"featureCount\": 1}");
    assertThat(Exchange.to(client, "GET", plain).send().text()).doesNotContain("guard");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"deviations\": 0}|#/guard/deviations",
        "{\"deviations\": -1}|#/guard/deviations",
        "{\"action\": \"panic\"}|#/guard/action",
        "{\"minimumRows\": 0}|#/guard/minimumRows"
      })
  void aGuardThatMakesNoSenseIsRefused(String guard, String pointer) {
    Exchange refused =
        Exchange.to(client, "PUT", NORMALIZERS + "unguarded")
            .as("application/json")
            .body("{\"featureCount\": 1, \"guard\": " + guard + "}")
            .send();
    assertThat(refused.problem()).isEqualTo("422 invalid-definition");
    assertThat(refused.text()).contains("\"pointer\":\"" + pointer + "\"");
  }

  @Test
  void inferenceHasNoGuard() {
    String path = trained("{}");
    assertThat(post(path + ":normalize?guard=off", "{\"rows\": [[1]]}").problem())
        .isEqualTo("400 bad-parameter");
    assertThat(post(path + ":normalize", "{\"rows\": [[1e12]]}").status()).isEqualTo(200);
  }
}
