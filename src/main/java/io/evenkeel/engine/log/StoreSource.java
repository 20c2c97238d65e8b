package io.evenkeel.engine.log;

import java.sql.SQLException;

/// Opens the storage: at the start, and again after each failure. `toString` names it for messages.
///
/// @param <S> the storage
public interface StoreSource<S extends OpenStore> {

  /// Opens the storage, proves by a write that it takes writes, and reads the states from it.
  ///
  /// @param acknowledged the position up to which callers were told that their events are kept
  S open(long acknowledged) throws SQLException;

  /// What the operator can do about a failure, as a sentence.
  String remedy(Throwable failure);

  /// Whether the stack trace of a failure tells the operator anything.
  default boolean isTraced(Throwable failure) {
    return true;
  }
}
