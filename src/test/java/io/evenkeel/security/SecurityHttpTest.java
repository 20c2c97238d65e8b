package io.evenkeel.security;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Who is let in, as what, and how far.
@ClosedService
class SecurityHttpTest {
  private static final String DEFINITION = "{\"featureCount\": 1}";
  private static final String ROWS = "{\"rows\": [[1], [2]]}";

  @Autowired private WebTestClient client;
  @LocalServerPort private int port;

  private Exchange.Request by(String key, String method, String path) {
    Exchange.Request request = Exchange.to(client, method, path);
    return (path.startsWith("/v") ? request.problems() : request)
        .with("Authorization", "Bearer " + key);
  }

  private void create(String name) {
    assertThat(by("admin-key", "PUT", NORMALIZERS + name).body(DEFINITION).send().status())
        .isIn(200, 201);
  }

  @Test
  void whoShowsNothingIsToldWhatToShow() {
    Exchange refused = Exchange.to(client, "GET", NORMALIZERS + "x").send();
    assertThat(refused.problem()).isEqualTo("401 unauthenticated");
    assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(refused.at("/detail")).contains("Authorization: Bearer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer reader-kez",
        "Bearer reader-key2",
        "Bearer",
        "Bearer  ",
        "Basic cmVhZGVyLWtleQ==",
        "reader-key",
        "Bearer a.b.c",
        "Bearer reader-key, Bearer admin-key"
      })
  void whatDoesNotHoldLetsNobodyIn(String shown) {
    Exchange refused =
        Exchange.to(client, "GET", NORMALIZERS + "x").with("Authorization", shown).send();
    assertThat(refused.problem()).isEqualTo("401 unauthenticated");
    assertThat(refused.text()).doesNotContain("reader-k");
  }

  @ParameterizedTest
  @CsvSource({
    "reader-key, key:rita, reader, ''",
    "trainer-key, key:tom, trainer, ''",
    "admin-key, key:ada, admin, ''",
    "team-trainer-key, key:theo, trainer, team-a."
  })
  void whoShowsAKeyIsToldWhatItMayDo(String key, String actor, String role, String prefix) {
    Exchange told = by(key, "GET", "/api/v1/caller").send();
    assertThat(told.at("/actor")).isEqualTo(actor);
    assertThat(told.at("/role")).isEqualTo(role);
    assertThat(told.at("/prefix")).isEqualTo(prefix);
  }

