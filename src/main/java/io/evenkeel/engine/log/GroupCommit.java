package io.evenkeel.engine.log;

import io.evenkeel.engine.store.FoldedGroup;
import io.evenkeel.normalizer.Stamp;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds the events of a group in order, writes what they change in one transaction, and then shows
/// the new states.
final class GroupCommit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  private final CommitMeters meters;

  GroupCommit(CommitMeters meters) {
    this.meters = meters;
  }

  /// Makes a group durable and visible. If this fails, none of the replies may be sent.
  ///
  /// @param appends the events, perhaps none
  /// @param replies takes the outcome of each event
  /// @return the position of the last event; empty if no event changed anything
  OptionalLong commit(List<Waiting.Append> appends, OpenStore store, Replies replies)
      throws SQLException {
    if (appends.isEmpty()) {
      store.check();
      return OptionalLong.empty();
    }
    try (OpenStore.Group group =
        store.begin(appends.stream().map(Waiting.Append::event).toList())) {
      FoldedGroup folded = group.folded();
      Instant now = group.now();
      for (Waiting.Append append : appends) {
        fold(append, folded, now, replies);
      }
      long start = System.nanoTime();
      boolean written = group.commit();
      if (written) {
        meters.committed(replies.size(), folded.commands(), System.nanoTime() - start);
      }
      folded.publish();
      return written ? OptionalLong.of(folded.position()) : OptionalLong.empty();
    }
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
