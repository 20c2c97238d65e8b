package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.postgres.PostgresNormalizerLog;
import io.evenkeel.faults.replicas.ScratchServer;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/// Two replicas on one database, and a third comparison that sees the batches of both.
class ReplicasOnPostgresTest {
  private static final NormalizerName NAME = new NormalizerName("payments");
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static ScratchServer server;

  private final SplittableRandom random = new SplittableRandom(18);
  private Instant now = Instant.EPOCH;
  private String url;
  private Replica first;
  private Replica second;
  private DriftMonitor whole;

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

  private final class Replica {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PostgresNormalizerLog log;
    private final DriftMonitor monitor;
    private final DriftExchange exchange;

    Replica() {
      log =
          PostgresNormalizerLog.open(
              ScratchServer.propertiesOf(url),
              new QueueProperties(1_000, DataSize.ofMegabytes(1)),
              AuditProperties.DEFAULT,
              registry);
      monitor = monitor(log);
      exchange =
          new DriftExchange(
              log.parts().orElseThrow(),
              monitor,
              () -> now,
              PAUSE,
              1 << 20,
              DriftExchange.failures(registry));
    }

    private void append(NormalizerEvent event) {
      log.append(event).block(PATIENCE);
    }

    private Normalizer normalizer() {
      log.upToDate().block(PATIENCE);
      return log.find(NAME).orElseThrow();
    }

    private DriftReport report() {
      return monitor.report(normalizer(), 0, 10, _ -> true);
    }

    private DriftReport.Compared compared() {
      return report().compared().orElseThrow();
    }
  }

  private DriftMonitor monitor(PostgresNormalizerLog log) {
    return new DriftMonitor(
        log,
        new DriftSettings(true, DataSize.ofMegabytes(1), 100, PAUSE),
        () -> now,
        new SimpleMeterRegistry(),
        new StateChanges());
  }

  @BeforeEach
  void open() throws Exception {
    url = server.database();
    first = new Replica();
    second = new Replica();
    whole = monitor(first.log);
    first.append(Asking.of(NAME.value()).create());
    first.append(Asking.of(NAME.value()).observe(1, 3, 2, 5, 4));
    first.append(Asking.of(NAME.value()).freeze());
  }

  @AfterEach
  void close() {
    first.log.close();
    second.log.close();
  }

  private static void infer(DriftMonitor monitor, Normalizer normalizer, FeatureBatch batch) {
    monitor.onInference(NAME, normalizer.live(), batch).orElseThrow().answered(BatchOutcome.NONE);
  }

  private void infer(Replica replica, double shift) {
    double[] values = new double[50];
    for (int i = 0; i < values.length; i++) {
      values[i] = 3 + shift + random.nextGaussian();
    }
    FeatureBatch batch = FeatureBatch.of(1, values);
    infer(replica.monitor, replica.normalizer(), batch);
    infer(whole, first.normalizer(), batch);
  }

  private void exchange() {
    first.exchange.round();
    second.exchange.round();
    first.exchange.round();
  }

  private void execute(String command) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  /// The level is the mean of eight groups; of 100 rows each replica makes the reference.
  @Test
  void eachSaysWhatOneSaysThatSeesEverything() {
    for (int i = 0; i < 8; i++) {
      infer(i % 2 == 0 ? first : second, 0);
    }
    exchange();
    DriftReport.Compared all = whole.report(first.normalizer(), 0, 10, _ -> true).compared().get();
    for (Replica replica : new Replica[] {first, second}) {
      assertThat(replica.report().ofAll()).isTrue();
      DriftReport.Compared found = replica.compared();
      assertThat(found.rows()).isEqualTo(all.rows()).isEqualTo(400);
      assertThat(found.batches()).isEqualTo(all.batches()).isEqualTo(8);
      assertThat(found.groups()).isEqualTo(all.groups()).isEqualTo(8);
      assertThat(found.replicas()).isEqualTo(2);
      assertThat(found.oldest()).isBetween(Duration.ZERO, PATIENCE);
      assertThat(found.features().getFirst().mean().value())
          .isCloseTo(all.features().getFirst().mean().value(), within(1e-6));
    }
  }

  /// Each has too few groups to say anything by itself: four and five.
  @Test
  void driftIsFoundThatNoneFindsAlone() {
    for (int i = 0; i < 18; i++) {
      infer(i % 3 == 0 ? first : second, 4);
    }
    assertThat(first.compared().drifted()).isZero();
    exchange();
    assertThat(first.compared().drifted()).isEqualTo(1);
    assertThat(second.compared().drifted()).isEqualTo(1);
    assertThat(first.monitor.state(first.normalizer()).features()).containsExactly("f0");
  }

  /// A replica without any batch tells what the other has seen.
  @Test
  void aReplicaWithoutBatchesAddsThoseOfOthers() {
    infer(second, 0);
    second.exchange.round();
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(50);
    assertThat(first.compared().replicas()).isEqualTo(2);
    assertThat(first.monitor.list("", Optional.empty(), 10, _ -> true)).hasSize(1);
  }

  @Test
  void aPartOfAnotherFreezeIsNotAdded() {
    infer(second, 0);
    second.exchange.round();
    first.append(Asking.of(NAME.value()).unfreeze());
    first.append(Asking.of(NAME.value()).freeze());
    infer(first, 0);
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(50);
    assertThat(first.compared().replicas()).isEqualTo(1);
  }

  @Test
  void aReplicaThatIsGoneIsLeftOut() throws Exception {
    infer(first, 0);
    infer(second, 0);
    exchange();
    execute("UPDATE replica_lease SET until = clock_timestamp() - interval '1 second'");
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(50);
    exchange();
    assertThat(first.compared().rows()).isEqualTo(100);
    second.log.parts().orElseThrow().leave();
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(50);
  }

  @Test
  void aDamagedPartIsLeftOut() throws Exception {
    infer(first, 0);
    infer(second, 0);
    exchange();
    execute("UPDATE replica_part SET part = substr(part, 2), revision = revision + 1");
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(50);
    assertThat(first.report().ofAll()).isTrue();
  }

  /// The report falls back to the own part after three rounds, and says so.
  @Test
  void withoutTheDatabaseAReplicaIsLeftWithItsOwnPart() throws Exception {
    infer(first, 0);
    infer(second, 0);
    exchange();
    execute("ALTER TABLE replica_part RENAME TO lost");
    now = now.plus(PAUSE);
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(100);
    now = now.plus(PAUSE.multipliedBy(2));
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(50);
    assertThat(first.report().ofAll()).isFalse();
    assertThat(first.registry.get("evenkeel.drift.exchange.failures").counter().count())
        .isEqualTo(2);
    execute("ALTER TABLE lost RENAME TO replica_part");
    first.exchange.round();
    assertThat(first.compared().rows()).isEqualTo(100);
    assertThat(first.report().ofAll()).isTrue();
  }
}
