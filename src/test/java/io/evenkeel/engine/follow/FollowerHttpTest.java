package io.evenkeel.engine.follow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.StartedService;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A service and another one that follows it, over HTTP.
class FollowerHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String IN_MEMORY = "evenkeel.store.directory=:memory:";
  private static final String AT_ONCE = "evenkeel.http.shutdown-delay=0s";
  private static final String NAME = "/api/v1/normalizers/payments";
  private static final String ADMIN = "/api/v1/admin/normalizers/payments";

  @TempDir Path directory;

  /// Two that most tests share; each test deletes what it has made.
  private static StartedService leader;

  private static StartedService follower;

  @BeforeAll
  static void start() {
    leader = leader();
    follower = follower(leader.port());
    awaitReady(follower);
  }

  @AfterAll
  static void end() {
    follower.close();
    leader.close();
  }

  @AfterEach
  void delete() {
    send(leader, "DELETE", NAME, "");
  }

  private static StartedService leader() {
    return StartedService.start(IN_MEMORY, AT_ONCE);
  }

  private static StartedService follower(int leader, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 3);
    all[settings.length] = "evenkeel.follow=http://127.0.0.1:" + leader;
    all[settings.length + 1] = AT_ONCE;
    // it must not be used
    all[settings.length + 2] = "evenkeel.store.directory=/dev/null/no-directory";
    return StartedService.start(all);
  }

  private static HttpResponse<byte[]> send(
      StartedService to, String method, String path, String body) {
    return to.send(method, path, body.getBytes(UTF_8), "Content-Type", "application/json");
  }

  private static HttpResponse<byte[]> done(
      StartedService to, String method, String path, String body) {
    HttpResponse<byte[]> answer = send(to, method, path, body);
    assertThat(answer.statusCode())
        .as("%s %s: %s", method, path, new String(answer.body(), UTF_8))
        .isBetween(200, 299);
    return answer;
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private static void awaitReady(StartedService service) {
    await().atMost(PATIENCE).until(() -> send(service, "GET", "/readyz", "").statusCode() == 200);
  }

  /// Waits until the follower has every bit of the leader's state.
  private static void awaitSame(StartedService leader, StartedService follower) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          HttpResponse<byte[]> led = send(leader, "GET", NAME + "/state", "");
          HttpResponse<byte[]> followed = send(follower, "GET", NAME + "/state", "");
          assertThat(followed.statusCode()).isEqualTo(led.statusCode());
          if (led.statusCode() == 200) {
            assertThat(followed.body()).isEqualTo(led.body());
          }
        });
  }

  private static final byte[] ROWS =
      ByteBuffer.allocate(48)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putDouble(0.1)
          .putDouble(-7)
          .putDouble(1e9)
          .putDouble(1 / 3d)
          .putDouble(4)
          .putDouble(-0.0)
          .array();

  /// What both answer to the same requests, byte by byte.
  private static void assertSameAnswers(StartedService leader, StartedService follower) {
    awaitSame(leader, follower);
    String json = "{\"rows\": [[0.1, -7], [1e9, 0.3333333333333333], [4, -0.0]]}";
    for (String query : List.of("", "?snapshot=live", "?snapshot=monday")) {
      assertThat(text(send(follower, "POST", NAME + ":normalize" + query, json)))
          .isEqualTo(text(send(leader, "POST", NAME + ":normalize" + query, json)));
      assertThat(binary(follower, query)).isEqualTo(binary(leader, query));
    }
    for (String path :
        List.of(
            NAME,
            NAME + "/statistics",
            NAME + "/affine",
            NAME + "/export?format=folded",
            "/v2/models/payments",
            "/api/v1/normalizers")) {
      assertThat(text(send(follower, "GET", path, "")))
          .as(path)
          .isEqualTo(text(send(leader, "GET", path, "")));
    }
    assertThat(text(send(follower, "POST", NAME + ":denormalize", json)))
        .isEqualTo(text(send(leader, "POST", NAME + ":denormalize", json)));
    String backward = "{\"rows\": [[1, 2], [3, 5]], \"outputGradients\": [[1, 0], [0, 1]]}";
    assertThat(text(send(follower, "POST", NAME + ":backward?mode=training", backward)))
        .isEqualTo(text(send(leader, "POST", NAME + ":backward?mode=training", backward)));
  }

  private static byte[] binary(StartedService service, String query) {
    return service
        .send("POST", NAME + ":normalize" + query, ROWS, "Content-Type", "application/octet-stream")
        .body();
  }

  private static void train(StartedService leader, int seed) {
    done(
        leader,
        "POST",
        NAME + ":normalize?mode=training",
        "{\"rows\": [[%d.1, -3], [2.5, %d], [1e-3, 7]]}".formatted(seed, 3 * seed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"featureCount\": 2}",
        "{\"featureCount\": 2, \"preset\": \"pytorch\"}",
        "{\"featureCount\": 2, \"preset\": \"river\"}",
        "{\"featureCount\": 2, \"averaging\": {\"type\": \"decaying\", \"halfLifeRows\": 5}}",
        "{\"featureCount\": 2, \"averaging\": {\"type\": \"window\", \"batches\": 3}}",
        "{\"featureCount\": 2, \"training\": {\"type\": \"window\", \"batches\": 3}}",
        "{\"featureCount\": 2, \"averaging\": {\"type\": \"exponential\", \"momentum\": 0.1,"
            + " \"variance\": \"within\", \"start\": \"zero-one\"}, \"training\": {\"type\":"
            + " \"renormalization\", \"rMax\": 3, \"dMax\": 5}}"
      })
  void aFollowerAnswersBitByBitLikeItsLeader(String definition) {
    done(leader, "PUT", NAME, definition);
    assertSameAnswers(leader, follower);
    for (int i = 1; i <= 5; i++) {
      train(leader, i);
    }
    assertSameAnswers(leader, follower);
    done(leader, "PUT", NAME + "/affine", "{\"gamma\": [2, 0.1], \"beta\": [1e-9, -3]}");
    done(leader, "POST", ADMIN + "/snapshots", "{\"label\": \"monday\"}");
    assertSameAnswers(leader, follower);
    train(leader, 9);
    done(leader, "PUT", NAME + "/serving", "{\"snapshot\": \"monday\"}");
    assertSameAnswers(leader, follower);
    done(leader, "POST", ADMIN + ":freeze", "{\"reason\": \"held\"}");
    assertSameAnswers(leader, follower);
    done(leader, "POST", ADMIN + ":unfreeze", "{}");
    done(leader, "POST", ADMIN + ":restore", "{\"snapshot\": \"monday\"}");
    assertSameAnswers(leader, follower);
    done(leader, "PUT", NAME + "/serving", "{\"snapshot\": null}");
    done(leader, "DELETE", ADMIN + "/snapshots/monday", "");
    assertSameAnswers(leader, follower);
    done(leader, "DELETE", NAME, "");
    assertSameAnswers(leader, follower);
    done(leader, "PUT", NAME, "{\"featureCount\": 2, \"untrained\": \"identity\"}");
    assertSameAnswers(leader, follower);
  }

  @Test
  void aFollowerTakesANewDefinition() {
    HttpResponse<byte[]> made = done(leader, "PUT", NAME, "{\"featureCount\": 2}");
    train(leader, 1);
    awaitSame(leader, follower);
    HttpResponse<byte[]> now = done(leader, "GET", NAME, "");
    assertThat(made.headers().firstValue("ETag")).isPresent();
    HttpResponse<byte[]> redefined =
        leader.send(
            "PUT",
            NAME + "/definition",
            "{\"features\": [{\"name\": \"amount\", \"max\": 3, \"onOutOfRange\": \"clip\"}, {\"name\": \"f1\"}], \"renamed\": {\"f0\": \"amount\"}}"
                .getBytes(UTF_8),
            "Content-Type",
            "application/json",
            "If-Match",
            now.headers().firstValue("ETag").orElseThrow());
    assertThat(redefined.statusCode()).as(text(redefined)).isEqualTo(200);
    assertSameAnswers(leader, follower);
    assertThat(text(send(follower, "GET", NAME, ""))).contains("\"amount\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT | /api/v1/normalizers/other | {\"featureCount\": 1}",
        "PUT | /api/v1/normalizers/payments | {\"featureCount\": 2}",
        "POST | /api/v1/normalizers/payments:normalize?mode=training | {\"rows\": [[1, 2], [2,"
            + " 3]]}",
        "POST | /api/v1/normalizers/payments:observe | {\"rows\": [[1, 2], [2, 3]]}",
        "PUT | /api/v1/normalizers/payments/affine | {\"gamma\": [1, 2], \"beta\": [0, 0]}",
        "DELETE | /api/v1/normalizers/payments | ''",
        "POST | /api/v1/admin/normalizers/payments:freeze | {}",
        "POST | /api/v1/admin/normalizers/payments/snapshots | {\"label\": \"a\"}",
        "GET | /api/v1/admin/audit | ''",
        "GET | /api/v1/admin/backup | ''"
      })
  void whatAFollowerDoesNotTakeItSendsToItsLeader(String method, String path, String body) {
    done(leader, "PUT", NAME, "{\"featureCount\": 2}");
    train(leader, 1);
    awaitSame(leader, follower);
    HttpResponse<byte[]> answer = send(follower, method, path, body);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(text(answer))
        .contains("urn:evenkeel:problem:read-only", "http://127.0.0.1:" + leader.port() + "/");
    awaitSame(leader, follower);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aFollowerOutlivesItsLeaderAndCatchesUpWhenItIsBack() throws Exception {
    int port = freePort();
    String store = "evenkeel.store.directory=" + directory.resolve("store");
    try (StartedService follower = follower(port)) {
      // the leader is not there yet
      assertThat(send(follower, "GET", "/readyz", "").statusCode()).isEqualTo(503);
      HttpResponse<byte[]> early = send(follower, "GET", NAME, "");
      assertThat(early.statusCode()).isEqualTo(503);
      assertThat(text(early)).contains("urn:evenkeel:problem:behind");

      try (StartedService leader = StartedService.startAt(port, store, AT_ONCE)) {
        done(leader, "PUT", NAME, "{\"featureCount\": 2}");
        train(leader, 1);
        awaitReady(follower);
        assertSameAnswers(leader, follower);
      }
      String body = "{\"rows\": [[1, 2]]}";
      HttpResponse<byte[]> before = done(follower, "POST", NAME + ":normalize", body);
      await()
          .atMost(PATIENCE)
          .until(() ->
              done(follower, "POST", NAME + ":normalize", body)
                  .headers()
                  .firstValue("Evenkeel-Staleness")
                  .filter(age -> Long.parseLong(age) >= 3)
                  .isPresent());
      assertThat(done(follower, "POST", NAME + ":normalize", body).body()).isEqualTo(before.body());
      assertThat(send(follower, "GET", "/readyz", "").statusCode()).isEqualTo(200);
      assertThat(send(follower, "GET", "/v2/health/ready", "").statusCode()).isEqualTo(200);

      try (StartedService leader = StartedService.startAt(port, store, AT_ONCE)) {
        train(leader, 2);
        assertSameAnswers(leader, follower);
        await()
            .atMost(PATIENCE)
            .until(() ->
                done(follower, "POST", NAME + ":normalize", body)
                    .headers()
                    .firstValue("Evenkeel-Staleness")
                    .filter(age -> Long.parseLong(age) > 1)
                    .isEmpty());
        done(leader, "DELETE", NAME, "");
      }
      // deleted while the follower could not hear it, or just before
      try (StartedService leader = StartedService.startAt(port, store, AT_ONCE)) {
        awaitSame(leader, follower);
        assertThat(send(follower, "GET", NAME, "").statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void statisticsThatAreTooOldAreRefused() {
    StartedService leader = leader();
    try (StartedService follower = follower(leader.port(), "evenkeel.store.max-staleness=3s")) {
      done(leader, "PUT", NAME, "{\"featureCount\": 2, \"untrained\": \"identity\"}");
      awaitSame(leader, follower);
      done(follower, "POST", NAME + ":normalize", "{\"rows\": [[1, 2]]}");
      leader.close();
      await()
          .atMost(PATIENCE)
          .until(() ->
              send(follower, "POST", NAME + ":normalize", "{\"rows\": [[1, 2]]}").statusCode()
                  == 503);
      assertThat(send(follower, "GET", "/readyz", "").statusCode()).isEqualTo(503);
    } finally {
      leader.close();
    }
  }

  @Test
  void aThousandNormalizersAreFollowedAndAFollowerCanBeFollowed() {
    try (StartedService leader = leader()) {
      for (int i = 0; i < 1000; i++) {
        done(leader, "PUT", "/api/v1/normalizers/many-" + i, "{\"featureCount\": 2}");
      }
      try (StartedService follower = follower(leader.port());
          StartedService second = follower(follower.port())) {
        awaitReady(follower);
        awaitReady(second);
        for (int i = 0; i < 1000; i++) {
          done(
              leader,
              "POST",
              "/api/v1/normalizers/many-" + i + ":observe",
              "{\"rows\": [[1, 2], [%d, 3]]}".formatted(i + 2));
        }
        String page = "/api/v1/normalizers?pageSize=1000";
        String wanted = text(done(leader, "GET", page, ""));
        for (StartedService each : List.of(follower, second)) {
          await()
              .atMost(PATIENCE)
              .untilAsserted(() -> assertThat(text(done(each, "GET", page, ""))).isEqualTo(wanted));
        }
        for (int i = 0; i < 1000; i += 37) {
          String statistics = "/api/v1/normalizers/many-" + i + "/state";
          assertThat(send(second, "GET", statistics, "").body())
              .isEqualTo(send(leader, "GET", statistics, "").body());
        }
      }
    }
  }

  /// The hash is that of `printf %s follow-me | sha256sum`.
  @Test
  void aFollowerShowsItsKeyAndFollowsWhatTheKeyReaches() {
    String key =
        "evenkeel.security.keys=ada admin"
            + " sha256:69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e,fay reader"
            + " sha256:478283fc12317ebc681cbb315d6ee009ad9ca2c75b3700aadd0af8889890e6b0 team-a.";
    try (StartedService leader = StartedService.start(IN_MEMORY, AT_ONCE, key)) {
      for (String name : List.of("team-a.one", "team-b.one")) {
        leader.send(
            "PUT",
            "/api/v1/normalizers/" + name,
            "{\"featureCount\": 2}".getBytes(UTF_8),
            "Authorization",
            "Bearer admin-key",
            "Content-Type",
            "application/json");
      }
      try (StartedService follower = follower(leader.port(), "evenkeel.follow-key=follow-me");
          StartedService without = follower(leader.port())) {
        awaitReady(follower);
        assertThat(text(send(follower, "GET", "/api/v1/normalizers", "")))
            .contains("team-a.one")
            .doesNotContain("team-b.one");
        assertThat(send(without, "GET", "/readyz", "").statusCode()).isEqualTo(503);
      }
    }
  }
}
