package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.engine.bytes.Encoded;
import io.evenkeel.engine.sqlite.FaultyStorage.When;
import io.evenkeel.engine.store.StoreDirectory;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Succession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of acknowledged and of unacknowledged events when the storage fails, without a
/// restart.
class StorageFailureTest {
  @TempDir Path directory;
  @TempDir Path copies;
  private final HeldClock clock = new HeldClock();
  private final FaultyStorage storage = new FaultyStorage();

  private SqliteNormalizerLog open() {
    SqliteNormalizerLog log = Logs.open(directory.toString(), clock, storage);
    for (String name : List.of("a", "b")) {
      append(log, Asking.of(name).create());
      append(log, Asking.of(name).withKey("first").observe(1));
    }
    return log;
  }

  private static Outcome append(SqliteNormalizerLog log, NormalizerEvent event) {
    return log.append(event).block(Duration.ofSeconds(30));
  }

  private static Normalizer state(SqliteNormalizerLog log, String name) {
    return log.find(new NormalizerName(name)).orElseThrow();
  }

  private static List<String> states(SqliteNormalizerLog log) {
    return log.list("", Optional.empty(), 100).stream().map(Encoded::of).toList();
  }

  private List<String> statesOnDisk(String copy) throws Exception {
    Path files = Logs.copy(directory, copies.resolve(copy));
    try (SqliteNormalizerLog other = Logs.open(files)) {
      return states(other);
    }
  }

