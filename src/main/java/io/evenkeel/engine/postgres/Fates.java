package io.evenkeel.engine.postgres;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.PostgresReads;
import io.evenkeel.engine.store.PostgresReads.Fate;
import io.evenkeel.engine.store.UnknownCommitException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out what became of transactions whose commit was not acknowledged, on a connection of its
/// own. It asks as long as a client would wait.
final class Fates {
  private static final Logger LOG = LoggerFactory.getLogger(Fates.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Connections connections;
  private final PostgresMeters meters;
  private final Machine machine;

  Fates(Connections connections, PostgresMeters meters, Machine machine) {
    this.connections = connections;
    this.meters = meters;
    this.machine = machine;
  }

  /// Whether a transaction was committed; also false if nobody can be asked in time.
  boolean isCommitted(UnknownCommitException unknown) {
    long start = machine.nanoTime();
    while (true) {
      try (Connection connection = connections.connect()) {
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
      machine.pause(PAUSE);
    }
  }

  private Fate ask(Connection connection, UnknownCommitException unknown, long start)
      throws SQLException {
    var reads = new PostgresReads(connection, "", new NormalizerStates(), new ReentrantLock());
    Fate fate = reads.fate(unknown.transaction(), unknown.mark());
    while (fate == Fate.OPEN && !isOver(start)) {
      machine.pause(PAUSE);
      fate = reads.fate(unknown.transaction(), unknown.mark());
    }
    return fate;
  }

  private boolean isOver(long start) {
    return machine.nanoTime() - start > PATIENCE.toNanos();
  }
}
