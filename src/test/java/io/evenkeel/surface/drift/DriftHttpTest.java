package io.evenkeel.surface.drift;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/// Drift over HTTP, of rows that are drawn from normal distributions.
@ServiceUnderTest
class DriftHttpTest {
  private final SplittableRandom random = new SplittableRandom(18);

  @Autowired private WebTestClient client;

  private Exchange post(String path, String body) {
    Exchange answer = Exchange.to(client, "POST", path).body(body).send();
    assertThat(answer.status()).isEqualTo(200);
    return answer;
  }

  private Exchange drift(String name, String query) {
    return Exchange.to(client, "GET", NORMALIZERS + name + "/drift" + query).send();
  }

  /// A hundred rows of three features of mean 0 and deviation 1.
  private String rows(double shiftOfTheSecond) {
    StringBuilder rows = new StringBuilder("{\"rows\": [");
    for (int i = 0; i < 100; i++) {
      rows.append(i == 0 ? "[" : ",[")
          .append(random.nextGaussian())
          .append(',')
          .append(random.nextGaussian() + shiftOfTheSecond)
          .append(',')
          .append(random.nextGaussian())
          .append(']');
    }
    return rows.append("]}").toString();
  }

  private String trained() {
    String name = created(client, "{\"featureCount\": 3}");
    for (int i = 0; i < 20; i++) {
      post(NORMALIZERS + name + ":observe", rows(0));
    }
    return name;
  }

  private String frozen() {
    String name = trained();
    post(ADMIN + name + ":freeze", "{}");
    return name;
  }

  private void infer(String name, int batches, double shift) {
    for (int i = 0; i < batches; i++) {
      post(NORMALIZERS + name + ":normalize", rows(shift));
    }
  }

  @Test
  void withoutAReferenceNothingIsCompared() {
    String name = trained();
    infer(name, 1, 0);
    JsonNode report = drift(name, "").json();
    assertThat(report.path("reference").isNull()).isTrue();
    assertThat(report.path("live").isNull()).isTrue();
    assertThat(report.path("drifted").asBoolean(true)).isFalse();
    assertThat(report.path("features")).isEmpty();
  }

  @Test
  void theFeatureThatHasDriftedIsNamed() {
    String name = frozen();
    infer(name, 20, 0.5);
    Exchange report = drift(name, "");
    assertThat(report.at("/scope")).isEqualTo("replica");
    assertThat(report.at("/drifted")).isEqualTo("true");
    assertThat(report.at("/driftedFeatures")).isEqualTo("1");
    assertThat(report.at("/reference/rows")).isEqualTo("2000");
    assertThat(report.at("/reference/snapshot")).isEqualTo("null");
    assertThat(report.at("/live/rows")).isEqualTo("2000");
    assertThat(report.at("/live/groups")).isEqualTo("20");
    assertThat(report.at("/features/0/drifted")).isEqualTo("false");
    assertThat(report.at("/features/1/name")).isEqualTo("f1");
    assertThat(report.at("/features/1/because")).isEqualTo("[\"meanShift\"]");
    assertThat(report.json().at("/features/1/meanShift").asDouble()).isBetween(0.4, 0.6);
    assertThat(report.json().at("/features/1/varianceRatio").asDouble()).isBetween(0.8, 1.2);
    assertThat(report.at("/features/1/absoluteDeviation/reference")).isEqualTo("null");
    // of a normal distribution that is shifted by a half: 0.896
    assertThat(report.json().at("/features/1/absoluteDeviation/live").asDouble())
        .isBetween(0.8, 1.0);
    assertThat(report.at("/features/1/populationStability")).isEqualTo("null");
    assertThat(report.at("/features/1/missing")).isEqualTo("{\"reference\":null,\"live\":0.0}");
    assertThat(report.at("/features/1/clipped")).isEqualTo("absent");
    assertThat(report.at("/nextPageToken")).isEqualTo("null");
  }

  @Test
  void theServingSnapshotIsTheReferenceWhileTrainingGoesOn() {
    String name = trained();
    String snapshots = ADMIN + name + "/snapshots";
    assertThat(Exchange.to(client, "POST", snapshots).body("{\"label\": \"s1\"}").send().status())
        .isEqualTo(201);
    Exchange.to(client, "PUT", NORMALIZERS + name + "/serving")
        .body("{\"snapshot\": \"s1\"}")
        .send();
    post(NORMALIZERS + name + ":observe", rows(5));
    infer(name, 2, 0);
    post(NORMALIZERS + name + ":normalize?snapshot=live", rows(5));
    Exchange report = drift(name, "");
    assertThat(report.at("/reference/snapshot")).isEqualTo("s1");
    assertThat(report.at("/reference/rows")).isEqualTo("2000");
    assertThat(report.at("/live/rows")).isEqualTo("200");
  }

