package io.evenkeel.engine.store;

import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Normalizer;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables of an engine, as [FoldedGroup] uses them: what a group needs to know, and what it
/// writes in one transaction.
interface GroupTables {

  /// The position before the group's first event.
  long position();

  /// The key that is stored under a hash; it may be too old to count.
  Optional<AppliedKey> key(Normalizer current, Digest hash) throws SQLException;

  /// Brings the rows of a name from one state to the next; null if the name is free.
  ///
  /// @param position of the last entry of the group
  void write(@Nullable Normalizer stored, @Nullable Normalizer next, long position)
      throws SQLException;

  void add(long incarnation, AppliedKey key) throws SQLException;

  /// Drops the keys of a normalizer that is gone, sooner or later.
  void forgetKeys(Normalizer last);

  void add(AuditEntry entry) throws SQLException;

  /// Ends a transaction that has written nothing.
  void endReading() throws SQLException;

  /// Makes everything written since the last commit durable.
  ///
  /// @param position of the last entry of the group
  void commit(long position) throws SQLException;
}
