package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.FoldedGroup;
import io.evenkeel.engine.store.NormalizerStates;
import io.evenkeel.engine.store.SqliteTables;
import io.evenkeel.normalizer.Stamp;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds the events of a group in order, writes what they change in one transaction, and then shows
/// the new states.
final class GroupCommit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  private final NormalizerStates states;
  private final TablesSource source;
  private final InstantSource clock;
  private final CommitMeters meters;

  GroupCommit(
      NormalizerStates states, TablesSource source, InstantSource clock, CommitMeters meters) {
    this.states = states;
    this.source = source;
    this.clock = clock;
    this.meters = meters;
  }

  /// Makes a group durable and visible. If this fails, none of the replies may be sent.
  ///
  /// @param replies takes the outcome of each event
  /// @return the position of the last event; empty if no event changed anything
  OptionalLong commit(List<Waiting> group, SqliteTables tables, Replies replies)
      throws SQLException {
    if (group.isEmpty()) {
      source.requireInPlace();
      return OptionalLong.empty();
    }
    FoldedGroup folded = new FoldedGroup(states, tables);
    Instant now = clock.instant();
    for (Waiting waiting : group) {
      if (waiting instanceof Waiting.Append append) {
        fold(append, folded, now, replies);
      }
    }
    long start = System.nanoTime();
    boolean written = folded.commit();
    source.requireInPlace();
    if (!written) {
      return OptionalLong.empty();
    }
    meters.committed(replies.size(), System.nanoTime() - start);
    folded.publish();
    return OptionalLong.of(folded.position());
  }

  private static void fold(Waiting.Append append, FoldedGroup folded, Instant now, Replies replies)
      throws SQLException {
    try {
      Stamp stamp = new Stamp(folded.position() + 1, now);
      replies.success(append.caller(), folded.fold(append.event(), stamp));
    } catch (RuntimeException e) {
      LOG.error("An event could not be folded; nothing of it was applied", e);
      replies.error(append.caller(), e);
    }
  }
}
