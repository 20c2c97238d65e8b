package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Gradients led back, and normalised rows led back, over HTTP.
@ServiceUnderTest
class BackwardHttpTest {
  private static final String TWO =
      "{\"featureCount\": 2, \"affine\": {\"gamma\": [2, 1], \"beta\": [1, 0]}}";

  @Autowired private WebTestClient client;

  private Exchange post(String name, String verb, String body) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":" + verb).body(body).send();
  }

  /// Mean 5, 100 and variance 4, 25 of ten values.
  private String trained(String definition) {
    String name = created(client, definition);
    Exchange taken =
        Exchange.to(client, "PUT", ADMIN + name + "/statistics")
            .body("{\"count\": [10, 10], \"mean\": [5, 100], \"variance\": [4, 25]}")
            .send();
    assertThat(taken.status()).isEqualTo(200);
    return name;
  }

  /// Mean 0 and variance 1 of the values of one feature.
  private String standard(String definition) {
    String name = created(client, definition);
    Exchange taken =
        Exchange.to(client, "PUT", ADMIN + name + "/statistics")
            .body("{\"count\": [10], \"mean\": [0], \"variance\": [1]}")
            .send();
    assertThat(taken.status()).isEqualTo(200);
    return name;
  }

  /// By hand, of two rows: x̂ = ∓1 whatever x, so dx = 0; dγ = Σ dy x̂, dβ = Σ dy.
  @Test
  void ofABatchOfTwoRowsNothingReachesTheRows() {
    String name = created(client, "{\"featureCount\": 1}");
    Exchange answer =
        post(
            name,
            "backward?mode=training",
            "{\"rows\": [[1], [3]], \"outputGradients\": [[1], [5]]}");
    assertThat(answer.text())
        .isEqualTo(
            "{\"inputGradients\":[[0.0],[0.0]],\"gammaGradient\":[4.0],"
                + "\"betaGradient\":[6.0],\"version\":1}");
    assertThat(answer.header("Normalizer-Version")).isEqualTo("1");
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version")).isEqualTo("1");
  }

  /// γ/σ = 2/2 and 1/5 at inference; rows as they came, missing ones null.
  @Test
  void throughInferenceTheStatisticsAreConstant() {
    String name = trained(TWO.replaceFirst("\\{", "{\"missing\": \"ignore\", "));
    Exchange answer =
        post(
            name,
            "backward",
            """
            {"outputGradients": [{"f1": 10, "f0": 3}, [4, null]],
             "rows": [[7, 90], {"f0": 5}]}
            """);
    assertThat(answer.at("/inputGradients")).isEqualTo("[[3.0,2.0],{\"f0\":4.0,\"f1\":null}]");
    assertThat(answer.at("/gammaGradient")).isEqualTo("[3.0,-20.0]");
    assertThat(answer.at("/betaGradient")).isEqualTo("[7.0,10.0]");
  }

  @Test
  void frozenStatisticsAreConstantInTrainingToo() {
    String name = trained(TWO);
    Exchange.to(client, "POST", ADMIN + name + ":freeze").send();
    Exchange answer =
        post(
            name,
            "backward?mode=training",
            "{\"rows\": [[7, 90], [1, 1]], \"outputGradients\": [[3, 10], [0, 0]]}");
    assertThat(answer.at("/inputGradients/0")).isEqualTo("[3.0,2.0]");
  }

  /// What is answered for 50 is what is answered for 10.
  @Test
  void aValueMovedToTheEndOfItsRangeDoesNotReachTheAnswer() {
    String name =
        created(
            client,
            """
            {"features": [{"name": "a", "min": 0, "max": 10, "onOutOfRange": "clip"}],
             "epsilon": 0.5}
            """);
    String gradients = "\"outputGradients\": [[1], [2], [4]]}";
    Exchange moved =
        post(name, "backward?mode=training", "{\"rows\": [[1], [3], [50]], " + gradients);
    Exchange at = post(name, "backward?mode=training", "{\"rows\": [[1], [3], [10]], " + gradients);
    assertThat(moved.at("/inputGradients/2")).isEqualTo("[0.0]");
    assertThat(moved.at("/inputGradients/0")).isEqualTo(at.at("/inputGradients/0"));
    assertThat(moved.at("/gammaGradient")).isEqualTo(at.at("/gammaGradient"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'rows': [[1, 2], [3, 4]]} | #/outputGradients not-null",
        "{'rows': [[1, 2], [3, 4]], 'outputGradients': null} | #/outputGradients not-null",
        "{'rows': [[1, 2], [3, 4]], 'outputGradients': [[1, 2]]} | #/outputGradients size",
        "{'rows': [[1, 2], [3, 4]], 'outputGradients': [[1, 2], [1]]} | #/outputGradients/1"
            + " feature-count",
        "{'rows': [[1, 2], [3, 4]], 'outputGradients': [[1, 2], [1, 1e999]]} |"
            + " #/outputGradients/1/1 not-finite",
        "{'rows': [[1, 2], [3, 4]], 'outputGradients': [[1, 2], [1, null]]} | #/outputGradients/1/1"
            + " missing-value",
        "{'rows': [[1, 2], [3, 4]], 'outputGradients': [[1, 2], {'f0': 1, 'x': 2}]} |"
            + " #/outputGradients/1/x unknown-feature",
        "{'outputGradients': [[1, 2], [3, 4]], 'rows': [[1, 2], [3]]} | #/rows/1 feature-count",
        "{'rows': [[1, 2]], 'outputGradients': [[1, 2]]} | #/rows batch-too-small",
        "{'rows': [[1, 2], [3, 4]], 'outputGradients': [[1, 2], [3, 4]], 'weights': [1]} |"
            + " #/weights size"
      })
  void faultsOfRowsAndGradientsAreTold(String body, String fault) {
    String name = created(client, TWO);
    Exchange refused = post(name, "backward?mode=training", body.replace('\'', '"'));
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'rows': [[1]], 'outputGradients': [[1]], 'bounds': null}",
        "{'columns': {'f0': [1]}, 'outputGradients': [[1]]}",
        "{'rows': [[1]], 'outputGradients': [[1]], 'outputGradients': [[1]]}",
        "{'rows': [[1]], 'outputGradients': [['1']]}",
        "{'rows': [[1]], 'outputGradients': 3}"
      })
  void whatIsNoBackwardPassIsUnreadable(String body) {
    String name = created(client, "{\"featureCount\": 1}");
    assertThat(post(name, "backward", body.replace('\'', '"')).problem())
        .isEqualTo("400 unreadable-body");
  }

  @Test
  void aPassThroughAStateThatHasMovedIsRefusedWhereTheVersionIsNamed() {
    String name = trained(TWO);
    String body = "{\"rows\": [[1, 2]], \"outputGradients\": [[1, 2]]}";
    assertThat(post(name, "backward?version=2", body).status()).isEqualTo(200);
    assertThat(post(name, "backward?version=1", body).problem()).isEqualTo("409 version-mismatch");
    assertThat(post(name, "backward?version=x", body).problem()).isEqualTo("400 bad-parameter");
  }

  @Test
  void withoutCentringOrScalingThereIsNoBackwardPass() {
    for (String rule : new String[] {"center", "scale"}) {
      String name = untrained(client, "{\"featureCount\": 1, \"" + rule + "\": false}");
      Exchange refused = post(name, "backward", "{\"rows\": [[1]], \"outputGradients\": [[1]]}");
      assertThat(refused.problem()).isEqualTo("422 unsupported-operation");
      assertThat(refused.at("/detail")).contains(rule);
    }
  }

  @Test
  void onlyJsonCarriesGradients() {
    String name = created(client, "{\"featureCount\": 1}");
    Exchange refused =
        Exchange.to(client, "POST", NORMALIZERS + name + ":backward")
            .as("text/csv")
            .body("f0\n1\n")
            .send();
    assertThat(refused.problem()).isEqualTo("415 unsupported-media-type");
  }

  @Test
  void denormalizingLeadsBackInTheFormOfTheBody() {
    String name = trained(TWO);
    assertThat(
            post(name, "denormalize", "{\"rows\": [[3, -2], {\"f1\": 0, \"f0\": 1}]}").at("/rows"))
        .isEqualTo("[[7.0,90.0],{\"f0\":5.0,\"f1\":100.0}]");
    assertThat(
            post(name, "denormalize", "{\"columns\": {\"f1\": [-2], \"f0\": [3]}}").at("/columns"))
        .isEqualTo("{\"f0\":[7.0],\"f1\":[90.0]}");
    Exchange csv =
        Exchange.to(client, "POST", NORMALIZERS + name + ":denormalize")
            .as("text/csv")
            .body("f1,f0\n-2,3\n")
            .send();
    assertThat(csv.text()).isEqualTo("f1,f0\n90.0,7.0\n");
  }

  /// A model may answer some of the features only. Mean 5 and 100, σ 2 and 5.
  @Test
  void membersThatAreLeftOutAreLeftOutOfTheInverse() {
    String name = trained(TWO);
    assertThat(post(name, "denormalize", "{\"rows\": [{\"f1\": -2}, {\"f1\": 0}]}").at("/rows"))
        .isEqualTo("[{\"f1\":90.0},{\"f1\":100.0}]");
    assertThat(
            post(name, "denormalize", "{\"rows\": [{\"f1\": -2}, {\"f0\": 3}, [3, -2]]}")
                .at("/rows"))
        .isEqualTo("[{\"f1\":90.0},{\"f0\":7.0},[7.0,90.0]]");
    // null is there: a missing value, which stays missing
    assertThat(post(name, "denormalize", "{\"rows\": [{\"f1\": -2, \"f0\": null}]}").at("/rows"))
        .isEqualTo("[{\"f0\":null,\"f1\":90.0}]");
    Exchange lines =
        Exchange.to(client, "POST", NORMALIZERS + name + ":denormalize?extra=keep")
            .as("application/x-ndjson")
            .body("{\"id\": 7, \"f0\": 3}\n{\"id\": 8, \"f0\": 1}\n{\"id\": 9}\n")
            .send();
    assertThat(lines.text())
        .isEqualTo("{\"id\":7,\"f0\":7.0}\n{\"id\":8,\"f0\":5.0}\n{\"id\":9}\n");
    Exchange csv =
        Exchange.to(client, "POST", NORMALIZERS + name + ":denormalize")
            .with("Accept", "text/csv")
            .body("{\"rows\": [{\"f1\": -2}, {\"f1\": 0}]}")
            .send();
    assertThat(csv.text()).isEqualTo("f1\n90.0\n100.0\n");
  }

  /// Mean 5 and 100, σ 2 and 5; γ 2 and 1, β 1 and 0.
  @Test
  void columnsThatAreLeftOutAreLeftOutOfTheInverse() {
    String name = trained(TWO);
    assertThat(post(name, "denormalize", "{\"columns\": {\"f1\": [-2, 0]}}").at("/columns"))
        .isEqualTo("{\"f1\":[90.0,100.0]}");
    String csv = "id,f1\nx,-2\ny,0\n";
    assertThat(inverted(name, "text/csv", csv, "text/csv").text())
        .isEqualTo("id,f1\nx,90.0\ny,100.0\n");
    assertThat(inverted(name, "text/csv", csv, "application/json").at("/rows"))
        .isEqualTo("[{\"id\":\"x\",\"f1\":90.0},{\"id\":\"y\",\"f1\":100.0}]");
    assertThat(inverted(name, "text/csv", "f1\n-2\n", "application/json").at("/rows"))
        .isEqualTo("[[90.0]]");
    String json = "{\"rows\": [{\"f1\": -2, \"id\": \"x\"}, {\"f1\": 0, \"id\": \"y\"}]}";
    assertThat(inverted(name, "application/json", json, "text/csv").text())
        .isEqualTo("f1,id\n90.0,x\n100.0,y\n");
    Exchange array = inverted(name, "text/csv", "f1\n-2\n0\n", "application/x-npy");
    assertThat(array.text()).contains("'shape': (2, 1)");
    assertThat(inverted(name, "text/csv", "id\nx\n", "text/csv").faults())
        .containsExactly("#/header missing-column", "#/header missing-column");
  }

  private Exchange inverted(String name, String type, String body, String accept) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":denormalize?extra=keep")
        .as(type)
        .with("Accept", accept)
        .body(body)
        .send();
  }

  /// The ranges are those of the values, not of what is answered for them.
  @Test
  void rangesDoNotHoldForNormalisedValues() {
    String name =
        untrained(client, "{\"features\": [{\"name\": \"a\", \"min\": 100, \"max\": 200}]}");
    assertThat(post(name, "denormalize", "{\"rows\": [[0.5]]}").at("/rows")).isEqualTo("[[0.5]]");
  }

  /// It is refused whatever the rows are, and before anything is trained.
  @Test
  void reluHasNoInverse() {
    String name = created(client, "{\"featureCount\": 1, \"activation\": \"relu\"}");
    assertThat(post(name, "denormalize", "{\"rows\": [[1]]}").problem())
        .isEqualTo("422 unsupported-operation");
  }

  /// Mean 0 and variance 1.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'featureCount': 1, 'clip': 8} | -7.5 | 8 | The value of 'f0' is 8, the limit of the clip:"
            + " many inputs give it.",
        "{'featureCount': 1, 'clip': 8} | 7.5 | -9 | The value of 'f0' is -9; with the clip no"
            + " input gives more than 8 or less than -8.",
        "{'featureCount': 1, 'activation': 'tanh'} | 0 | -1 | The value of 'f0' is -1; tanh gives"
            + " values above -1 and below 1.",
        "{'featureCount': 1, 'affine': {'gamma': [0], 'beta': [3]}} | null | 3 | The value of 'f0'"
            + " is 3; its gamma is 0, so every input gives 3. Leave 'f0' out to invert the other"
            + " features."
      })
  void onlyAValueWithoutAnInverseIsRefused(
      String definition, String inside, String outside, String detail) {
    String name = standard(definition.replace('\'', '"'));
    String row = "[" + inside + "]";
    assertThat(post(name, "denormalize", "{\"rows\": [" + row + "]}").at("/rows/0").length())
        .isPositive();
    Exchange refused = post(name, "denormalize", "{\"rows\": [" + row + ", [" + outside + "]]}");
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly("#/rows/1/0 no-inverse");
    assertThat(refused.at("/errors/0/detail")).isEqualTo(detail);
  }

  /// Exact by hand: the rows 4 and 4 have mean 4 and no variance.
  @Test
  void theConstantItselfIsAnsweredForAConstantFeature() {
    String name =
        created(
            client,
            "{\"featureCount\": 1, \"constantFeature\": \"zero\","
                + " \"affine\": {\"gamma\": [2], \"beta\": [0.5]}}");
    post(name, "normalize?mode=training", "{\"rows\": [[4], [4]]}");
    assertThat(post(name, "denormalize", "{\"rows\": [[0.5]]}").at("/rows")).isEqualTo("[[4.0]]");
    Exchange refused = post(name, "denormalize", "{\"rows\": [[1]]}");
    assertThat(refused.faults()).containsExactly("#/rows/0/0 no-inverse");
    assertThat(refused.at("/errors/0/detail"))
        .isEqualTo(
            "The value of 'f0' is 1; it is constant, so every input gives 0.5. Leave 'f0' out to"
                + " invert the other features.");
  }

  @Test
  void anActivationsAnswersLieBetweenItsLimits() {
    String name = standard("{\"featureCount\": 1, \"activation\": \"sigmoid\"}");
    assertThat(post(name, "denormalize", "{\"rows\": [[0.5]]}").at("/rows")).isEqualTo("[[0.0]]");
    Exchange refused = post(name, "denormalize", "{\"rows\": [[0.5], [1], [-3]]}");
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactly("#/rows/1/0 no-inverse", "#/rows/2/0 no-inverse");
  }

  @Test
  void whatIsNoAnswerIsUnreadable() {
    String name = created(client, "{\"featureCount\": 1}");
    for (String member : new String[] {"weights", "bounds", "moments", "outputGradients"}) {
      assertThat(post(name, "denormalize", "{\"rows\": [[1]], \"" + member + "\": null}").problem())
          .isEqualTo("400 unreadable-body");
    }
  }

  /// An unset variable of a script must not switch the guard off.
  @Test
  void anEmptyVersionIsNone() {
    String name = created(client, "{\"featureCount\": 1}");
    Exchange refused =
        post(name, "backward?version=", "{\"rows\": [[1]], \"outputGradients\": [[1]]}");
    assertThat(refused.problem()).isEqualTo("400 bad-parameter");
  }

  @Test
  void anAnswerThatIsNoneIsPointedAtInTheBodysOwnWords() {
    String name = standard("{\"featureCount\": 1, \"activation\": \"tanh\"}");
    assertThat(post(name, "denormalize", "{\"rows\": [{\"f0\": 2}]}").faults())
        .containsExactly("#/rows/0/f0 no-inverse");
    assertThat(post(name, "denormalize", "{\"columns\": {\"f0\": [0, 2]}}").faults())
        .containsExactly("#/columns/f0/1 no-inverse");
  }

  @Test
  void rowsThatAreNullTakeNothingFromTheGradients() {
    String name = untrained(client, "{\"featureCount\": 1}");
    Exchange refused = post(name, "backward", "{\"outputGradients\": [[1]], \"rows\": null}");
    assertThat(refused.faults()).containsExactly("#/rows not-null", "#/outputGradients size");
    String twice = "{\"outputGradients\": null, \"rows\": [[1]], \"outputGradients\": [[1]]}";
    assertThat(post(name, "backward", twice).problem()).isEqualTo("400 unreadable-body");
  }
}
