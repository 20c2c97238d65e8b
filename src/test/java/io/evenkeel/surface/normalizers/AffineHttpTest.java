package io.evenkeel.surface.normalizers;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Steps of gamma and beta, and what they make superfluous.
@ServiceUnderTest
class AffineHttpTest {
  private static final String FOUR =
      """
      {"featureCount": 4, "affine": {"gamma": [1, -0.5, 0, 2], "beta": [1, 2, 3, 4]}}
      """;

  @Autowired private WebTestClient client;

  private Exchange.Request step(String name, String body) {
    return Exchange.to(client, "POST", NORMALIZERS + name + "/affine:step")
        .body(body.replace('\'', '"'));
  }

  private Exchange sparsity(String name, String query) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/sparsity" + query).send();
  }

  /// By hand: u = γ, shrunk by 0.5 · 1; l1 Σ|γ| = 1 · (0.5 + 0 + 0 + 1.5).
  @Test
  void aProximalStepReachesZero() {
    String name = created(client, FOUR);
    Exchange done =
        step(
                name,
                "{'gammaGradient': [0, 0, 0, 0], 'betaGradient': [2, 0, 0, 0],"
                    + " 'learningRate': 0.5, 'l1': 1, 'method': 'proximal'}")
            .send();
    assertThat(done.text())
        .isEqualTo(
            "{\"gamma\":[0.5,0.0,0.0,1.5],\"beta\":[0.0,2.0,3.0,4.0],\"version\":2,\"penalty\":2.0}");
    assertThat(done.header("Normalizer-Version")).isEqualTo("2");
  }

  /// γ − 0.5 (dγ + sign γ).
  @Test
  void aSubgradientStepJumpsOverZero() {
    String name = created(client, FOUR);
    Exchange done =
        step(
                name,
                "{'gammaGradient': [0, 1, 0, 0], 'betaGradient': [0, 0, 0, 0],"
                    + " 'learningRate': 0.5, 'l1': 1, 'method': 'subgradient'}")
            .send();
    assertThat(done.at("/gamma")).isEqualTo("[0.5,-0.5,0.0,1.5]");
  }

  @Test
  void withoutL1ItIsAPlainStepAndWithoutAChangeNone() {
    String name = created(client, FOUR);
    String plain =
        "{'gammaGradient': [1, 1, 1, 1], 'betaGradient': [0, 0, 0, 0], 'learningRate': 1}";
    assertThat(step(name, plain).send().at("/gamma")).isEqualTo("[0.0,-1.5,-1.0,1.0]");
    String nothing = plain.replace("[1, 1, 1, 1]", "[0, 0, 0, 0]");
    Exchange same = step(name, nothing).send();
    assertThat(same.at("/version")).isEqualTo("2");
    assertThat(same.at("/penalty")).isEqualTo("0.0");
  }

  @Test
  void aRepeatedStepCountsOnceAndAnotherUnderItsKeyIsRefused() {
    String name = created(client, FOUR);
    String body =
        "{'gammaGradient': [1, 1, 1, 1], 'betaGradient': [0, 0, 0, 0], 'learningRate': 1}";
    step(name, body).with("Idempotency-Key", "k").send();
    Exchange again = step(name, body).with("Idempotency-Key", "k").send();
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.at("/gamma")).isEqualTo("[0.0,-1.5,-1.0,1.0]");
    Exchange other =
        step(name, body.replace("[1, 1, 1, 1]", "[1, 1, 1, 2]"))
            .with("Idempotency-Key", "k")
            .send();
    assertThat(other.problem()).isEqualTo("422 idempotency-key-reused");
    assertThat(step(name, body).with("If-Match", "\"1-1\"").send().problem())
        .isEqualTo("412 version-mismatch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'betaGradient': [1], 'learningRate': 1} | #/gammaGradient not-null",
        "{'gammaGradient': [1], 'betaGradient': [1]} | #/learningRate not-null",
        "{'gammaGradient': [1], 'betaGradient': [1], 'learningRate': 0} | #/learningRate positive",
        "{'gammaGradient': [1], 'betaGradient': [1], 'learningRate': 1e999} | #/learningRate"
            + " not-finite",
        "{'gammaGradient': [1], 'betaGradient': [1], 'learningRate': 1, 'l1': -1} | #/l1 negative",
        "{'gammaGradient': [1e999], 'betaGradient': [1], 'learningRate': 1} | #/gammaGradient/0"
            + " not-finite",
        "{'gammaGradient': [1, 2], 'betaGradient': [1], 'learningRate': 1} | #/gammaGradient size",
        "{'gammaGradient': [1], 'betaGradient': [], 'learningRate': 1} | #/betaGradient size",
        "{'gammaGradient': [1], 'betaGradient': [1], 'learningRate': 1, 'method': 'adam'} |"
            + " #/method unknown-value",
        "{'gammaGradient': [1e308], 'betaGradient': [1], 'learningRate': 100} | # overflow"
      })
  void faultsOfAStepAreTold(String body, String fault) {
    String name = created(client, "{\"featureCount\": 1}");
    Exchange refused = step(name, body).send();
    assertThat(refused.problem()).isEqualTo("422 invalid-request");
    assertThat(refused.faults()).containsExactly(fault);
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name).send().at("/version")).isEqualTo("1");
  }

  /// |γ| sorted: 0, 0.5, 1, 2; half of four are two, and what counts from 0 as the second is 1.
  @Test
  void theSmallestGammasAreSuperfluous() {
    String name = created(client, FOUR);
    Exchange half = sparsity(name, "?ratio=0.5");
    assertThat(half.text())
        .isEqualTo(
            "{\"threshold\":1.0,\"kept\":[true,false,false,true],\"zeroGamma\":1,"
                + "\"prunedBeta\":[2.0,3.0]}");
    assertThat(sparsity(name, "").at("/kept")).isEqualTo("[true,true,false,true]");
    assertThat(sparsity(name, "?ratio=0.75&minimumKept=3").at("/kept"))
        .isEqualTo("[true,true,false,true]");
    assertThat(half.header("ETag")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "?ratio=1",
    "?ratio=-0.1",
    "?ratio=NaN",
    "?ratio=",
    "?ratio=x",
    "?minimumKept=-1",
    "?minimumKept=1.5",
    "?rate=0.5"
  })
  void whatIsNoRatioIsABadParameter(String query) {
    String name = created(client, FOUR);
    assertThat(sparsity(name, query).problem()).isEqualTo("400 bad-parameter");
  }
}
