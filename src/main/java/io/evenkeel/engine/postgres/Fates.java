package io.evenkeel.engine.postgres;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.PostgresReads;
import io.evenkeel.engine.store.PostgresReads.Fate;
import io.evenkeel.engine.store.UnknownCommitException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out what became of transactions whose commit was not acknowledged, on a connection of its
/// own. It asks as long as a client would wait.
final class Fates {
  private static final Logger LOG = LoggerFactory.getLogger(Fates.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Database database;
  private final PostgresMeters meters;

  Fates(Database database, PostgresMeters meters) {
    this.database = database;
    this.meters = meters;
  }

  /// Whether a transaction was committed; also false if nobody can be asked in time.
  boolean isCommitted(UnknownCommitException unknown) {
    long start = System.nanoTime();
    while (true) {
      try (Connection connection = database.connect()) {
        Fate fate = ask(connection, unknown, start);
        meters.resolved(fate);
        return fate == Fate.COMMITTED;
      } catch (SQLException e) {
        if (isOver(start)) {
          LOG.warn("Nobody knows whether a group was committed: {}", e.getMessage());
          meters.resolved(Fate.OPEN);
          return false;
        }
      }
      pause();
    }
  }

  private static Fate ask(Connection connection, UnknownCommitException unknown, long start)
      throws SQLException {
    var reads = new PostgresReads(connection, "", new NormalizerStates(), new ReentrantLock());
    Fate fate = reads.fate(unknown.transaction(), unknown.mark());
    while (fate == Fate.OPEN && !isOver(start)) {
      pause();
      fate = reads.fate(unknown.transaction(), unknown.mark());
    }
    return fate;
  }

  private static boolean isOver(long start) {
    return System.nanoTime() - start > PATIENCE.toNanos();
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE.toMillis()));
  }
}
