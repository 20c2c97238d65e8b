package io.evenkeel.engine.log;

import io.evenkeel.engine.store.NormalizerStates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.scheduler.Scheduler;

/// The one thread that writes: takes what waits in the queue, has it folded and committed as one
/// group, and only then replies to the callers. While one group is being committed, the next one
/// gathers.
///
/// It waits for a group to become larger only while many callers of earlier groups are
/// [unanswered][Unanswered], and for a bounded time. A client alone never waits for others.
///
/// [GroupCommit] folds and commits. If the storage fails, the whole group and all that waits is
/// refused, and [Recovery] opens the storage again.
///
/// @param <S> the storage of the engine
public final class GroupWriter<S extends OpenStore> implements Runnable {
  private static final long IDLE_MILLIS = 500;

  /// How many unanswered callers for each core do not keep a group waiting.
  private static final int FEW = 2;

  private final WaitingQueue queue;
  private final GroupCommit commit;
  private final Recovery<S> recovery;
  private final Scheduler scheduler;
  private final Unanswered unanswered;
  private final Duration patience;

  /// @param scheduler sends the replies
  /// @param patience how long a group waits at most to become larger
  public GroupWriter(
      WaitingQueue queue,
      NormalizerStates states,
      StoreSource<S> source,
      CommitMeters meters,
      Outage outage,
      Scheduler scheduler,
      Duration patience) {
    this.queue = queue;
    this.scheduler = scheduler;
    this.patience = patience;
    unanswered = new Unanswered(FEW * Replies.PORTIONS, queue::growNoLonger);
    commit = new GroupCommit(meters);
    recovery = new Recovery<>(queue, states, source, meters, outage);
  }

  /// Whether events can be written.
  boolean isReady() {
    return recovery.isReady();
  }

  /// The open storage; for the thread that runs this.
  S store() {
    return recovery.store();
  }

  /// Reads all states; afterwards the storage belongs to the thread that runs this.
  public void open() throws SQLException {
    recovery.open();
  }

  /// Tries once to open the storage again after a failure.
  public void tryOpen() {
    recovery.tryOpen();
  }

  /// How long it waits before it tries to open the storage again.
  public Duration pause() {
    return recovery.pause();
  }

  @Override
  public void run() {
    while (recovery.awaitOpen()) {
      if (!writeNext(IDLE_MILLIS)) {
        break;
      }
    }
    recovery.end();
  }

  /// Writes the next group; if nothing comes for a while, only checks the storage, which must be
  /// open.
  ///
  /// @param milliseconds how long it waits for something to write
  /// @return whether there may be another group: there is none once the queue is closed and empty
  public boolean writeNext(long milliseconds) {
    Optional<List<Waiting>> group = queue.take(milliseconds, unanswered::areMany, patience);
    group.ifPresent(this::process);
    return group.isPresent();
  }

  private void process(List<Waiting> group) {
    Replies replies = new Replies(scheduler, unanswered);
    try {
      List<Waiting.Append> appends = only(group, Waiting.Append.class);
      commit.commit(appends, recovery.store(), replies).ifPresent(recovery::committed);
    } catch (SQLException | RuntimeException | Error e) {
      fail(group, e);
      return;
    }
    replies.send();
    List<Waiting.Read> reads = only(group, Waiting.Read.class);
    try {
      answer(reads);
    } catch (SQLException | RuntimeException | Error e) {
      fail(reads, e);
    }
  }

  private static <W extends Waiting> List<W> only(List<Waiting> group, Class<W> type) {
    return group.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// Readers come after the replies of the group: if one fails, the replies are true all the same.
  private void answer(List<Waiting.Read> reads) throws SQLException {
    Replies replies = new Replies(scheduler, unanswered);
    for (Waiting.Read read : reads) {
      read.answer().into(replies);
    }
    replies.send();
  }

  private void fail(List<? extends Waiting> group, Throwable cause) {
    recovery.failed(cause);
    Replies refusals = new Replies(scheduler, unanswered);
    for (Waiting waiting : group) {
      refusals.error(waiting.caller(), waiting.unavailable());
    }
    for (Waiting waiting : queue.suspend()) {
      refusals.error(waiting.caller(), waiting.unavailable());
    }
    recovery.closeStore();
    refusals.send();
  }
}
