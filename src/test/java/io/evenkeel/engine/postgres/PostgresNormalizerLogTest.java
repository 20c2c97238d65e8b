package io.evenkeel.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.engine.bytes.StateBytes;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.faults.replicas.ScratchServer;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.NormalizerLogContract;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.SnapshotLabel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/// The log in PostgreSQL: alone, and as one of several.
class PostgresNormalizerLogTest {
  private static final NormalizerName PAYMENTS = new NormalizerName("payments");

  private static ScratchServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = ScratchServer.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static PostgresNormalizerLog open(String url, InstantSource clock) {
    return PostgresNormalizerLog.open(
        ScratchServer.propertiesOf(url),
        new QueueProperties(10_000, DataSize.ofMegabytes(64)),
        AuditProperties.DEFAULT,
        new SimpleMeterRegistry(),
        _ -> clock.instant());
  }

  @Nested
  class Alone extends NormalizerLogContract {
    @Override
    protected NormalizerLog open(InstantSource clock) throws Exception {
      return PostgresNormalizerLogTest.open(server.database(), clock);
    }

    @Override
    protected void close(NormalizerLog log) {
      ((PostgresNormalizerLog) log).close();
    }
  }

  @Nested
  class AmongOthers {
    private final List<PostgresNormalizerLog> replicas = new ArrayList<>();
    private String url;

    @BeforeEach
    void openThree() throws Exception {
      url = server.database();
      for (int i = 0; i < 3; i++) {
        replicas.add(open(url, InstantSource.system()));
      }
    }

    @AfterEach
    void closeAll() {
      replicas.forEach(PostgresNormalizerLog::close);
    }

    private Outcome append(int replica, NormalizerEvent event) {
      return replicas.get(replica).append(event).block(Duration.ofSeconds(30));
    }

    private Optional<Normalizer> find(int replica) {
      replicas.get(replica).upToDate().block(Duration.ofSeconds(30));
      return replicas.get(replica).find(PAYMENTS);
    }

    /// All bits of a state.
    private byte[] bytes(int replica) {
      return StateBytes.encode(find(replica).orElseThrow());
    }

    /// Nobody asks the replica to look: it looks by itself.
    @Test
    void whatAnotherHasWrittenIsToldAsAChange() {
      for (NormalizerEvent event :
          List.of(
              Asking.of("payments").create(),
              Asking.of("payments").observe(1),
              Asking.of("payments").delete())) {
        long seen = replicas.get(1).changes().present();
        Mono<Void> told = replicas.get(1).changes().after(seen, PAYMENTS);
        append(0, event);
        told.block(Duration.ofSeconds(30));
        assertThat(replicas.get(1).find(PAYMENTS).map(Normalizer::version))
            .isEqualTo(replicas.get(0).find(PAYMENTS).map(Normalizer::version));
      }
    }

    @Test
    void eachSeesWhatAnyHasAcknowledged() {
      append(0, Asking.of("payments").create());
      for (int i = 1; i <= 30; i++) {
        append(i % 3, Asking.of("payments").observe(i));
        assertThat(find((i + 1) % 3).orElseThrow().batches()).isEqualTo(i);
      }
      Normalizer first = find(0).orElseThrow();
      assertThat(first.version()).isEqualTo(31);
      assertThat(bytes(1)).isEqualTo(bytes(0));
      assertThat(bytes(2)).isEqualTo(bytes(0));
      append(1, Asking.of("payments").delete());
      assertThat(find(0)).isEmpty();
      assertThat(find(2)).isEmpty();
      append(2, Asking.of("payments").create());
      assertThat(find(0).orElseThrow().revision().incarnation())
          .isGreaterThan(first.revision().incarnation());
    }

    /// Without anybody who asks for it.
    @Test
    void whatOthersWroteComesByItself() {
      append(0, Asking.of("payments").create());
      await().until(() -> replicas.get(2).find(PAYMENTS).isPresent());
      assertThat(replicas.get(2).staleness()).isLessThan(Duration.ofSeconds(5));
    }

    /// By hand: 1 + 2 + ... + 300 rows of one value each, however they are spread.
    @Test
    void batchesSentToAllAtOnceAreCountedOnceEach() {
      append(0, Asking.of("payments").create());
      List<CompletableFuture<Outcome>> sent = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        NormalizerEvent event = Asking.of("payments").withKey("k" + i).observe(i);
        sent.add(replicas.get(i % 3).append(event).toFuture());
        // each third one is sent once more, to another replica
        if (i % 3 == 0) {
          sent.add(replicas.get((i + 1) % 3).append(event).toFuture());
        }
      }
      List<Outcome> outcomes = sent.stream().map(CompletableFuture::join).toList();
      assertThat(outcomes.stream().filter(Outcome.Applied.class::isInstance)).hasSize(300);
      assertThat(outcomes.stream().filter(Outcome.Duplicate.class::isInstance)).hasSize(100);
      List<Long> versions =
          outcomes.stream()
              .filter(Outcome.Applied.class::isInstance)
              .map(outcome -> outcome.state().version())
              .sorted()
              .toList();
      assertThat(versions).doesNotHaveDuplicates().startsWith(2L).endsWith(301L);
      Normalizer last = find(0).orElseThrow();
      assertThat(last.rows()).isEqualTo(300);
      assertThat(bytes(1)).isEqualTo(bytes(0));
      assertThat(bytes(2)).isEqualTo(bytes(0));
    }

    @Test
    void nothingIsAppliedAfterAFreezeThroughAnotherOne() {
      append(0, Asking.of("payments").create());
      append(1, Asking.of("payments").observe(1));
      append(2, Asking.of("payments").freeze());
      assertThat(append(0, Asking.of("payments").observe(2))).isInstanceOf(Outcome.Frozen.class);
      assertThat(append(1, Asking.of("payments").observe(2))).isInstanceOf(Outcome.Frozen.class);
    }

    @Test
    void snapshotsTravelThoughTheyMoveNoVersion() {
      append(0, Asking.of("payments").create());
      append(0, Asking.of("payments").observe(1, 2));
      append(1, Asking.of("payments").takeSnapshot("before"));
      Normalizer seen = find(2).orElseThrow();
      assertThat(seen.version()).isEqualTo(2);
      assertThat(seen.snapshots().find(new SnapshotLabel("before"))).isPresent();
    }

    @Test
    void aLostConnectionIsReplacedAndNothingIsLost() throws Exception {
      append(0, Asking.of("payments").create());
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                + " 'evenkeel'");
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> append(1, Asking.of("payments").observe(1)) instanceof Outcome.Applied);
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> find(0).orElseThrow().rows() == find(1).orElseThrow().rows());
      assertThat(replicas.get(2).isServing()).isTrue();
    }
  }

  @Test
  void aDatabaseThatLosesWhatItAcknowledgesIsRefused() throws Exception {
    try (ScratchServer careless = ScratchServer.start("-c fsync=off")) {
      String url = careless.database();
      assertThatThrownBy(() -> open(url, InstantSource.system()))
          .isInstanceOf(UnusableStoreException.class)
          .hasMessageContaining("fsync = off");
    }
  }

  @Test
  void anUnknownDatabaseIsExplained() throws Exception {
    String url = server.database().replaceFirst("/d[0-9a-f]+\\?", "/nowhere?");
    assertThatThrownBy(() -> open(url, InstantSource.system()))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessageContaining("nowhere");
  }
}
