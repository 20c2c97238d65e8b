package io.evenkeel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.AssertionFailedError;

/// What is acknowledged is kept, what is kept was sent, nothing counts twice, and the states are
/// those of the kept events, whatever crashes and fails: for each seed another history.
///
/// `simulator.seeds` says how many, `simulator.seed` names a single one.
class SimulatorTest {
  private final Silence silence = new Silence();

  @AfterEach
  void endSilence() {
    silence.close();
  }

  @Test
  void whateverFailsWhatWasAcknowledgedIsKeptAndCountsOnce() {
    Tally tally = new Tally();
    seeds().forEach(seed -> Simulation.run(seed, tally).violation().ifPresent(v -> fail(seed, v)));
    System.out.println("Simulated: " + tally);
    assertThat(tally.lost()).isZero();
    assertThat(tally.doubled()).isZero();
  }

  private static LongStream seeds() {
    return Optional.ofNullable(Long.getLong("simulator.seed"))
        .map(LongStream::of)
        .orElseGet(() -> LongStream.rangeClosed(1, Long.getLong("simulator.seeds", 2_000)));
  }

  private static void fail(long seed, String violation) {
    throw new AssertionFailedError(
        "Seed %d: %s%nTo see this again: mvn -B test -Dtest=SimulatorTest -Dsimulator.seed=%d"
            .formatted(seed, violation, seed));
  }

  @Test
  void aSeedAlwaysTellsTheSameStory() {
    for (long seed = 1; seed <= 30; seed++) {
      Simulation.Result first = Simulation.run(seed, new Tally());
      assertThat(Simulation.run(seed, new Tally())).as("seed " + seed).isEqualTo(first);
      assertThat(Simulation.run(-seed, new Tally())).isNotEqualTo(first);
    }
  }

  /// A log of one deliberate fault each: that a call in it is not made.
  @ParameterizedTest
  @CsvSource({
    // Acknowledges before it commits.
    "engine.store.SqliteTables, commit, commit",
    // Trains while it is frozen; merges, resets and restores then.
    "normalizer.StatisticsFold, observe, isFrozen",
    "normalizer.Transition, heldStatistics, isFrozen",
    // Goes on with a connection that has failed, or with events that nobody waits for any more.
    "engine.log.GroupWriter, fail, closeStore",
    "engine.log.GroupWriter, fail, suspend",
    // Goes on with the states in memory after the storage has failed.
    "engine.sqlite.SqliteSource, open, load",
    // Keeps no keys, no batches of windows, no snapshots, no state.
    "engine.store.KeyTable, add, executeUpdate",
    "engine.store.WindowTable, add, executeUpdate",
    "engine.store.SnapshotTable, add, executeUpdate",
    "engine.store.HeadTable, update, writeHead",
    // Gives a position again that a deletion had.
    "engine.store.AuditTable, lastPosition, getLong",
    // Shows what is gone, and keeps rows of it.
    "engine.store.FoldedGroup, publish, remove",
    "engine.store.WindowTable, write, executeUpdate",
    // Remembers keys for no time at all.
    "normalizer.AppliedKey, isRemembered, isAfter",
    // Takes a batch of a window for another one of the same ordinal.
    "normalizer.NextState, restartedRunning, max"
  })
  void aLogThatLeavesSomethingOutIsFoundOut(String type, String method, String call)
      throws Exception {
    requireFoundOut(type, method, new Mutant.Change.Without(call));
  }

  /// A log of one deliberate fault each: another text in it.
  @ParameterizedTest
  @CsvSource({
    // Forgets at a restart the keys of all normalizers instead of those that are gone.
    "engine.store.KeyTable, sweepGone, WHERE incarnation NOT IN, WHERE 0 NOT IN",
    // Forgets a snapshot with each deletion of another one.
    "engine.store.SnapshotTable, <init>, AND label = ?, AND label <= ?"
  })
  void aLogThatSaysSomethingElseIsFoundOut(String type, String method, String text, String other)
      throws Exception {
    requireFoundOut(type, method, new Mutant.Change.Text(text, other));
  }

  private static void requireFoundOut(String type, String method, Mutant.Change change)
      throws Exception {
    long seed = new Mutant("io.evenkeel." + type, method, change).firstFailure(500);
    assertThat(seed).as("the first seed that fails").isPositive();
  }

  /// Nothing is found where nothing is wrong: the same with a text that nobody reads.
  @Test
  void aSoundLogIsNotFoundOut() throws Exception {
    Mutant sound =
        new Mutant(
            "io.evenkeel.engine.log.GroupedLog",
            "<init>",
            new Mutant.Change.Text("evenkeel-writer", "evenkeel-reader"));
    assertThat(sound.firstFailure(100)).isEqualTo(-1);
  }
}
