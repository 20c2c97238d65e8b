package io.evenkeel.engine.log;

import io.evenkeel.engine.store.NormalizerStates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the storage at the start, and again after each failure.
///
/// **After a failure nothing in memory is trusted.** Nobody knows what became of the transaction:
/// so the storage is closed and opened anew, and every state is compared with it. The queue takes
/// nothing until that has succeeded, which includes a commit. Readers go on with the old states
/// meanwhile.
///
/// One thread uses it; any thread may ask [#isReady].
final class Recovery<S extends OpenStore> {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final WaitingQueue queue;
  private final NormalizerStates states;
  private final StoreSource<S> source;
  private final CommitMeters meters;
  private final Outage outage;
  private @Nullable S store;
  private long acknowledged;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private volatile boolean ready;

  Recovery(
      WaitingQueue queue,
      NormalizerStates states,
      StoreSource<S> source,
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

  /// The storage, which is open.
  S store() {
    return Objects.requireNonNull(store);
  }

  /// Opens the storage and reads all states.
  void open() throws SQLException {
    S opened = source.open(acknowledged);
    // readers see what was read, so it must not be lost either
    acknowledged = Math.max(acknowledged, opened.position());
    store = opened;
    queue.resume();
    ready = true;
  }

  /// Opens the storage again if it had to be closed, and waits longer after each attempt that
  /// fails.
  ///
  /// @return whether it is open: once the queue is closed nobody tries any more
  boolean awaitOpen() {
    while (store == null && !queue.awaitClosed(pause().toMillis())) {
      tryOpen();
    }
    return store != null;
  }

  /// Tries once to open the storage again.
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

  /// How long it waits before it tries to open the storage again.
  Duration pause() {
    return Duration.ofMillis(pauseMillis);
  }

  /// Events up to this position are durable.
  void committed(long position) {
    acknowledged = position;
    pauseMillis = FIRST_PAUSE_MILLIS;
  }

  /// The storage has failed: nothing is written until it has been opened again.
  void failed(Throwable cause) {
    ready = false;
    meters.failed();
    outage.failed(cause);
  }

  /// The log ends.
  void end() {
    ready = false;
    closeStore();
  }

  void closeStore() {
    S closing = store;
    store = null;
    try {
      if (closing != null) {
        closing.close();
      }
    } catch (SQLException e) {
      LOG.debug("{} could not be closed", source, e);
    }
  }
}