  /// The page holds no data; it asks for the key itself.
  @Test
  void thePageIsForEverybodyAndItsDataAreNot() {
    Exchange page = Exchange.to(client, "GET", "/").send();
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).doesNotContain("team-a");
    assertThat(Exchange.to(client, "GET", "/api/v1/caller").send().problem())
        .isEqualTo("401 unauthenticated");
  }

  /// From another address than that of the other tests, whose guesses would count as well.
  @Test
  void whoGuessesIsSlowedDownAndOthersAreNot() throws IOException {
    try (Connection guessing = new Connection(port, "127.0.0.2");
        Connection elsewhere = new Connection(port)) {
      assertThat(list(guessing, "reader-key").status()).isEqualTo(200);
      Answer answer = list(guessing, "guess-0");
      for (int i = 1; answer.status() == 401 && i < 5000; i++) {
        answer = list(guessing, "guess-" + i);
      }
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.text()).contains("too-many-requests", "wrong credentials");
      assertThat(answer.header("retry-after")).isEqualTo("1");
      assertThat(list(guessing, "reader-key").status()).isEqualTo(200);
      assertThat(list(elsewhere, "guess").status()).isEqualTo(401);
      await().until(() -> list(guessing, "guess").status() == 401);
    }
  }

  private static Answer list(Connection connection, String key) throws IOException {
    connection.send(
        "GET /api/v1/normalizers HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key + "\r\n\r\n");
    return connection.answer();
  }

  @Test
  void aProbeIsAnsweredWhateverItShows() {
    for (String path : List.of("/livez", "/readyz", "/v2/health/live", "/actuator/health")) {
      assertThat(by("nobody-s-key", "GET", path).send().status()).isEqualTo(200);
    }
  }

  @Test
  void twoCredentialsAreNone() {
    assertThat(
            by("reader-key", "GET", "/api/v1/normalizers")
                .with("X-API-Key", "admin-key")
                .send()
                .problem())
        .isEqualTo("401 unauthenticated");
    assertThat(
            by("reader-key", "GET", "/api/v1/normalizers")
                .with("Authorization", "Bearer admin-key")
                .send()
                .problem())
        .isEqualTo("401 unauthenticated");
  }

  @Test
  void aKeyMayComeInAHeaderOfItsOwn() {
    assertThat(
            Exchange.to(client, "GET", "/api/v1/normalizers")
                .with("X-API-Key", "reader-key")
                .send()
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?mode=training",
        "?%6dode=training",
        "?mode=%74raining",
        "?mode=training&extra=keep"
      })
  void aReaderDoesNotTrainHoweverItIsSpelled(String query) {
    create("trained");
    Exchange refused =
        by("reader-key", "POST", NORMALIZERS + "trained:normalize" + query).body(ROWS).send();
    assertThat(refused.problem()).isEqualTo("403 forbidden");
    assertThat(refused.at("/detail")).contains("role 'trainer'").contains("has 'reader'");
    assertThat(by("reader-key", "GET", NORMALIZERS + "trained").send().at("/version"))
        .isEqualTo("1");
  }

  @Test
  void aReaderDoesNotTrainThroughTheInferenceProtocol() {
    create("tensors");
    String body =
        "{\"parameters\": {\"mode\": \"training\"}, \"inputs\": [{\"name\": \"x\", \"shape\": [2,"
            + " 1], \"datatype\": \"FP64\", \"data\": [1, 2]}]}";
    String path = "/v2/models/tensors/infer";
    assertThat(by("reader-key", "POST", path).body(body).send().problem())
        .isEqualTo("403 forbidden");
    assertThat(by("reader-key", "GET", NORMALIZERS + "tensors").send().at("/version"))
        .isEqualTo("1");
    assertThat(by("trainer-key", "POST", path).body(body).send().status()).isEqualTo(200);
  }

  /// The reader's request has said `100 Continue`: it is being read.
  @Test
  void aReaderDoesNotKeepATrainerFromUsingAKey() throws IOException {
    create("keyed");
    String training =
        "{\"parameters\": {\"mode\": \"training\"}, \"inputs\": [{\"name\": \"x\", \"shape\": [2,"
            + " 1], \"datatype\": \"FP64\", \"data\": [1, 2]}]}";
    String path = "/v2/models/keyed/infer";
    try (Connection reader = new Connection(port)) {
      reader.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: reader-key\r\nIdempotency-Key: k\r\n"
              + "Expect: 100-continue\r\nContent-Length: "
              + training.length()
              + "\r\n\r\n");
      assertThat(reader.answer().status()).isEqualTo(100);
      Exchange trained =
          by("trainer-key", "POST", path).body(training).with("Idempotency-Key", "k").send();
      assertThat(trained.at("/parameters/outcome")).isEqualTo("applied");
      reader.send(training);
      assertThat(reader.answer().status()).isEqualTo(403);
    }
    Exchange again =
        by("trainer-key", "POST", path).body(training).with("Idempotency-Key", "k").send();
    assertThat(again.at("/parameters/outcome")).isEqualTo("duplicate");
  }

  /// Wherever a key can be sent: what is refused for its role leaves no trace of it.
  @ParameterizedTest
  @ValueSource(strings = {":normalize?mode=training", ":observe", "/affine:step"})
  void aKeyThatAReaderSendsIsAsIfUnsent(String operation) {
    create("tried");
    assertThat(
            by("reader-key", "POST", NORMALIZERS + "tried" + operation)
                .body("{}")
                .with("Idempotency-Key", operation)
                .send()
                .problem())
        .isEqualTo("403 forbidden");
    assertThat(
            by("trainer-key", "POST", NORMALIZERS + "tried:normalize?mode=training")
                .body(ROWS)
                .with("Idempotency-Key", operation)
                .send()
                .at("/outcome"))
        .isEqualTo("applied");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/normalizers/team-b.x",
    "GET, /api/v1/normalizers/team-a",
    "GET, /api/v1/normalizers/team-ab.x",
    "GET, /api/v1/normalizers/%74eam-b.x",
    "PUT, /api/v1/normalizers/team-b.x",
    "DELETE, /api/v1/normalizers/team-b.x",
    "GET, /api/v1/normalizers/team-b.x/statistics",
    "POST, /api/v1/normalizers/team-b.x:normalize",
    "POST, /api/v1/normalizers/team-b.x%3Anormalize",
    "POST, /api/v1/normalizers/team-b.x:observe",
    "POST, /api/v1/admin/normalizers/team-b.x:freeze",
    "GET, /api/v1/admin/normalizers/team-b.x/snapshots",
    "GET, /v2/models/team-b.x",
    "POST, /v2/models/team-b.x/infer",
    "GET, /api/v1/admin/audit",
    "GET, /api/v1/admin/backup",
    "GET, /api/v1/admin/audit?name=team-b.x"
  })
  void aPrefixLimitsAKey(String method, String path) {
    create("team-b.x");
    Exchange refused = by("team-admin-key", method, path).body(ROWS).send();
    assertThat(refused.problem()).isEqualTo("403 forbidden");
    assertThat(refused.at("/detail")).contains("team-a.");
    // nor does it learn the version by waiting for another
    Exchange waited =
        by("team-admin-key", method, path).with("Min-Version", "999").body(ROWS).send();
    assertThat(waited.problem()).isEqualTo("403 forbidden");
  }

  @Test
  void withinItsPrefixAKeyDoesWhatItsRoleMay() {
    create("team-b.x");
    String path = NORMALIZERS + "team-a.x";
    assertThat(by("team-admin-key", "PUT", path).body(DEFINITION).send().status()).isEqualTo(201);
    assertThat(
            by("team-trainer-key", "POST", path + ":normalize?mode=training")
                .body(ROWS)
                .send()
                .status())
        .isEqualTo(200);
    assertThat(by("team-trainer-key", "DELETE", path).send().problem()).isEqualTo("403 forbidden");
    assertThat(by("team-trainer-key", "GET", "/api/v1/normalizers").send().text())
        .contains("team-a.x")
        .doesNotContain("team-b.x");
    assertThat(by("team-trainer-key", "GET", "/api/v1/normalizers?prefix=team-b").send().text())
        .doesNotContain("team-b.x");
    assertThat(by("team-trainer-key", "POST", "/v2/repository/index").send().text())
        .contains("team-a.x")
        .doesNotContain("team-b.x");
    assertThat(by("team-admin-key", "GET", "/api/v1/admin/audit?name=team-a.x").send().status())
        .isEqualTo(200);
  }

  @Test
  void theTrailNamesWhoDidIt() {
    create("audited");
    by("trainer-key", "PUT", NORMALIZERS + "audited/affine")
        .body("{\"gamma\": [2], \"beta\": [0]}")
        .send();
    by("admin-key", "POST", ADMIN + "audited:freeze").as(null).send();
    assertThat(
            by("admin-key", "GET", "/api/v1/admin/audit?name=audited")
                .send()
                .json()
                .findValuesAsString("actor"))
        .containsExactly("key:ada", "key:tom", "key:ada");
  }

  @Test
  void pathsThatCanBeReadInTwoWaysAreRefused() {
    for (String path :
        new String[] {"/api/v1/admin;x/audit", "/api/v1//admin/audit", "/livez/..;/v2"}) {
      assertThat(by("reader-key", "GET", path).send().problem()).isEqualTo("400 bad-parameter");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/api/v1/normalizers", "/api/v1/normalizers/nobody", "/v2/x"})
  void browsersAreToldToLoadNothing(String path) {
    Exchange answer = by("reader-key", "GET", path).send();
    assertThat(answer.header("Content-Security-Policy"))
        .isEqualTo("default-src 'none'; frame-ancestors 'none'");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
  }

  private Exchange preflight(String origin) {
    return Exchange.to(client, "OPTIONS", NORMALIZERS + "x")
        .with("Origin", origin)
        .with("Access-Control-Request-Method", "PUT")
        .with("Access-Control-Request-Headers", "authorization,content-type")
        .send();
  }

  @Test
  void otherOriginsAreLetInWhereTheyAreListed() {
    Exchange asked = preflight("https://listed.example");
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo("https://listed.example");
    assertThat(asked.header("Access-Control-Allow-Headers")).contains("authorization");
    assertThat(asked.header("Access-Control-Allow-Methods")).contains("PUT");
    assertThat(asked.header("Access-Control-Allow-Credentials")).isNull();
    Exchange answered =
        by("reader-key", "GET", "/api/v1/normalizers")
            .with("Origin", "https://listed.example")
            .send();
    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.header("Access-Control-Allow-Origin")).isEqualTo("https://listed.example");
    assertThat(answered.header("Vary")).isEqualTo("Origin");
  }

  /// So that a page can tell its reader why.
  @Test
  void aListedOriginMayReadWhyItIsRefused() {
    Exchange refused =
        Exchange.to(client, "GET", "/api/v1/normalizers")
            .with("Origin", "https://listed.example")
            .send();
    assertThat(refused.problem()).isEqualTo("401 unauthenticated");
    assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("https://listed.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://elsewhere.example", "http://listed.example", "null"})
  void otherOriginsAreRefused(String origin) {
    Exchange asked = preflight(origin);
    assertThat(asked.problem()).isEqualTo("403 forbidden");
    assertThat(asked.header("Access-Control-Allow-Origin")).isNull();
    Exchange refused =
        by("admin-key", "PUT", NORMALIZERS + "cors").with("Origin", origin).body(DEFINITION).send();
    assertThat(refused.problem()).isEqualTo("403 forbidden");
    assertThat(by("reader-key", "GET", NORMALIZERS + "cors").send().status()).isEqualTo(404);
  }
}
