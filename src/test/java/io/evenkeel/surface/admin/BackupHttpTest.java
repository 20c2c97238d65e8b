package io.evenkeel.surface.admin;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.sqlite.SqliteNormalizerLog;
import io.evenkeel.engine.sqlite.SqliteProperties;
import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.util.unit.DataSize;

/// A copy of the whole store, taken while the service runs, is a service like this one.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureWebTestClient(timeout = "PT30S")
@DirtiesContext // its directory is gone afterwards
class BackupHttpTest {
  private static final String BACKUP = "/api/v1/admin/backup";
  private static final int CLIENTS = 4;
  private static final NormalizerName KEPT = new NormalizerName("with-snapshot");

  @TempDir static Path directory;

  @TempDir Path restored;

  @Autowired private WebTestClient client;
  @Autowired private SqliteNormalizerLog log;

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void store(DynamicPropertyRegistry registry) {
    registry.add("evenkeel.store.directory", directory::toString);
  }

  private Exchange send(String method, String path, String body) {
    return Exchange.to(client, method, path).body(body).send();
  }

  private void create(String name, String definition) {
    assertThat(send("PUT", NORMALIZERS + name, definition).status()).isIn(200, 201);
  }

  private String observe(String name, String key) {
    return Exchange.to(client, "POST", NORMALIZERS + name + ":observe")
        .with("Idempotency-Key", key)
        .body("{\"rows\": [[1, 2], [3, 4]]}")
        .send()
        .at("/outcome");
  }

  /// A request that is refused.
  private Exchange backup() {
    return Exchange.to(client, "GET", BACKUP).send();
  }

  private SqliteNormalizerLog restore(byte[] copy, String place) throws IOException {
    Path store = Files.createDirectory(restored.resolve(place));
    Files.write(store.resolve("evenkeel.db"), copy);
    return SqliteNormalizerLog.open(
        new SqliteProperties(store.toString()),
        new QueueProperties(100, DataSize.ofMegabytes(1)),
        AuditProperties.DEFAULT,
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  private static List<String> states(SqliteNormalizerLog of) {
    return of.list("", Optional.empty(), 1_000).stream().map(Encoded::of).toList();
  }

  @Test
  void everythingThatWasAcknowledgedBeforeIsInACopyThatIsTakenUnderLoad() throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      create("loaded-" + i, "{\"featureCount\": 2}");
    }
    AtomicLongArray acknowledged = new AtomicLongArray(CLIENTS);
    AtomicBoolean enough = new AtomicBoolean();
    List<Future<?>> loads = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        int own = i;
        loads.add(
            clients.submit(() -> {
              while (!enough.get()) {
                long next = acknowledged.get(own) + 1;
                assertThat(observe("loaded-" + own, "k" + next)).isEqualTo("applied");
                acknowledged.set(own, next);
              }
            }));
      }
      try {
        for (int round = 0; round < 3; round++) {
          int more = 10 * (round + 1);
          await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.get(0) >= more);
          requireInBackup(acknowledged, "round-" + round);
        }
      } finally {
        enough.set(true);
      }
      for (Future<?> load : loads) {
        load.get();
      }
    }
    assertThat(directory.resolve("evenkeel.backup")).doesNotExist();
  }

  private void requireInBackup(AtomicLongArray acknowledged, String place) throws IOException {
    long[] before = new long[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      before[i] = acknowledged.get(i);
    }
    Answer answer = whole();
    assertThat(answer.status()).isEqualTo(200);
    try (SqliteNormalizerLog copy = restore(answer.body(), place)) {
      for (int i = 0; i < CLIENTS; i++) {
        Normalizer state = copy.find(new NormalizerName("loaded-" + i)).orElseThrow();
        assertThat(state.batches()).isBetween(before[i], acknowledged.get(i) + 1);
        assertThat(state.rows()).isEqualTo(2 * state.batches());
        assertThat(state.keys()).isEqualTo(state.batches());
      }
    }
  }

  @Test
  void aCopyHoldsKeysSnapshotsAndTrail() throws Exception {
    create(KEPT.value(), "{\"featureCount\": 2}");
    observe(KEPT.value(), "k");
    send("POST", ADMIN + KEPT + "/snapshots", "{\"label\": \"kept\"}");
    send("POST", ADMIN + KEPT + ":freeze", "{\"reason\": \"before the backup\"}");
    Answer answer = whole();
    assertThat(answer.type()).isEqualTo("application/vnd.sqlite3");
    assertThat(answer.header("content-disposition"))
        .isEqualTo("attachment; filename=\"evenkeel.db\"");
    assertThat(answer.header("content-length")).isEqualTo(Integer.toString(answer.body().length));
    try (SqliteNormalizerLog copy = restore(answer.body(), "whole")) {
      assertThat(states(copy)).isEqualTo(states(log));
      assertThat(copy.audit(Optional.of(KEPT), Optional.empty(), 10).block())
          .isEqualTo(log.audit(Optional.of(KEPT), Optional.empty(), 10).block())
          .hasSize(3);
    }
  }

  /// Larger than what a connection holds between the service and a client that does not read.
  private void createLarge() {
    for (int i = 0; i < 12; i++) {
      NormalizerDefinition definition =
          Asking.definition(new Averaging.Cumulative(Optional.empty()), Features.numbered(65_536));
      log.append(Asking.of("large-" + i).create(definition)).block(Duration.ofSeconds(30));
      double[] values = new SplittableRandom(i).doubles(2 * 65_536).toArray();
      log.append(Asking.of("large-" + i).observe(FeatureBatch.of(65_536, values)))
          .block(Duration.ofSeconds(30));
    }
  }

  @Test
  void oneCopyIsSentAtATimeAndNothingIsLeftOfAClientThatGoesAway() throws Exception {
    createLarge();
    create("beside", "{\"featureCount\": 2}");
    try (Connection slow = new Connection(port)) {
      slow.send("GET " + BACKUP + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(directory.resolve("evenkeel.backup")));
      Exchange refused = backup();
      assertThat(refused.problem()).isEqualTo("503 overloaded");
      assertThat(refused.header("Retry-After")).isNotNull();
      assertThat(observe("beside", "k")).isEqualTo("applied");
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.notExists(directory.resolve("evenkeel.backup")));
    Answer whole = whole();
    assertThat(whole.status()).isEqualTo(200);
    try (SqliteNormalizerLog copy = restore(whole.body(), "large")) {
      assertThat(copy.find(new NormalizerName("large-11"))).isPresent();
    }
  }

  /// A copy of any size.
  private Answer whole() throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send("GET " + BACKUP + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return connection.answer();
    }
  }

  @Test
  void aCopyThatCannotBeMadeIsRefusedAndTheServiceGoesOn() throws Exception {
    create("beside-refused", "{\"featureCount\": 2}");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.notExists(directory.resolve("evenkeel.backup")));
    Path inTheWay = Files.createDirectories(directory.resolve("evenkeel.backup/in-the-way"));
    try {
      Exchange refused = backup();
      assertThat(refused.problem()).isEqualTo("503 storage-unavailable");
      assertThat(refused.header("Retry-After")).isNotNull();
      assertThat(observe("beside-refused", "k")).isEqualTo("applied");
      assertThat(Exchange.to(client, "GET", "/readyz").send().status()).isEqualTo(200);
    } finally {
      Files.delete(inTheWay);
      Files.deleteIfExists(inTheWay.getParent());
    }
    assertThat(whole().status()).isEqualTo(200);
  }
}
