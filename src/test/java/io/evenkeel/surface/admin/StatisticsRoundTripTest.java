package io.evenkeel.surface.admin;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Section 4 of the HTTP contract: what `GET .../statistics` shows, `PUT .../statistics` takes.
@ServiceUnderTest
class StatisticsRoundTripTest {
  private static final List<String> SHOWN = List.of("count", "mean", "variance", "min", "max");

  @Autowired private WebTestClient client;

  private Exchange observe(String name, String body) {
    Exchange observed =
        Exchange.to(client, "POST", NORMALIZERS + name + ":observe").body(body).send();
    assertThat(observed.status()).isEqualTo(200);
    return observed;
  }

  private Exchange statistics(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send();
  }

  private Exchange put(String name, String body) {
    return Exchange.to(client, "PUT", ADMIN + name + "/statistics").body(body).send();
  }

  private Exchange merge(String name, String body) {
    return Exchange.to(client, "POST", ADMIN + name + ":merge").body(body).send();
  }

  static Stream<Arguments> normalizersAndBatches() {
    List<String> presets =
        List.of(
            "evenkeel",
            "pytorch",
            "pytorch-cumulative",
            "keras",
            "onnx",
            "scikit-learn",
            "river",
            "flink",
            "stable-baselines3");
    List<List<String>> batches =
        List.of(
            List.of(),
            List.of("{\"rows\": [[100, -3]]}"),
            List.of("{\"rows\": [[100, -3], [104, -3]]}", "{\"rows\": [[99, 1e9]]}"),
            List.of("{\"rows\": [[100, 7], [101, 8]], \"weights\": [0.5, 0.5]}"),
            List.of("{\"rows\": [[100, 7], [101, 8]], \"weights\": [1e-90, 3e-95]}"),
            List.of("{\"rows\": [[100, 7], [101, 8]], \"weights\": [1e90, 1e-90]}"),
            List.of("{\"moments\": {\"count\": [5, 3], \"mean\": [2, 0], \"m2\": [8, 0]}}"));
    return presets.stream()
        .flatMap(preset ->
            Stream.of("", ", \"missing\": \"ignore\"")
                .flatMap(missing ->
                    batches.stream()
                        .map(sent ->
                            Arguments.of(
                                "{\"featureCount\": 2, \"preset\": \""
                                    + preset
                                    + "\""
                                    + missing
                                    + "}",
                                sent))));
  }

  @ParameterizedTest
  @MethodSource("normalizersAndBatches")
  void whatIsShownIsTaken(String definition, List<String> batches) {
    String from = created(client, definition);
    batches.forEach(batch -> observe(from, batch));
    Exchange shown = statistics(from);
    String to = created(client, definition);
    Exchange taken = put(to, shown.text());
    assertThat(taken.status()).as(taken.text()).isEqualTo(200);
    for (String member : SHOWN) {
      assertThat(statistics(to).at("/" + member)).as(member).isEqualTo(shown.at("/" + member));
    }
  }

  /// A window or an average in which a feature has no value yet, and one in which it had.
  @Test
  void whatIsShownOfAveragesWithGapsIsTakenToo() {
    for (String averaging :
        List.of(
            "{\"type\": \"window\", \"batches\": 1}",
            "{\"type\": \"decaying\", \"halfLifeRows\": 2}",
            "{\"type\": \"exponential\"}")) {
      String definition =
          "{\"featureCount\": 2, \"missing\": \"ignore\", \"averaging\": " + averaging + "}";
      String from = created(client, definition);
      observe(from, "{\"rows\": [[1, 2], [3, 5]]}");
      observe(from, "{\"rows\": [[null, 2], [null, 8]]}");
      String to = created(client, definition);
      Exchange taken = put(to, statistics(from).text());
      assertThat(taken.status()).as(taken.text()).isEqualTo(200);
      for (String member : List.of("count", "mean", "variance")) {
        assertThat(statistics(to).at("/" + member)).isEqualTo(statistics(from).at("/" + member));
      }
    }
  }

  @Test
  void statisticsOfOtherFeaturesAreRefused() {
    String name = created(client, "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    Exchange refused =
        put(
            name,
            "{\"features\": [\"b\", \"a\"], \"count\": [2, 2], \"mean\": [1, 2], \"variance\": [1,"
                + " 1]}");
    assertThat(refused.problem()).isEqualTo("422 invalid-statistics");
    assertThat(refused.faults()).containsExactly("#/features unknown-feature");
    assertThat(statistics(name).at("/rows")).isEqualTo("0");
  }

  /// Moments, shards and statistics agree: where the count is 0, the rest need not be known.
  @Test
  void meanOfNoValueMayBeNull() {
    String name = created(client, "{\"featureCount\": 2}");
    String moments = "{\"count\": [2, 0], \"mean\": [3, null], \"m2\": [2, null]}";
    observe(name, "{\"moments\": " + moments + "}");
    assertThat(merge(name, moments).status()).isEqualTo(200);
    assertThat(statistics(name).at("/count")).isEqualTo("[4.0,0.0]");
    assertThat(statistics(name).at("/mean")).isEqualTo("[3.0,0.0]");
    assertThat(
            put(name, "{\"count\": [2, 0], \"mean\": [3, null], \"variance\": [2, null]}").status())
        .isEqualTo(200);
    String unknown = "{\"count\": [2, 1], \"mean\": [3, null], \"m2\": [2, 0]}";
    assertThat(merge(name, unknown).faults()).containsExactly("#/mean/1 not-null");
    assertThat(
            Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
                .body("{\"moments\": " + unknown + "}")
                .send()
                .faults())
        .containsExactly("#/moments/mean/1 not-null");
  }

  /// A minimum of later values alone would be false.
  @Test
  void extremesThatWereNotGivenStayUnknown() {
    String name = created(client, "{\"featureCount\": 2}");
    observe(name, "{\"moments\": {\"count\": [2, 0], \"mean\": [3, 0], \"m2\": [2, 0]}}");
    observe(name, "{\"rows\": [[7, 7], [9, 9]]}");
    assertThat(statistics(name).at("/min")).isEqualTo("[null,7.0]");
    assertThat(statistics(name).at("/max")).isEqualTo("[null,9.0]");
    String other = created(client, "{\"featureCount\": 2}");
    assertThat(put(other, statistics(name).text()).status()).isEqualTo(200);
    assertThat(statistics(other).at("/min")).isEqualTo("[null,7.0]");
  }

  @Test
  void constantFeaturesAreNamed() {
    String name = created(client, "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    observe(name, "{\"rows\": [[7, 7], [9, 7]]}");
    assertThat(statistics(name).at("/constant")).isEqualTo("[\"b\"]");
  }

  @Test
  void stepWhosePenaltyOverflowsSaysSo() {
    String name = created(client, "{\"featureCount\": 2}");
    Exchange.Request step = Exchange.to(client, "POST", NORMALIZERS + name + "/affine:step");
    Exchange refused =
        step.body(
                "{\"gammaGradient\": [-1e308, -1e308], \"betaGradient\": [0, 0], \"learningRate\":"
                    + " 1, \"l1\": 3, \"method\": \"subgradient\"}")
            .send();
    assertThat(refused.problem()).isEqualTo("422 invalid-request");
    assertThat(refused.faults()).containsExactly("#/l1 overflow");
    assertThat(statistics(name).at("/version")).isEqualTo("1");
  }
}
