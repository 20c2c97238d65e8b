package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.FoldedGroup;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.Stamp;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/// The one thread that writes: takes what is queued, folds it in order, makes it durable in one
/// transaction, shows the new states, and only then tells the callers. It never waits for a group
/// to become larger: while one is being committed, the next one gathers.
///
/// **After an error of the storage nothing in memory is trusted.** SQLite may or may not have
/// rolled back by itself, and after a failed fsync nobody knows what is on the disk. So the whole
/// group fails, the connection is closed and a new one opened, every state is read again, and
/// nothing is taken in until a commit has succeeded. Meanwhile readers go on with the states as
/// they were.
///
/// **Nothing is acknowledged into a file that is gone.** SQLite writes on without an error where
/// its file was removed or moved. So the files are looked for in their place before a group is told
/// of, and every half second while nothing is to be written. What is opened again must hold all
/// that was acknowledged.
final class GroupWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final long IDLE_MILLIS = 500;

  private final WaitingQueue queue;
  private final NormalizerStates states;
  private final TablesSource source;
  private final InstantSource clock;
  private final CommitMeters meters;
  private final Outage outage;
  private final Scheduler scheduler;
  private @Nullable SqliteTables tables;
  private long acknowledged;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private volatile boolean ready;

  /// @param scheduler where the callers are told
  GroupWriter(
      WaitingQueue queue,
      NormalizerStates states,
      TablesSource source,
      InstantSource clock,
      CommitMeters meters,
      Outage outage,
      Scheduler scheduler) {
    this.queue = queue;
    this.states = states;
    this.source = source;
    this.clock = clock;
    this.meters = meters;
    this.outage = outage;
    this.scheduler = scheduler;
  }

  boolean isReady() {
    return ready;
  }

  /// Reads all states; afterwards the tables belong to the thread that runs this.
  void open() throws SQLException {
    SqliteTables opened = source.open();
    try {
      opened.load(states, source.isLasting() ? acknowledged : 0);
    } catch (SQLException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
    // what is read is shown, and so as good as acknowledged
    acknowledged = Math.max(acknowledged, opened.position());
    tables = opened;
    queue.resume();
    ready = true;
  }

  @Override
  public void run() {
    while (awaitOpen()) {
      if (!writeNext()) {
        break;
      }
    }
    ready = false;
    closeTables();
  }

  /// Writes the next group, or only looks after the files if nothing comes for a while; the tables
  /// must be open.
  ///
  /// @return whether there may be another: there is none once the queue is closed and empty
  boolean writeNext() {
    Optional<List<Waiting>> group = queue.take(IDLE_MILLIS);
    group.ifPresent(waiting -> process(waiting, Objects.requireNonNull(tables)));
    return group.isPresent();
  }

  private void process(List<Waiting> group, SqliteTables tables) {
    Answers answers = new Answers(scheduler);
    try {
      tables.endHold();
      commit(group, tables, answers);
    } catch (SQLException | RuntimeException | Error e) {
      fail(group, e);
      return;
    }
    answers.give();
    List<Waiting> readers =
        group.stream().filter(waiting -> !(waiting instanceof Waiting.Append)).toList();
    try {
      serve(readers, tables);
    } catch (SQLException | RuntimeException | Error e) {
      fail(readers, e);
    }
  }

  /// What only reads comes after the answers of the group: should it fail, they stay true.
  private void serve(List<Waiting> readers, SqliteTables tables) throws SQLException {
    Answers answers = new Answers(scheduler);
    for (Waiting reader : readers) {
      serve(reader, tables, answers);
    }
    answers.give();
  }

  private static void serve(Waiting reader, SqliteTables tables, Answers answers)
      throws SQLException {
    switch (reader) {
      case Waiting.Append _ -> throw new IllegalArgumentException("an append is no reader");
      case Waiting.ReadAudit read -> {
        answers.success(
            read.caller(), tables.audit().page(read.name(), read.before(), read.limit()));
        tables.endReading();
      }
      case Waiting.Hold hold -> {
        try {
          answers.success(hold.caller(), tables.hold());
        } catch (IOException e) {
          LOG.warn("A backup could not be begun: {}", e.getMessage());
          answers.error(
              hold.caller(),
              new StorageUnavailable("The store cannot be copied at present; ask again later."));
        }
      }
    }
  }

  private void commit(List<Waiting> group, SqliteTables tables, Answers answers)
      throws SQLException {
    if (group.isEmpty()) {
      source.requireInPlace();
      return;
    }
    FoldedGroup folded = new FoldedGroup(states, tables);
    Instant now = clock.instant();
    for (Waiting waiting : group) {
      if (waiting instanceof Waiting.Append append) {
        fold(append, folded, now, answers);
      }
    }
    long start = System.nanoTime();
    boolean written = folded.commit();
    source.requireInPlace();
    if (written) {
      meters.committed(answers.size(), System.nanoTime() - start);
      folded.publish();
      acknowledged = folded.position();
      pauseMillis = FIRST_PAUSE_MILLIS;
    }
  }

  private static void fold(Waiting.Append append, FoldedGroup folded, Instant now, Answers answers)
      throws SQLException {
    try {
      Stamp stamp = new Stamp(folded.position() + 1, now);
      answers.success(append.caller(), folded.fold(append.event(), stamp));
    } catch (RuntimeException e) {
      LOG.error("An event could not be folded; nothing of it was applied", e);
      answers.error(append.caller(), e);
    }
  }

  private void fail(List<Waiting> group, Throwable cause) {
    ready = false;
    meters.failed();
    outage.failed(cause);
    Answers refusals = new Answers(scheduler);
    for (Waiting waiting : group) {
      refusals.error(waiting.caller(), new StorageUnavailable());
    }
    for (Waiting waiting : queue.suspend()) {
      refusals.error(waiting.caller(), new StorageUnavailable());
    }
    closeTables();
    refusals.give();
  }

  /// Opens the tables again where they had to be closed.
  ///
  /// @return whether they are open: they stay closed once the queue is closed
  private boolean awaitOpen() {
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

  private void closeTables() {
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
