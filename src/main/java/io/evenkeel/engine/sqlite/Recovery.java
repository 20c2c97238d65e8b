package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the tables at the start, and again after each failure of the storage.
///
/// **After a failure nothing in memory is trusted.** SQLite may or may not have rolled back by
/// itself, and after a failed fsync nobody knows what is on the disk. So the connection is closed,
/// a new one is opened and every state is read again. The queue takes nothing until that has
/// succeeded, which includes a commit. Readers go on with the old states meanwhile.
///
/// The tables that are opened again must hold all events that were acknowledged.
///
/// One thread uses it; any thread may ask [#isReady].
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final WaitingQueue queue;
  private final NormalizerStates states;
  private final TablesSource source;
  private final CommitMeters meters;
  private final Outage outage;
  private @Nullable SqliteTables tables;
  private long acknowledged;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private volatile boolean ready;

  Recovery(
      WaitingQueue queue,
      NormalizerStates states,
      TablesSource source,
      CommitMeters meters,
      Outage outage) {
    this.queue = queue;
    this.states = states;
    this.source = source;
    this.meters = meters;
    this.outage = outage;
  }

  /// Whether events can be written.
  boolean isReady() {
    return ready;
  }

  /// The tables, which are open.
  SqliteTables tables() {
    return Objects.requireNonNull(tables);
  }

  /// Opens the tables and reads all states.
  void open() throws SQLException {
    SqliteTables opened = source.open();
    try {
      opened.load(states, source.isLasting() ? acknowledged : 0);
    } catch (SQLException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
    // readers see what was read, so it must not be lost either
    acknowledged = Math.max(acknowledged, opened.position());
    tables = opened;
    queue.resume();
    ready = true;
  }

  /// Opens the tables again if they had to be closed, and waits longer after each attempt that
  /// fails.
  ///
  /// @return whether they are open: once the queue is closed nobody tries any more
  boolean awaitOpen() {
    while (tables == null && !queue.awaitClosed(pause().toMillis())) {
      tryOpen();
    }
    return tables != null;
  }

  /// Tries once to open the tables again.
  void tryOpen() {
    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    try {
      open();
      outage.over(states.size());
    } catch (SQLException | RuntimeException | Error e) {
      meters.failed();
      outage.failed(e);
    }
  }

  /// How long it waits before it tries to open the tables again.
  Duration pause() {
    return Duration.ofMillis(pauseMillis);
  }

  /// Events up to this position are durable.
  void committed(long position) {
    acknowledged = position;
    pauseMillis = FIRST_PAUSE_MILLIS;
  }

  /// The storage has failed: nothing is written until the tables have been opened again.
  void failed(Throwable cause) {
    ready = false;
    meters.failed();
    outage.failed(cause);
  }

  /// The log ends.
  void end() {
    ready = false;
    closeTables();
  }

  void closeTables() {
    SqliteTables closing = tables;
    tables = null;
    try {
      if (closing != null) {
        closing.close();
      }
    } catch (SQLException e) {
      LOG.debug("{} could not be closed", source, e);
    }
  }
}
