package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/// The one thread that writes: takes what waits in the queue, has it folded and committed as one
/// group, and only then replies to the callers. It never waits for a group to become larger: while
/// one group is being committed, the next one gathers.
///
/// [GroupCommit] folds and commits. If the storage fails, the whole group and all that waits is
/// refused, and [Recovery] opens the tables again.
///
/// **Nothing is acknowledged into a file that is gone.** If its file is removed or moved, SQLite
/// writes on without an error. So the writer checks that the files are in their place before it
/// replies, and every half second while nothing waits.
final class GroupWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
  private static final long IDLE_MILLIS = 500;

  private final WaitingQueue queue;
  private final GroupCommit commit;
  private final Recovery recovery;
  private final Scheduler scheduler;

  /// @param scheduler sends the replies
  GroupWriter(
      WaitingQueue queue,
      NormalizerStates states,
      TablesSource source,
      InstantSource clock,
      CommitMeters meters,
      Outage outage,
      Scheduler scheduler) {
    this.queue = queue;
    this.scheduler = scheduler;
    commit = new GroupCommit(states, source, clock, meters);
    recovery = new Recovery(queue, states, source, meters, outage);
  }

  /// Whether events can be written.
  boolean isReady() {
    return recovery.isReady();
  }

  /// Reads all states; afterwards the tables belong to the thread that runs this.
  void open() throws SQLException {
    recovery.open();
  }

  /// Tries once to open the tables again after a failure.
  void tryOpen() {
    recovery.tryOpen();
  }

  /// How long it waits before it tries to open the tables again.
  Duration pause() {
    return recovery.pause();
  }

  @Override
  public void run() {
    while (recovery.awaitOpen()) {
      if (!writeNext()) {
        break;
      }
    }
    recovery.end();
  }

  /// Writes the next group; if nothing comes for a while, only checks the files. The tables must be
  /// open.
  ///
  /// @return whether there may be another group: there is none once the queue is closed and empty
  boolean writeNext() {
    Optional<List<Waiting>> group = queue.take(IDLE_MILLIS);
    group.ifPresent(this::process);
    return group.isPresent();
  }

  private void process(List<Waiting> group) {
    SqliteTables tables = recovery.tables();
    Replies replies = new Replies(scheduler);
    try {
      tables.endHold();
      commit.commit(group, tables, replies).ifPresent(recovery::committed);
    } catch (SQLException | RuntimeException | Error e) {
      fail(group, e);
      return;
    }
    replies.send();
    List<Waiting> readers =
        group.stream().filter(waiting -> !(waiting instanceof Waiting.Append)).toList();
    try {
      serve(readers, tables);
    } catch (SQLException | RuntimeException | Error e) {
      fail(readers, e);
    }
  }

  /// Readers come after the replies of the group: if one fails, the replies are true all the same.
  private void serve(List<Waiting> readers, SqliteTables tables) throws SQLException {
    Replies replies = new Replies(scheduler);
    for (Waiting reader : readers) {
      serve(reader, tables, replies);
    }
    replies.send();
  }

  private static void serve(Waiting reader, SqliteTables tables, Replies replies)
      throws SQLException {
    switch (reader) {
      case Waiting.Append _ -> throw new IllegalArgumentException("an append is no reader");
      case Waiting.ReadAudit read -> {
        replies.success(
            read.caller(), tables.audit().page(read.name(), read.before(), read.limit()));
        tables.endReading();
      }
      case Waiting.Hold hold -> {
        try {
          replies.success(hold.caller(), tables.hold());
        } catch (IOException e) {
          LOG.warn("A backup could not be begun: {}", e.getMessage());
          replies.error(
              hold.caller(),
              new StorageUnavailable("The store cannot be copied at present; ask again later."));
        }
      }
    }
  }

  private void fail(List<Waiting> group, Throwable cause) {
    recovery.failed(cause);
    Replies refusals = new Replies(scheduler);
    for (Waiting waiting : group) {
      refusals.error(waiting.caller(), new StorageUnavailable());
    }
    for (Waiting waiting : queue.suspend()) {
      refusals.error(waiting.caller(), new StorageUnavailable());
    }
    recovery.closeTables();
    refusals.send();
  }
}
