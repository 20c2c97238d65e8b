package io.evenkeel.surface.admin;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Snapshots, serving by them, and statistics that come from elsewhere.
@ServiceUnderTest
class SnapshotHttpTest {
  private static final String ONE = "{\"featureCount\": 1}";

  @Autowired private WebTestClient client;

  private Exchange.Request admin(String method, String path) {
    return Exchange.to(client, method, ADMIN + path);
  }

  private Exchange get(String path) {
    return Exchange.to(client, "GET", NORMALIZERS + path).send();
  }

  private Exchange observe(String name, String body) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":observe").body(body).send();
  }

  private Exchange take(String name, String label) {
    return admin("POST", name + "/snapshots").body("{\"label\": \"" + label + "\"}").send();
  }

  private Exchange serve(String name, String body) {
    return Exchange.to(client, "PUT", NORMALIZERS + name + "/serving").body(body).send();
  }

  private String infer(String name, String query) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize" + query)
        .body("{\"rows\": [[2]]}")
        .send()
        .at("/rows");
  }

  /// Trained on 1, 3 (mean 2, unbiased variance 2), kept as s1, then on 5, 7 (mean 4).
  private String kept() {
    String name = created(client, ONE);
    observe(name, "{\"rows\": [[1], [3]]}");
    assertThat(take(name, "s1").status()).isEqualTo(201);
    observe(name, "{\"rows\": [[5], [7]]}");
    return name;
  }

  @Test
  void aSnapshotIsListedAndMovesNoVersion() {
    String name = created(client, ONE);
    Exchange taken = take(name, "s1");
    assertThat(taken.status()).isEqualTo(201);
    assertThat(taken.at("/version")).isEqualTo("1");
    String location = String.valueOf(taken.header("Location"));
    Exchange shown = Exchange.to(client, "GET", location).send();
    assertThat(shown.at("/label")).isEqualTo("s1");
    assertThat(shown.at("/version")).isEqualTo("1");
    assertThat(admin("GET", name + "/snapshots").send().at("/snapshots/0")).isEqualTo(shown.text());
    assertThat(take(name, "s1").problem()).isEqualTo("409 snapshot-exists");
    assertThat(admin("DELETE", name + "/snapshots/s1").send().status()).isEqualTo(200);
    assertThat(admin("GET", name + "/snapshots").send().text()).isEqualTo("{\"snapshots\":[]}");
    assertThat(admin("DELETE", name + "/snapshots/s1").send().problem())
        .isEqualTo("404 unknown-snapshot");
  }

  @Test
  void inferenceByASnapshotByChoiceAndByDefault() {
    String name = kept();
    assertThat(infer(name, "?snapshot=s1")).isEqualTo("[[0.0]]");
    String live = infer(name, "");
    assertThat(live).isNotEqualTo("[[0.0]]");
    Exchange served = serve(name, "{\"snapshot\": \"s1\"}");
    assertThat(served.at("/servingSnapshot")).isEqualTo("s1");
    assertThat(served.at("/version")).isEqualTo("4");
    assertThat(infer(name, "")).isEqualTo("[[0.0]]");
    assertThat(infer(name, "?snapshot=live")).isEqualTo(live);
    assertThat(get(name + "/statistics").at("/mean")).isEqualTo("[4.0]");
    assertThat(get(name + "/statistics?snapshot=s1").at("/mean")).isEqualTo("[2.0]");
    assertThat(get(name + "/statistics?snapshot=s1").at("/version")).isEqualTo("2");
    assertThat(get(name + "/statistics?snapshot=s1").at("/rows")).isEqualTo("2");
    assertThat(serve(name, "{\"snapshot\": \"s1\"}").at("/version")).isEqualTo("4");
    assertThat(admin("DELETE", name + "/snapshots/s1").send().problem())
        .isEqualTo("422 unsupported-operation");
    assertThat(serve(name, "{\"snapshot\": null}").at("/servingSnapshot")).isEqualTo("null");
    assertThat(infer(name, "")).isEqualTo(live);
  }

  @Test
  void whatServesMustBeSaidAndBeThere() {
    String name = kept();
    assertThat(serve(name, "{}").problem()).isEqualTo("400 unreadable-body");
    assertThat(serve(name, "{\"snapshot\": \"none\"}").problem()).isEqualTo("404 unknown-snapshot");
    assertThat(serve(name, "{\"snapshot\": \"live\"}").problem()).isEqualTo("404 unknown-snapshot");
    assertThat(serve(name, "{\"snapshot\": 3}").problem()).isEqualTo("400 unreadable-body");
    Exchange unknown =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?snapshot=none")
            .body("{\"rows\": [[2]]}")
            .send();
    assertThat(unknown.problem()).isEqualTo("404 unknown-snapshot");
    Exchange training =
        Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?mode=training&snapshot=s1")
            .body("{\"rows\": [[2], [3]]}")
            .send();
    assertThat(training.problem()).isEqualTo("400 bad-parameter");
  }

  @Test
  void restoringMakesANewVersionOfTheOldState() {
    String name = kept();
    Exchange restored = admin("POST", name + ":restore").body("{\"snapshot\": \"s1\"}").send();
    assertThat(restored.at("/version")).isEqualTo("4");
    assertThat(restored.at("/rows")).isEqualTo("2");
    assertThat(get(name + "/statistics").at("/mean")).isEqualTo("[2.0]");
    assertThat(admin("POST", name + ":restore").body("{\"snapshot\": \"x\"}").send().problem())
        .isEqualTo("404 unknown-snapshot");
    Exchange unsaid = admin("POST", name + ":restore").body("{}").send();
    assertThat(unsaid.problem()).isEqualTo("422 invalid-request");
    assertThat(unsaid.faults()).containsExactly("#/snapshot not-null");
    admin("POST", name + ":freeze").send();
    assertThat(admin("POST", name + ":restore").body("{\"snapshot\": \"s1\"}").send().problem())
        .isEqualTo("409 frozen");
  }

  @ParameterizedTest
  @CsvSource({"UPPER", "live", "-a", "a b", "''"})
  void whatIsNoLabelIsRefused(String label) {
    Exchange refused = take(created(client, ONE), label);
    assertThat(refused.problem()).isEqualTo("422 invalid-request");
    assertThat(refused.faults()).containsExactly("#/label pattern");
  }

  @Test
  void snapshotsGoWithTheNormalizerAndStayThroughAReset() {
    String name = kept();
    admin("POST", name + ":reset").send();
    assertThat(infer(name, "?snapshot=s1")).isEqualTo("[[0.0]]");
    Exchange.to(client, "DELETE", NORMALIZERS + name).send();
    Exchange.to(client, "PUT", NORMALIZERS + name).body(ONE).send();
    assertThat(admin("GET", name + "/snapshots").send().text()).isEqualTo("{\"snapshots\":[]}");
  }

  @Test
  void commandsLeaveATrailWithTheirReasons() {
    String name = created(client, ONE);
    admin("POST", name + "/snapshots").body("{\"label\": \"a\", \"reason\": \"why\"}").send();
    serve(name, "{\"snapshot\": \"a\"}");
    Exchange trail = Exchange.to(client, "GET", "/api/v1/admin/audit?name=" + name).send();
    assertThat(trail.at("/entries/0/command")).isEqualTo("serve");
    assertThat(trail.at("/entries/1/command")).isEqualTo("take-snapshot");
    assertThat(trail.at("/entries/1/reason")).isEqualTo("why");
  }

  /// 1, 3 and 5, 9: pooled by hand, mean 4.5, M2 35.
  @Test
  void aShardMergesIntoThePooledRows() {
    String name = created(client, ONE);
    observe(name, "{\"rows\": [[1], [3]]}");
    String shard = "{\"count\": [2], \"mean\": [7], \"m2\": [8], \"min\": [5], \"max\": [9]}";
    Exchange merged =
        admin("POST", name + ":merge").with("Idempotency-Key", "k").body(shard).send();
    assertThat(merged.at("/rows")).isEqualTo("4");
    assertThat(merged.at("/batches")).isEqualTo("2");
    Exchange statistics = get(name + "/statistics");
    assertThat(statistics.at("/mean")).isEqualTo("[4.5]");
    assertThat(statistics.at("/m2")).isEqualTo("[35.0]");
    assertThat(statistics.at("/max")).isEqualTo("[9.0]");
    Exchange again = admin("POST", name + ":merge").with("Idempotency-Key", "k").body(shard).send();
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.at("/rows")).isEqualTo("4");
    Exchange other =
        admin("POST", name + ":merge")
            .with("Idempotency-Key", "k")
            .body(shard.replace("\"m2\": [8]", "\"m2\": [6]"))
            .send();
    assertThat(other.problem()).isEqualTo("422 idempotency-key-reused");
    String exponential = created(client, "{\"preset\": \"pytorch\", \"featureCount\": 1}");
    assertThat(admin("POST", exponential + ":merge").body(shard).send().problem())
        .isEqualTo("422 unsupported-operation");
  }

  @Test
  void momentsOfAJobCountAsOneBatch() {
    String name = created(client, ONE);
    observe(name, "{\"rows\": [[1], [3]]}");
    Exchange observed =
        observe(
            name,
            """
            {"moments": {"count": [2], "mean": [7], "m2": [8], "min": [5], "max": [9]}}
            """);
    assertThat(observed.at("/outcome")).isEqualTo("applied");
    assertThat(get(name).at("/rows")).isEqualTo("4");
    assertThat(get(name).at("/batches")).isEqualTo("2");
    assertThat(get(name + "/statistics").at("/mean")).isEqualTo("[4.5]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | #/moments/count not-null, #/moments/mean not-null, #/moments/m2 not-null",
        "{'count': [2, 2], 'mean': [1], 'm2': [1]} | #/moments/count size",
        "{'count': [2], 'mean': [null], 'm2': [1]} | #/moments/mean/0 not-null",
        "{'count': [2], 'mean': [1e999], 'm2': [1]} | #/moments/mean/0 not-finite",
        "{'count': [-2], 'mean': [1], 'm2': [1]} | #/moments/count/0 negative",
        "{'count': [2], 'mean': [1], 'm2': [-1]} | #/moments/m2/0 negative",
        "{'count': [0], 'mean': [1], 'm2': [1]} | #/moments/count empty-batch",
        "{'count': [1e19], 'mean': [1], 'm2': [1]} | #/moments/count/0 max",
        "{'count': [1], 'mean': [1], 'm2': [1]} | #/moments/m2/0 out-of-range",
        "{'count': [2], 'mean': [1], 'm2': [9], 'min': [0], 'max': [2]} | #/moments/m2/0"
            + " out-of-range",
        "{'count': [2], 'mean': [3], 'm2': [1], 'min': [5], 'max': [4]} | #/moments min-above-max",
        "{'count': [2], 'mean': [6], 'm2': [1], 'min': [4], 'max': [5]} | #/moments/mean/0"
            + " out-of-range",
        "{'count': [2], 'mean': [3], 'm2': [1], 'min': [-1], 'max': [11]} | #/moments/min/0"
            + " out-of-range, #/moments/max/0 out-of-range",
        "{'count': [2], 'mean': [11], 'm2': [1]} | #/moments/mean/0 out-of-range"
      })
  void faultsOfMomentsAreToldByPlaceAndRule(String moments, String faults) {
    String name = created(client, "{\"features\": [{\"name\": \"a\", \"min\": 0, \"max\": 10}]}");
    Exchange refused = observe(name, "{\"moments\": " + moments.replace('\'', '"') + "}");
    assertThat(refused.problem()).isEqualTo("422 invalid-batch");
    assertThat(refused.faults()).containsExactlyElementsOf(List.of(faults.split(", ")));
    assertThat(get(name).at("/version")).isEqualTo("1");
  }

  /// Nine of one second and one of the next: the mean is rounded, M2 is exact.
  @ParameterizedTest
  @CsvSource({"10, 1700000000.1, 0.9", "100, 1700000000.01, 0.99"})
  void momentsOfTwoNeighbouringValuesAtALargeMeanAreTaken(int count, double mean, double m2) {
    String moments =
        "{\"count\": [%d], \"mean\": [%s], \"m2\": [%s], \"min\": [1.7e9], \"max\": [1700000001]}"
            .formatted(count, mean, m2);
    String name = created(client, ONE);
    assertThat(observe(name, "{\"moments\": " + moments + "}").status()).isEqualTo(200);
    assertThat(admin("POST", name + ":merge").body(moments).send().status()).isEqualTo(200);
  }

  @Test
  void momentsThatOverflowTogetherArePointedAt() {
    String name = created(client, ONE);
    observe(name, "{\"moments\": {\"count\": [1], \"mean\": [1e200], \"m2\": [0]}}");
    Exchange refused =
        observe(name, "{\"moments\": {\"count\": [1], \"mean\": [-1e200], \"m2\": [0]}}");
    assertThat(refused.faults()).containsExactly("#/moments overflow");
  }

  @Test
  void whatIsNotKnownOfAFeatureWithoutAValueMayBeNull() {
    String name = created(client, "{\"featureCount\": 2}");
    Exchange observed =
        observe(
            name,
            """
            {"moments": {"count": [0, 2], "mean": [null, 7], "m2": [null, 8],
                         "min": null, "max": [null, 9]}}
            """);
    assertThat(observed.status()).isEqualTo(200);
    assertThat(get(name + "/statistics").at("/mean")).isEqualTo("[0.0,7.0]");
    assertThat(get(name + "/statistics").at("/min")).isEqualTo("[null,null]");
  }

  /// Averages over batches hold what they are given; pooled moments cannot show it.
  @Test
  void statisticsThatCannotBeShownAreRefusedRatherThanDropped() {
    String averaged = created(client, "{\"preset\": \"pytorch\", \"featureCount\": 1}");
    String unknown = "{\"count\": [0], \"mean\": [10], \"variance\": [4]}";
    assertThat(admin("PUT", averaged + "/statistics").body(unknown).send().status()).isEqualTo(200);
    assertThat(get(averaged + "/statistics").at("/mean")).isEqualTo("[10.0]");
    assertThat(get(averaged + "/statistics").at("/variance")).isEqualTo("[4.0]");
    String pooled = created(client, ONE);
    Exchange refused = admin("PUT", pooled + "/statistics").body(unknown).send();
    assertThat(refused.problem()).isEqualTo("422 invalid-statistics");
    assertThat(refused.faults()).containsExactly("#/count/0 positive");
    // as two values of weight 1/2 show it
    Exchange parts =
        admin("PUT", pooled + "/statistics")
            .body("{\"count\": [1], \"mean\": [10], \"variance\": [4]}")
            .send();
    assertThat(parts.status()).isEqualTo(200);
    assertThat(get(pooled + "/statistics").at("/variance")).isEqualTo("[4.0]");
    Exchange start =
        admin("PUT", pooled + "/statistics")
            .body("{\"count\": [0], \"mean\": [0], \"variance\": [1]}")
            .send();
    assertThat(start.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'moments': {'count': [1], 'median': [1]}}",
        "{'moments': {'count': [1], 'count': [1]}}",
        "{'moments': {'count': [1]}, 'rows': [[1]]}",
        "{'rows': [[1]], 'moments': {'count': [1]}}",
        "{'moments': [1]}",
        "{'moments': {'count': 1}}",
        "{'moments': {'count': ['1']}}"
      })
  void momentsThatAreNoneAreUnreadable(String body) {
    assertThat(observe(created(client, ONE), body.replace('\'', '"')).problem())
        .isEqualTo("400 unreadable-body");
  }

  @Test
  void statisticsAreTakenOverByTheNormalizersOwnEstimator() {
    String name = created(client, ONE);
    observe(name, "{\"rows\": [[1], [3]]}");
    Exchange taken =
        admin("PUT", name + "/statistics")
            .body("{\"count\": [5], \"mean\": [10], \"variance\": [4], \"min\": [null]}")
            .send();
    assertThat(taken.at("/version")).isEqualTo("3");
    assertThat(taken.at("/rows")).isEqualTo("5");
    Exchange statistics = get(name + "/statistics");
    assertThat(statistics.at("/variance")).isEqualTo("[4.0]");
    assertThat(statistics.at("/m2")).isEqualTo("[16.0]");
    assertThat(statistics.at("/min")).isEqualTo("[null]");
    Exchange refused =
        admin("PUT", name + "/statistics")
            .body("{\"count\": [5], \"mean\": [10], \"variance\": [-4]}")
            .send();
    assertThat(refused.problem()).isEqualTo("422 invalid-statistics");
    assertThat(refused.faults()).containsExactly("#/variance/0 negative");
  }

  @Test
  void nothingIsTakenOverWhileTheStatisticsAreFrozen() {
    String name = created(client, ONE);
    admin("POST", name + ":freeze").send();
    assertThat(
            admin("PUT", name + "/statistics")
                .body("{\"count\": [5], \"mean\": [10], \"variance\": [4]}")
                .send()
                .problem())
        .isEqualTo("409 frozen");
    assertThat(
            admin("POST", name + ":merge")
                .body("{\"count\": [5], \"mean\": [10], \"m2\": [4]}")
                .send()
                .problem())
        .isEqualTo("409 frozen");
    assertThat(take(name, "while-frozen").status()).isEqualTo(201);
  }

  @Test
  void aStaleTagStopsEveryCommand() {
    String name = kept();
    String tag = String.valueOf(get(name).header("ETag"));
    List<String> stale = List.of("\"1-1\"", tag.replaceFirst("\"$", "x\""), "W/" + tag);
    for (String other : stale) {
      requireRefused(name, other);
    }
  }

  private void requireRefused(String name, String stale) {
    for (Exchange.Request request :
        List.of(
            admin("POST", name + "/snapshots").body("{\"label\": \"b\"}"),
            admin("DELETE", name + "/snapshots/s1"),
            admin("POST", name + ":restore").body("{\"snapshot\": \"s1\"}"),
            admin("POST", name + ":merge").body("{\"count\": [5], \"mean\": [10], \"m2\": [4]}"),
            admin("PUT", name + "/statistics")
                .body("{\"count\": [5], \"mean\": [10], \"variance\": [4]}"),
            Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
                .body("{\"snapshot\": \"s1\"}"))) {
      assertThat(request.with("If-Match", stale).send().problem())
          .isEqualTo("412 version-mismatch");
    }
  }
}
