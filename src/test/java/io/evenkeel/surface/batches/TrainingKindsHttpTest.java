package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Windows, batch renormalization and activations as a client sees them.
@ServiceUnderTest
class TrainingKindsHttpTest {
  private static final String WINDOWED =
      """
      {"featureCount": 1, "runningVariance": "biased",
       "training": {"type": "window", "batches": 2}}
      """;

  @Autowired private WebTestClient client;

  private Exchange train(String name, String query, String rows) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?mode=training" + query)
        .body("{\"rows\": " + rows + "}")
        .send();
  }

  private Exchange define(String definition) {
    return Exchange.to(client, "PUT", NORMALIZERS + "never-made").body(definition).send();
  }

  private Exchange get(String path) {
    return Exchange.to(client, "GET", NORMALIZERS + path).send();
  }

  @Test
  void definitionsOfWindowsAreShownResolvedAndCanBeGivenAgain() {
    String name =
        created(
            client,
            """
            {"featureCount": 1, "averaging": {"type": "window", "batches": 3},
             "training": {"type": "window", "batches": 5, "kind": "tumbling"}}
            """);
    Exchange shown = get(name);
    assertThat(shown.at("/definition/averaging"))
        .isEqualTo("{\"type\":\"window\",\"batches\":3,\"kind\":\"sliding\"}");
    assertThat(shown.at("/definition/training"))
        .isEqualTo("{\"type\":\"window\",\"batches\":5,\"kind\":\"tumbling\"}");
    assertThat(shown.at("/definition/minimumBatchRows")).isEqualTo("1");
    Exchange again =
        Exchange.to(client, "PUT", NORMALIZERS + name).body(shown.at("/definition")).send();
    assertThat(again.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'averaging': {'type': 'window'}} | #/averaging/batches not-null",
        "{'averaging': {'type': 'window', 'batches': 0}} | #/averaging/batches positive",
        "{'averaging': {'type': 'window', 'batches': 10001}} | #/averaging/batches max",
        "{'averaging': {'type': 'window', 'batches': 2, 'kind': 'round'}} | #/averaging/kind"
            + " unknown-value",
        "{'averaging': {'type': 'cumulative', 'batches': 2}} | #/averaging/batches null",
        "{'training': {'type': 'window'}} | #/training/batches not-null",
        "{'training': {'type': 'window', 'batches': -1}} | #/training/batches positive",
        "{'training': {'type': 'batch', 'kind': 'sliding'}} | #/training/kind null",
        "{'training': {'type': 'running', 'rMax': 2}} | #/training/rMax null",
        "{'training': {'type': 'renormalization', 'rMax': 2, 'dMax': 1}} | #/training/type"
            + " unknown-value",
        "{'preset': 'pytorch', 'training': {'type': 'renormalization', 'rMax': 2}} |"
            + " #/training/dMax not-null",
        "{'preset': 'pytorch', 'training': {'type': 'renormalization', 'rMax': 0.5, 'dMax': 1}} |"
            + " #/training/rMax decimal-min",
        "{'preset': 'pytorch', 'training': {'type': 'renormalization', 'rMax': 2, 'dMax': -1}} |"
            + " #/training/dMax negative",
        "{'preset': 'pytorch', 'averaging': {'type': 'exponential', 'start': 'first-batch'},"
            + " 'training': {'type': 'renormalization', 'rMax': 2, 'dMax': 1}} | #/training/type"
            + " unknown-value",
        "{'activation': 'softmax'} | #/activation unknown-value"
      })
  void faultsOfADefinitionAreToldByPlaceAndRule(String members, String fault) {
    String definition = members.replace('\'', '"').replaceFirst("\\{", "{\"featureCount\": 2, ");
    Exchange refused = define(definition);
    assertThat(refused.problem()).isEqualTo("422 invalid-definition");
    assertThat(refused.faults()).containsExactly(fault);
  }

  @Test
  void aWindowOfTooManyMomentsIsRefused() {
    Exchange refused =
        define("{\"featureCount\": 65536, \"averaging\": {\"type\": \"window\", \"batches\": 65}}");
    assertThat(refused.faults()).containsExactly("#/averaging/batches max");
    assertThat(refused.text()).contains("4194304");
  }

  /// Rows 1, 3 and 5, 7: pooled mean 4, biased variance 5.
  @Test
  void aTrainingBatchIsNormalisedTogetherWithTheWindow() {
    String name = created(client, WINDOWED);
    assertThat(train(name, "", "[[1], [3]]").at("/rows")).isEqualTo("[[-1.0],[1.0]]");
    double expected = 1 / Math.sqrt(5);
    assertThat(train(name, "", "[[5], [7]]").at("/rows"))
        .isEqualTo("[[" + expected + "],[" + 3 * expected + "]]");
    // the first batch has left: 5, 7 and 9, 11, mean 8
    assertThat(train(name, "", "[[9], [11]]").at("/rows"))
        .isEqualTo("[[" + expected + "],[" + 3 * expected + "]]");
    assertThat(get(name + "/statistics").at("/count")).isEqualTo("[6.0]");
  }

  @Test
  void anotherWindowIdBeginsAnEmptyWindow() {
    String name = created(client, WINDOWED);
    train(name, "&windowId=step-1", "[[1], [3]]");
    assertThat(train(name, "&windowId=step-2", "[[5], [7]]").at("/rows"))
        .isEqualTo("[[-1.0],[1.0]]");
  }

  @Test
  void aWindowIdGoesWithTrainingWindowsOnly() {
    String windowed = created(client, WINDOWED);
    String plain = created(client, "{\"featureCount\": 1}");
    for (Exchange refused :
        List.of(
            train(plain, "&windowId=a", "[[1], [3]]"),
            train(windowed, "&windowId=", "[[1], [3]]"),
            train(windowed, "&windowId=" + "a".repeat(129), "[[1], [3]]"),
            train(windowed, "&windowId=a&windowId=b", "[[1], [3]]"),
            Exchange.to(client, "POST", NORMALIZERS + windowed + ":normalize?windowId=a")
                .body("{\"rows\": [[1]]}")
                .send())) {
      assertThat(refused.problem()).isEqualTo("400 bad-parameter");
    }
    assertThat(get(windowed).at("/version")).isEqualTo("1");
  }

  /// The window holds the batch already, and is not given it twice.
  @Test
  void aRepeatedBatchIsNormalisedByTheWindowAsItIs() {
    String name = created(client, WINDOWED);
    train(name, "", "[[1], [3]]");
    for (String outcome : List.of("applied", "duplicate")) {
      Exchange answer =
          Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?mode=training")
              .with("Idempotency-Key", "k")
              .body("{\"rows\": [[5], [7]]}")
              .send();
      assertThat(answer.at("/outcome")).isEqualTo(outcome);
      assertThat(answer.at("/rows/0/0")).isEqualTo(Double.toString(1 / Math.sqrt(5)));
    }
  }

  /// m = 0, s = 1 before; mean 8, deviation 2: r = 2, d = 8 limited to 5.
  @Test
  void batchRenormalizationCorrectsTowardsTheRunningStatistics() {
    String name =
        created(
            client,
            """
            {"preset": "pytorch", "featureCount": 1, "epsilon": 0, "constantFeature": "one",
             "training": {"type": "renormalization", "rMax": 3, "dMax": 5}}
            """);
    assertThat(train(name, "", "[[6], [10]]").at("/rows")).isEqualTo("[[3.0],[7.0]]");
    Exchange statistics = get(name + "/statistics");
    assertThat(statistics.at("/mean")).isEqualTo("[0.8]");
    assertThat(statistics.at("/variance/0")).startsWith("1.21");
    assertThat(statistics.at("/m2")).isEqualTo("absent");
  }

  @Test
  void anActivationComesLastAndItsSaturationIsShown() {
    String name = created(client, "{\"featureCount\": 1, \"activation\": \"relu\"}");
    assertThat(get(name + "/statistics").at("/saturated")).isEqualTo("absent");
    assertThat(train(name, "", "[[1], [3], [2], [2]]").at("/rows/0/0")).isEqualTo("0.0");
    assertThat(get(name + "/statistics").at("/saturated")).isEqualTo("[0.75]");
    Exchange inferred =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize")
            .body("{\"rows\": [[0], [2]]}")
            .send();
    assertThat(inferred.at("/rows")).isEqualTo("[[0.0],[0.0]]");
  }

  /// sigmoid(∞) would be 1.
  @Test
  void whatOverflowsBeforeABoundedActivationIsRefused() {
    String name =
        untrained(
            client,
            """
            {"featureCount": 1, "activation": "sigmoid",
             "affine": {"gamma": [1.7e308], "beta": [0]}}
            """);
    Exchange refused = train(name, "", "[[1], [2], [3], [4], [1000]]");
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly("# overflow");
    Exchange inference =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize")
            .body("{\"rows\": [[0], [3]]}")
            .send();
    assertThat(inference.faults()).containsExactly("#/rows/1/0 overflow");
    assertThat(get(name).at("/version")).isEqualTo("1");
  }

  @Test
  void activationAndLimitsOfRenormalizationCanChange() {
    String name =
        created(
            client,
            """
            {"preset": "pytorch", "featureCount": 1,
             "training": {"type": "renormalization", "rMax": 3, "dMax": 5}}
            """);
    Exchange before = get(name);
    String other =
        before
            .at("/definition")
            .replace("\"rMax\":3.0", "\"rMax\":1.0")
            .replace("\"dMax\":5.0", "\"dMax\":0.0")
            .replace("\"activation\":\"none\"", "\"activation\":\"tanh\"");
    Exchange changed =
        Exchange.to(client, "PUT", NORMALIZERS + name + "/definition")
            .with("If-Match", String.valueOf(before.header("ETag")))
            .body(other)
            .send();
    assertThat(changed.at("/definition/training/rMax")).isEqualTo("1.0");
    assertThat(changed.at("/definition/activation")).isEqualTo("tanh");
    String window =
        changed
            .at("/definition")
            .replace(
                "\"type\":\"renormalization\",\"rMax\":1.0,\"dMax\":0.0", "\"type\":\"batch\"");
    Exchange refused =
        Exchange.to(client, "PUT", NORMALIZERS + name + "/definition")
            .with("If-Match", String.valueOf(changed.header("ETag")))
            .body(window)
            .send();
    assertThat(refused.problem()).isEqualTo("409 definition-conflict");
  }

  @Test
  void saturationBeginsAnewWithTheStatistics() {
    String name = created(client, "{\"featureCount\": 1, \"activation\": \"relu\"}");
    train(name, "", "[[1], [3], [2], [2]]");
    Exchange.to(client, "POST", ADMIN + name + ":reset").send();
    assertThat(get(name + "/statistics").at("/saturated")).isEqualTo("absent");
    train(name, "", "[[1], [3]]");
    assertThat(get(name + "/statistics").at("/saturated")).isEqualTo("[0.5]");
  }

  /// ε keeps the root from 0 in training; at inference such a feature is constant all the same.
  @Test
  void aConstantFeatureUnderRenormalizationFollowsItsRule() {
    String name =
        created(
            client,
            """
            {"featureCount": 1, "epsilon": 1e-5, "constantFeature": "zero", "center": false,
             "averaging": {"type": "exponential", "momentum": 1, "variance": "within",
                           "start": "zero-one"},
             "training": {"type": "renormalization", "rMax": 1, "dMax": 5}}
            """);
    train(name, "", "[[3], [3]]");
    Exchange inferred =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize")
            .body("{\"rows\": [[3]]}")
            .send();
    assertThat(inferred.at("/rows")).isEqualTo("[[0.0]]");
  }
}
