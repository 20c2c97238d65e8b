package io.evenkeel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.faults.replicas.ScratchServer;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.AssertionFailedError;

/// The same for two or three replicas on one PostgreSQL: what any of them acknowledges is kept and
/// counts once, and none of them shows what was never committed, goes back, or is older than it
/// says, whatever crashes, stalls and loses its connection. Skipped, and says so, where there is no
/// PostgreSQL.
///
/// `simulator.replicas.seeds` says how many histories, `simulator.replicas.seed` names a single
/// one.
class ReplicaSimulatorTest {
  private static ScratchServer server;

  private final Silence silence = new Silence();
  private SimulatedDatabase database;

  /// Nothing here outlives the server, so it need not wait for the disk.
  @BeforeAll
  static void startServer() throws Exception {
    server = ScratchServer.start("-c fsync=off", "-c autovacuum=off");
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    database = new SimulatedDatabase(server.database());
  }

  @AfterEach
  void end() throws Exception {
    silence.close();
    database.close();
  }

  @Test
  void whateverFailsWhatAnyReplicaAcknowledgedIsKeptAndCountsOnce() {
    Tally tally = new Tally();
    seeds()
        .forEach(seed ->
            ReplicaSimulation.run(seed, database, tally).violation().ifPresent(v -> fail(seed, v)));
    System.out.println("Simulated replicas: " + tally);
    assertThat(tally.lost()).isZero();
    assertThat(tally.doubled()).isZero();
  }

  private static LongStream seeds() {
    return Optional.ofNullable(Long.getLong("simulator.replicas.seed"))
        .map(LongStream::of)
        .orElseGet(() -> LongStream.rangeClosed(1, Long.getLong("simulator.replicas.seeds", 15)));
  }

  private static void fail(long seed, String violation) {
    throw new AssertionFailedError(
        "Seed %d: %s%nTo see this again: mvn -B test -Dtest=ReplicaSimulatorTest -Dsimulator.replicas.seed=%d"
            .formatted(seed, violation, seed));
  }

  @Test
  void aSeedAlwaysTellsTheSameStory() {
    for (long seed = 1; seed <= 2; seed++) {
      Simulation.Result first = ReplicaSimulation.run(seed, database, new Tally());
      assertThat(ReplicaSimulation.run(seed, database, new Tally()))
          .as("seed " + seed)
          .isEqualTo(first);
      assertThat(ReplicaSimulation.run(-seed, database, new Tally())).isNotEqualTo(first);
    }
  }

  /// A log of one deliberate fault each: that a call in it is not made.
  @ParameterizedTest
  @CsvSource({
    // Acknowledges before it commits.
    "engine.store.Acknowledged, commit, commit",
    // Folds on the states in memory, whatever others have written.
    "engine.store.PostgresTables, readPositions, refresh",
    // Does not tell others what it has written.
    "engine.store.PostgresTables, commit, executeUpdate",
    // Keeps no keys.
    "engine.store.PostgresKeys, add, runOne",
    // Never gives up the lock of the states.
    "engine.postgres.PostgresStore$Transaction, close, unlock"
  })
  void aReplicaThatLeavesSomethingOutIsFoundOut(String type, String method, String call)
      throws Exception {
    requireFoundOut(type, method, new Mutant.Change.Without(call));
  }

  /// A log of one deliberate fault each: another text in it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Waits for others that make the same name, and not for those that change it.
        "PostgresTables | DO UPDATE SET name = excluded.name WHERE false | DO NOTHING",
        // Takes every commit of unknown fate for one that has happened.
        "PostgresReads | EXISTS (SELECT 1 FROM touched | true OR EXISTS (SELECT 1 FROM touched",
        // Looks no more at what was under way when it looked last.
        "PostgresReads | pg_snapshot_xmin | pg_snapshot_xmax",
      })
  void aReplicaThatSaysSomethingElseIsFoundOut(String type, String text, String other)
      throws Exception {
    requireFoundOut("engine.store." + type, "<init>", new Mutant.Change.Text(text, other));
  }

  private static void requireFoundOut(String type, String method, Mutant.Change change)
      throws Exception {
    Mutant mutant = new Mutant("io.evenkeel." + type, method, change);
    long seed = mutant.firstFailure(100, server.database());
    assertThat(seed).as("the first seed that fails").isPositive();
  }

  /// Nothing is found where nothing is wrong: the same with a text that nobody reads.
  @Test
  void aSoundReplicaIsNotFoundOut() throws Exception {
    Mutant sound =
        new Mutant(
            "io.evenkeel.engine.postgres.PostgresStore",
            "start",
            new Mutant.Change.Text("evenkeel-watch", "evenkeel-look"));
    assertThat(sound.firstFailure(2, server.database())).isEqualTo(-1);
  }
}
