package io.evenkeel.surface.admin;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Section 4 of the HTTP contract: freeze, unfreeze, reset, audit.
@ServiceUnderTest
class AdminHttpTest {
  private static final String ONE =
      "{\"featureCount\": 1, \"affine\": {\"gamma\": [2], \"beta\": [1]}}";

  @Autowired private WebTestClient client;

  private Exchange.Request command(String name, String verb) {
    return Exchange.to(client, "POST", ADMIN + name + ":" + verb);
  }

  private Exchange view(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send();
  }

  private Exchange observe(String name) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .body("{\"rows\": [[1], [3]]}")
        .send();
  }

  private Exchange replaceAffine(String name) {
    return Exchange.to(client, "PUT", NORMALIZERS + name + "/affine")
        .body("{\"gamma\": [3], \"beta\": [0]}")
        .send();
  }

  @Test
  void freezingHoldsTheStatisticsAndSaysSinceWhenAndWhy() {
    String name = created(client, ONE);
    Exchange frozen = command(name, "freeze").body("{\"reason\": \"trained\"}").send();
    assertThat(frozen.status()).isEqualTo(200);
    assertThat(frozen.at("/version")).isEqualTo("2");
    assertThat(frozen.header("Normalizer-Version")).isEqualTo("2");
    assertThat(frozen.header("ETag")).isEqualTo(view(name).header("ETag"));
    assertThat(frozen.at("/frozen/scope")).isEqualTo("statistics");
    assertThat(frozen.at("/frozen/reason")).isEqualTo("trained");
    assertThat(frozen.at("/frozen/since")).isEqualTo(frozen.at("/updatedAt"));
    assertThat(observe(name).at("/outcome")).isEqualTo("frozen");
    assertThat(replaceAffine(name).status()).isEqualTo(200);
  }

  @Test
  void freezingAllHoldsGammaAndBetaToo() {
    String name = created(client, ONE);
    command(name, "freeze").body("{\"scope\": \"all\"}").send();
    assertThat(replaceAffine(name).problem()).isEqualTo("409 frozen");
    assertThat(command(name, "unfreeze").send().at("/frozen")).isEqualTo("null");
    assertThat(replaceAffine(name).status()).isEqualTo(200);
  }

  @Test
  void doingItAgainChangesNothing() {
    String name = created(client, ONE);
    assertThat(command(name, "unfreeze").send().at("/version")).isEqualTo("1");
    command(name, "freeze").send();
    assertThat(command(name, "freeze").body("{\"scope\": \"statistics\"}").send().at("/version"))
        .isEqualTo("2");
    assertThat(command(name, "freeze").body("{\"scope\": \"all\"}").send().at("/version"))
        .isEqualTo("3");
    assertThat(command(name, "unfreeze").send().at("/version")).isEqualTo("4");
    assertThat(command(name, "unfreeze").send().at("/version")).isEqualTo("4");
    assertThat(observe(name).at("/outcome")).isEqualTo("applied");
  }

  @Test
  void resettingBeginsTheStatisticsAnewAndKeepsGammaAndBeta() {
    String name = created(client, ONE);
    replaceAffine(name);
    observe(name);
    Exchange reset = command(name, "reset").send();
    assertThat(reset.at("/version")).isEqualTo("4");
    assertThat(reset.at("/rows")).isEqualTo("0");
    assertThat(reset.at("/batches")).isEqualTo("0");
    Exchange statistics = Exchange.to(client, "GET", NORMALIZERS + name + "/statistics").send();
    assertThat(statistics.at("/count")).isEqualTo("[0.0]");
    assertThat(statistics.at("/variance")).isEqualTo("[1.0]");
    assertThat(statistics.at("/min")).isEqualTo("[null]");
    assertThat(Exchange.to(client, "GET", NORMALIZERS + name + "/affine").send().at("/gamma"))
        .isEqualTo("[3.0]");
    assertThat(command(name, "reset").send().at("/version")).isEqualTo("5");
  }

  @Test
  void aFrozenNormalizerCannotBeResetButDeleted() {
    String name = created(client, ONE);
    command(name, "freeze").send();
    assertThat(command(name, "reset").send().problem()).isEqualTo("409 frozen");
    assertThat(Exchange.to(client, "DELETE", NORMALIZERS + name).send().status()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"freeze", "unfreeze", "reset"})
  void aCommandHonoursIfMatch(String verb) {
    String name = created(client, ONE);
    String tag = view(name).header("ETag");
    observe(name);
    assertThat(command(name, verb).with("If-Match", tag).send().problem())
        .isEqualTo("412 version-mismatch");
    assertThat(view(name).at("/version")).isEqualTo("2");
    assertThat(command(name, verb).with("If-Match", view(name).header("ETag")).send().status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"freeze", "unfreeze", "reset"})
  void aCommandForNoNormalizerIsRefused(String verb) {
    assertThat(command("no-such", verb).send().problem()).isEqualTo("404 unknown-normalizer");
    assertThat(command("No-Such", verb).send().problem()).isEqualTo("400 bad-parameter");
  }

  @Test
  void aKeyCarriesACommandOutOnce() {
    String name = created(client, ONE);
    observe(name);
    Exchange first =
        command(name, "reset").body("{\"reason\": \"once\"}").with("Idempotency-Key", "k").send();
    assertThat(first.at("/version")).isEqualTo("3");
    observe(name);
    Exchange again =
        command(name, "reset").body("{ \"reason\":\"once\" }").with("Idempotency-Key", "k").send();
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.at("/version")).isEqualTo("4");
    assertThat(again.at("/rows")).isEqualTo("2");
    assertThat(
            command(name, "reset")
                .body("{\"reason\": \"twice\"}")
                .with("Idempotency-Key", "k")
                .send()
                .problem())
        .isEqualTo("422 idempotency-key-reused");
    assertThat(
            command(name, "freeze")
                .body("{\"reason\": \"once\"}")
                .with("Idempotency-Key", "k")
                .send()
                .problem())
        .isEqualTo("422 idempotency-key-reused");
    assertThat(command(name, "reset").with("Idempotency-Key", "not visible").send().problem())
        .isEqualTo("400 bad-parameter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "freeze|{\"scope\": \"ALL\"}|422 invalid-request",
        "freeze|{\"scope\": \"\"}|422 invalid-request",
        "freeze|{\"scope\": 1}|400 unreadable-body",
        "freeze|{\"reason\": 5}|400 unreadable-body",
        "freeze|{\"until\": \"tomorrow\"}|400 unreadable-body",
        "freeze|[]|400 unreadable-body",
        "freeze|{|400 unreadable-body",
        "unfreeze|{\"scope\": \"all\"}|400 unreadable-body",
        "reset|{\"reason\": {}}|400 unreadable-body",
        "reset|{} {}|400 unreadable-body"
      })
  void aWrongBodyIsRefusedAndNothingIsDone(String verb, String body, String problem) {
    String name = created(client, ONE);
    assertThat(command(name, verb).body(body).send().problem()).isEqualTo(problem);
    assertThat(view(name).at("/version")).isEqualTo("1");
  }

  @Test
  void aReasonHasAtMost1000Characters() {
    String name = created(client, ONE);
    Exchange refused =
        command(name, "reset").body("{\"reason\": \"" + "r".repeat(1001) + "\"}").send();
    assertThat(refused.problem()).isEqualTo("422 invalid-request");
    assertThat(refused.faults()).containsExactly("#/reason size");
    assertThat(
            command(name, "reset")
                .body("{\"reason\": \"" + "r".repeat(1000) + "\"}")
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void aBodyWithNothingInItMayBeLeftOut() {
    String name = created(client, ONE);
    for (String body : List.of("", "{}", "null", "{\"reason\": null}")) {
      assertThat(command(name, "reset").body(body).send().status()).as(body).isEqualTo(200);
    }
    assertThat(command(name, "reset").send().status()).isEqualTo(200);
  }

  @Test
  void aVerbTakesPostAndAnUnknownOneIsNotFound() {
    String name = created(client, ONE);
    Exchange refused = Exchange.to(client, "GET", ADMIN + name + ":freeze").send();
    assertThat(refused.problem()).isEqualTo("405 method-not-allowed");
    assertThat(refused.header("Allow")).isEqualTo("POST");
    assertThat(command(name, "thaw").send().problem()).isEqualTo("404 not-found");
    assertThat(command(name, "reset?force=true").send().problem()).isEqualTo("400 bad-parameter");
    assertThat(Exchange.to(client, "POST", ADMIN + name + "%3Areset").send().status())
        .isEqualTo(200);
  }

  @Test
  void everyCommandThatWasCarriedOutLeavesATrailTheLatestFirst() {
    String name = created(client, ONE);
    command(name, "freeze").body("{\"reason\": \"é\\n\"}").send();
    command(name, "freeze").send();
    command(name, "reset").send();
    command(name, "unfreeze").send();
    command(name, "reset").body("{\"reason\": \"anew\"}").send();
    replaceAffine(name);
    List<String> trail = new ArrayList<>();
    String token = "";
    do {
      Exchange page =
          Exchange.to(
                  client,
                  "GET",
                  "/api/v1/admin/audit?name=" + name + "&pageSize=2&pageToken=" + token)
              .send();
      assertThat(page.status()).isEqualTo(200);
      page.json()
          .path("entries")
          .forEach(entry -> {
            assertThat(entry.path("normalizer").asString()).isEqualTo(name);
            assertThat(entry.path("actor").isNull()).isTrue();
            trail.add(
                entry.path("command").asString()
                    + " "
                    + entry.path("version").asInt()
                    + " "
                    + entry.path("reason"));
          });
      token = page.at("/nextPageToken");
    } while (!token.equals("null"));
    assertThat(trail)
        .containsExactly(
            "replace-affine 5 null",
            "reset 4 \"anew\"",
            "unfreeze 3 null",
            "freeze 2 \"é\\n\"",
            "create 1 null");
  }

  @Test
  void aPageOfTheTrailHasAHundredEntriesUnlessTheClientSays() {
    String name = created(client, "{\"featureCount\": 1}");
    for (int i = 0; i < 50; i++) {
      command(name, "freeze").send();
      command(name, "unfreeze").send();
    }
    Exchange page = Exchange.to(client, "GET", "/api/v1/admin/audit?name=" + name).send();
    assertThat(page.json().path("entries")).hasSize(100);
    assertThat(page.at("/nextPageToken")).isNotEqualTo("null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pageSize=0", "pageSize=1001", "name=A", "name=", "pageToken=x", "actor=me"})
  void theTrailIsAskedForByItsParameters(String query) {
    assertThat(Exchange.to(client, "GET", "/api/v1/admin/audit?" + query).send().problem())
        .isEqualTo("400 bad-parameter");
  }
}
