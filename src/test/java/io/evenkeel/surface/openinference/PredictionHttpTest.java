package io.evenkeel.surface.openinference;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Section 5 of the HTTP contract: KServe's first protocol. The normalizer was trained on (1, 10)
/// and (3, 20): means 2 and 15; unbiased variances 2 and 50. So (3, 20) is twice the root of ½.
@ServiceUnderTest
class PredictionHttpTest {
  private static final double ROOT = 1 / Math.sqrt(2);
  private static final double OTHER_ROOT = 5 / Math.sqrt(50);

  @Autowired private WebTestClient client;
  private String name = "";

  @BeforeEach
  void train() {
    name =
        created(
            client,
            "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\", \"max\": 100}], \"missing\":"
                + " \"ignore\"}");
    assertThat(
            Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
                .body("{\"rows\": [[1, 10], [3, 20]]}")
                .send()
                .status())
        .isEqualTo(200);
  }

  private Exchange.Request predict(String body) {
    return Exchange.to(client, "POST", "/v1/models/" + name + ":predict")
        .body(body.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'instances': [[2, 15], {'b': 20, 'a': 3}]}",
        "{'inputs': [[2, 15], [3, 20]], 'signature_name': 'serving_default'}",
        "{'parameters': {'a': 1}, 'inputs': {'b': [15, 20], 'a': [2, 3]}}"
      })
  void rowsAreAnsweredAsPredictions(String body) {
    Exchange answer = predict(body).send();
    assertThat(answer.text())
        .isEqualTo("{\"predictions\":[[0.0,0.0],[" + ROOT + "," + OTHER_ROOT + "]]}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Normalizer-Version")).isEqualTo("2");
  }

  @Test
  void aMissingValueIsNullAndNoRowsAreNoPredictions() {
    assertThat(predict("{'instances': [{'a': 2}]}").send().text())
        .isEqualTo("{\"predictions\":[[0.0,null]]}");
    assertThat(predict("{'instances': []}").send().text()).isEqualTo("{\"predictions\":[]}");
  }

  @Test
  void theServingSnapshotPredicts() {
    Exchange.to(client, "POST", ADMIN + name + "/snapshots").body("{\"label\": \"s\"}").send();
    Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
        .body("{\"snapshot\": \"s\"}")
        .send();
    Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .body("{\"rows\": [[100, 50], [300, 90]]}")
        .send();
    assertThat(predict("{'instances': [[2, 15]]}").send().text())
        .isEqualTo("{\"predictions\":[[0.0,0.0]]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | #/instances not-null",
        "{'instances': null} | #/instances not-null",
        "{'instances': [[2, 15, 1]]} | #/instances/0 feature-count",
        "{'instances': [[2, 101]]} | #/instances/0/1 out-of-range",
        "{'instances': [{'a': 2, 'b': 101}]} | #/instances/0/b out-of-range",
        "{'inputs': [[2, 15], [2, 101]]} | #/inputs/1/1 out-of-range",
        "{'inputs': {'a': [2], 'b': [101]}} | #/inputs/b/0 out-of-range",
        "{'inputs': {'a': [2], 'B': [10]}} | #/inputs/B unknown-feature, #/inputs missing-column",
        "{'instances': [{'a': 2, 'c': 1}]} | #/instances/0/c unknown-feature",
      })
  void aFaultIsToldAtItsPlace(String body, String faults) {
    Exchange refused = predict(body).problems().send();
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactlyInAnyOrder(faults.split(", "));
    Exchange told = predict(body).send();
    assertThat(told.json().propertyNames()).containsExactly("error");
    assertThat(told.at("/error"))
        .startsWith("Invalid batch: ")
        .contains(faults.substring(0, faults.indexOf(' ')) + ": ");
  }

  /// The protocol has no query that could drop a member.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'instances': [{'a': 2, 'b': 15, 's': 'x'}]}",
        "{'inputs': {'a': [2], 'b': [15]," + " 's': ['x']}}"
      })
  void aMemberThatIsNoFeatureIsToBeLeftOut(String body) {
    assertThat(predict(body).send().at("/error"))
        .endsWith("has no feature 's'; leave it out, or set the definition's extra to ignore.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[2, 15]]",
        "{'instances': 1}",
        "{'instances': [2, 15]}",
        "{'instances': [[2, '15']]}",
        "{'instances': [[2, NaN]]}",
        "{'instances': [[2, 15]], 'inputs': [[2, 15]]}",
        "{'instance': [[2, 15]]}",
      })
  void anotherBodyIsUnreadable(String body) {
    assertThat(predict(body).problems().send().problem()).isEqualTo("400 unreadable-body");
  }

  @Test
  void aModelIsReadyOnceItExists() {
    assertThat(Exchange.to(client, "GET", "/v1/models/" + name).send().text())
        .isEqualTo("{\"name\":\"" + name + "\",\"ready\":true}");
    Exchange refused = Exchange.to(client, "GET", "/v1/models/nobody").send();
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.text())
        .isEqualTo("{\"error\":\"Unknown normalizer: There is no normalizer named 'nobody'.\"}");
  }
}