  /// Whoever sent the first batch does not know whether it counts, so the second does not count.
  @ParameterizedTest
  @EnumSource(When.class)
  void behindABatchOfAStreamThatTheStorageFailedNothingIsApplied(When when) throws Exception {
    Succession stream = new Succession();
    try (SqliteNormalizerLog log = open()) {
      clock.hold(log).thenAccept(_ -> {});
      CompletableFuture<Outcome> first =
          log.append(Asking.of("a").inStream(stream, 0).observe(2)).toFuture();
      storage.failAt(2, when);
      clock.release();
      assertThat(failed(first)).isTrue();
      await().atMost(Duration.ofSeconds(30)).until(log::isReady);
      storage.heal();
      long batches = state(log, "a").batches();
      assertThat(append(log, Asking.of("a").inStream(stream, 1).observe(3)))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.problem()).isInstanceOf(OutOfTurn.class));
      assertThat(state(log, "a").batches()).isEqualTo(batches);
    }
  }

  /// The steps of the group: look up a key of `a` twice and of `b` once, write two heads, a new
  /// normalizer (two rows), three keys and an audit entry, commit; then those of opening again.
  @ParameterizedTest
  @CsvSource({
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17"
  })
  void aStepThatFailsFailsItsGroupAndNothingElse(int step) throws Exception {
    for (When when : When.values()) {
      Path own = directory;
      directory = own.resolve(when.name());
      failAtStep(step, when);
      directory = own;
    }
  }

  private void failAtStep(int step, When when) throws Exception {
    NormalizerEvent[] group = {
      Asking.of("a").withKey("second").observe(2),
      Asking.of("b").withKey("second").observe(2),
      Asking.of("a").withKey("third").observe(3),
      Asking.of("c").create()
    };
    try (SqliteNormalizerLog log = open()) {
      List<String> before = states(log);
      clock.hold(log).thenAccept(_ -> {});
      List<CompletableFuture<Outcome>> outcomes =
          List.of(group).stream().map(event -> log.append(event).toFuture()).toList();
      // The probe that holds the writer ends its reading with a commit: one step more.
      storage.failAt(step + 1, when);
      clock.release();
      long failed = outcomes.stream().filter(StorageFailureTest::failed).count();
      assertThat(failed).isIn(0L, 4L);
      await().atMost(Duration.ofSeconds(30)).until(log::isReady);
      storage.heal();
      assertThat(states(log)).isEqualTo(statesOnDisk(when + "-failed"));
      boolean kept = log.find(new NormalizerName("c")).isPresent();
      assertThat(state(log, "a").batches()).isEqualTo(kept ? 3 : 1);
      assertThat(state(log, "b").batches()).isEqualTo(kept ? 2 : 1);
      assertThat(kept || states(log).equals(before)).isTrue();
      assertThat(failed > 0 || kept).as("what was acknowledged is kept").isTrue();
      for (NormalizerEvent event : group) {
        assertThat(append(log, event)).isNotInstanceOf(Outcome.Refused.class);
      }
      assertThat(state(log, "a").batches()).isEqualTo(3);
      assertThat(state(log, "b").batches()).isEqualTo(2);
      assertThat(states(log)).isEqualTo(statesOnDisk(when + "-retried"));
    }
  }

  private static boolean failed(CompletableFuture<Outcome> outcome) {
    try {
      outcome.join();
      return false;
    } catch (java.util.concurrent.CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(StorageUnavailable.class);
      return true;
    }
  }

  @Test
  void whileTheStorageFailsReadersGoOnAndWritersAreToldAtOnce() {
    try (SqliteNormalizerLog log = open()) {
      List<String> before = states(log);
      storage.fail();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> append(log, Asking.of("a").observe(2)))
            .isInstanceOf(StorageUnavailable.class)
            .hasMessageContaining("unknown whether this one was applied");
        assertThatThrownBy(() ->
                log.audit(Optional.empty(), Optional.empty(), 1).block(Duration.ofSeconds(30)))
            .isInstanceOf(StorageUnavailable.class)
            .hasMessageContaining("nothing was read");
        assertThat(log.isReady()).isFalse();
        assertThat(states(log)).isEqualTo(before);
      }
      storage.heal();
      await().atMost(Duration.ofSeconds(30)).until(log::isReady);
      assertThat(append(log, Asking.of("a").observe(2))).isInstanceOf(Outcome.Applied.class);
    }
  }

  @Test
  void aLogWhoseStorageFailsCanBeClosed() {
    SqliteNormalizerLog log = open();
    storage.fail();
    assertThatThrownBy(() -> append(log, Asking.of("a").observe(2)))
        .isInstanceOf(StorageUnavailable.class);
    log.close();
    storage.heal();
    try (SqliteNormalizerLog again = Logs.open(directory)) {
      assertThat(state(again, "a").batches()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDuplicateIsNotToldBeforeWhatItRepeatsIsDurable(When when) {
    try (SqliteNormalizerLog log = open()) {
      clock.hold(log);
      var first = log.append(Asking.of("a").withKey("second").observe(2)).toFuture();
      var second = log.append(Asking.of("a").withKey("second").observe(2)).toFuture();
      // The probe's commit; look-up, head, key, and the commit that fails.
      storage.failAt(5, when);
      clock.release();
      assertThat(failed(first)).isTrue();
      assertThat(failed(second)).isTrue();
      assertThat(storage.hasFailed()).isTrue();
      await().atMost(Duration.ofSeconds(30)).until(log::isReady);
      assertThat(state(log, "a").batches()).isEqualTo(when == When.AFTER ? 2 : 1);
    }
  }

  /// A connection that nobody has any more would lock the file for ever.
  @Test
  void aFileIsOpenedAgainAlsoWhereMemoryHasRunOutWhileItWasOpened() {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    UnaryOperator<Connection> failing =
        real -> WatchedConnection.of(real, (_, step) -> take(step, failures.poll()));
    try (SqliteNormalizerLog log = Logs.open(directory.toString(), clock, failing)) {
      append(log, Asking.of("a").create());
      failures.add(new SQLException("told to fail"));
      failures.add(new OutOfMemoryError("told to run out"));
      assertThatThrownBy(() -> append(log, Asking.of("a").observe(2)))
          .isInstanceOf(StorageUnavailable.class);
      await().atMost(Duration.ofSeconds(20)).until(log::isReady);
      assertThat(failures).isEmpty();
      assertThat(append(log, Asking.of("a").observe(2))).isInstanceOf(Outcome.Applied.class);
    }
  }

  private static Object take(WatchedConnection.Step step, @Nullable Throwable failure)
      throws Throwable {
    if (failure != null) {
      throw failure;
    }
    return step.take();
  }

  /// SQLite's own SQLITE_FULL, after which it has rolled back by itself.
  @Test
  void aFullDiskLosesNothingAndIsLeftBehindOnceThereIsRoom() throws Exception {
    AtomicLong pages = new AtomicLong(40);
    UnaryOperator<Connection> small = connection -> limited(connection, pages.get());
    try (SqliteNormalizerLog log = Logs.open(directory.toString(), clock, small)) {
      int created = 0;
      while (log.isReady() && created < 1_000) {
        try {
          append(log, Asking.of("n" + created).create());
          created++;
        } catch (StorageUnavailable _) {
          break;
        }
      }
      assertThat(created).isBetween(10, 999);
      await().atMost(Duration.ofSeconds(30)).until(log::isReady);
      assertThat(log.size()).isEqualTo(created);
      pages.set(100_000);
      NormalizerEvent.Created another = Asking.of("n" + created).create();
      // Opened again before there was room, it fails once more.
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreException(StorageUnavailable.class)
          .until(() -> append(log, another) instanceof Outcome.Created);
      assertThat(states(log)).hasSize(Math.min(100, created + 1)).isEqualTo(statesOnDisk("full"));
    }
  }

  private static Connection limited(Connection connection, long pages) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + pages);
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStoreInMemoryBeginsAnewAfterAFailure() {
    try (SqliteNormalizerLog log = Logs.open(StoreDirectory.IN_MEMORY, clock, storage)) {
      append(log, Asking.of("a").create());
      storage.failAt(1, When.BEFORE);
      assertThatThrownBy(() -> append(log, Asking.of("a").observe(2)))
          .isInstanceOf(StorageUnavailable.class);
      await().atMost(Duration.ofSeconds(30)).until(log::isReady);
      assertThat(log.size()).isZero();
      assertThat(append(log, Asking.of("a").create())).isInstanceOf(Outcome.Created.class);
    }
  }

  /// Twice as long after each try, so that a storage that comes back is found within five seconds.
  @Test
  void theStorageIsTriedAgainAfterFiveSecondsAtMost() throws Exception {
    AtomicBoolean gone = new AtomicBoolean();
    SteppedLog log =
        SteppedLog.open(
            () -> {
              if (gone.get()) {
                throw new SQLException("told to fail");
              }
              return Logs.connect(directory.resolve("tried.db"));
            },
            clock,
            100,
            100);
    gone.set(true);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pauses.add(log.pause().toMillis());
      log.tryOpen();
    }
    assertThat(pauses)
        .containsExactly(50L, 100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 5000L);
    log.close();
  }
}
