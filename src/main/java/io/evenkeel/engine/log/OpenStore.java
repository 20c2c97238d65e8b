package io.evenkeel.engine.log;

import io.evenkeel.engine.store.FoldedGroup;
import io.evenkeel.normalizer.NormalizerEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// The storage of a log while it is open. The writer's thread alone calls it.
///
/// After any [SQLException] it is closed and opened again; nobody knows what became of the
/// transaction.
public interface OpenStore extends AutoCloseable {

  /// The position of the last entry that is known to be durable.
  long position();

  /// Begins a transaction for a group of events.
  Group begin(List<NormalizerEvent> events) throws SQLException;

  /// Called while nothing waits, every half second.
  ///
  /// @throws SQLException if nothing could be written at present
  void check() throws SQLException;

  @Override
  void close() throws SQLException;

  /// One transaction of a group. It is closed whatever happens; what is not committed by then has
  /// not happened.
  interface Group extends AutoCloseable {

    /// Folds the events of the group on the states as they are now. Its `commit` makes them
    /// durable.
    FoldedGroup folded();

    /// The time of the log, never before the time of an earlier entry.
    Instant now();

    /// Makes what was folded durable. If it returns, the replies are true.
    ///
    /// @return whether there was anything to write
    /// @throws SQLException if nothing may be acknowledged
    boolean commit() throws SQLException;

    @Override
    void close();
  }
}