  @Test
  void equalRowsHaveNotDrifted() {
    String name = frozen();
    infer(name, 20, 0);
    assertThat(drift(name, "").at("/drifted")).isEqualTo("false");
    assertThat(drift(name, "?drifted=true").at("/features")).isEqualTo("[]");
  }

  @Test
  void featuresComeByPagesAndByWhetherTheyHaveDrifted() {
    String name = frozen();
    infer(name, 20, 0.5);
    Exchange first = drift(name, "?pageSize=2");
    assertThat(first.at("/features/1/name")).isEqualTo("f1");
    assertThat(first.at("/features/2")).isEqualTo("absent");
    Exchange second = drift(name, "?pageSize=2&pageToken=" + first.at("/nextPageToken"));
    assertThat(second.at("/features/0/name")).isEqualTo("f2");
    assertThat(second.at("/nextPageToken")).isEqualTo("null");
    Exchange drifted = drift(name, "?drifted=true&pageSize=1");
    assertThat(drifted.at("/features/0/name")).isEqualTo("f1");
    assertThat(drifted.at("/nextPageToken")).isEqualTo("null");
    Exchange others = drift(name, "?drifted=false&pageSize=1");
    assertThat(others.at("/features/0/name")).isEqualTo("f0");
    assertThat(
            drift(name, "?drifted=false&pageToken=" + others.at("/nextPageToken"))
                .at("/features/0/name"))
        .isEqualTo("f2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?pageSize=0",
        "?pageSize=1001",
        "?pageToken=x",
        "?pageToken=-1",
        "?drifted=perhaps",
        "?d=1"
      })
  void badParametersAreRefused(String query) {
    assertThat(drift(frozen(), query).problem()).isEqualTo("400 bad-parameter");
  }

  @Test
  void anUnknownNormalizerHasNoDrift() {
    assertThat(drift("nobody", "").problem()).startsWith("404 ");
  }

  private Exchange list(String query) {
    return Exchange.to(client, "GET", "/api/v1/drift" + query).send();
  }

  private static List<String> names(Exchange list) {
    return list.json()
        .path("normalizers")
        .valueStream()
        .map(n -> n.path("name").asString())
        .toList();
  }

  @Test
  void theListTellsWhichNormalizersHaveDrifted() {
    String equal = frozen();
    String moved = frozen();
    String unfrozen = trained();
    infer(equal, 20, 0);
    infer(moved, 20, 0.5);
    infer(unfrozen, 20, 0.5);
    assertThat(list("?pageSize=1000").at("/scope")).isEqualTo("replica");
    assertThat(names(list("?pageSize=1000")))
        .contains(equal, moved)
        .doesNotContain(unfrozen)
        .isSorted();
    assertThat(list("?prefix=" + moved).json().at("/normalizers/0").toString())
        .isEqualTo(
            "{\"name\":\"%s\",\"drifted\":true,\"driftedFeatures\":1,\"features\":[\"f1\"]}"
                .formatted(moved));
    assertThat(list("?prefix=" + equal).json().at("/normalizers/0").toString())
        .isEqualTo(
            "{\"name\":\"%s\",\"drifted\":false,\"driftedFeatures\":0,\"features\":[]}"
                .formatted(equal));
    assertThat(names(list("?pageSize=1000&drifted=true"))).contains(moved).doesNotContain(equal);
    assertThat(names(list("?pageSize=1000&drifted=false"))).contains(equal).doesNotContain(moved);
    post(ADMIN + moved + ":unfreeze", "{}");
    assertThat(names(list("?pageSize=1000"))).doesNotContain(moved);
  }

  @Test
  void theListComesByPages() {
    infer(frozen(), 1, 0);
    infer(frozen(), 1, 0);
    List<String> all = names(list("?pageSize=1000"));
    List<String> paged = new ArrayList<>();
    String token = "";
    do {
      Exchange page = list("?pageSize=1&pageToken=" + token);
      assertThat(names(page)).hasSize(1);
      paged.addAll(names(page));
      token = page.json().path("nextPageToken").asString("");
    } while (!token.isEmpty());
    assertThat(paged).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?pageSize=0", "?pageToken=*", "?drifted=perhaps", "?d=1"})
  void badParametersOfTheListAreRefused(String query) {
    assertThat(list(query).problem()).isEqualTo("400 bad-parameter");
  }
}
