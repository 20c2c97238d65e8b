package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.SqliteTables;
import java.sql.SQLException;

/// Opens the tables anew: at the start, and after each failure. Says by `toString` what it opens.
interface TablesSource {
  /// The tables, which have just been written to with success.
  SqliteTables open() throws SQLException;

  /// Fails unless what was written to the tables that are open would be found again by opening them
  /// anew: a file can be removed or moved while it is open.
  default void requireInPlace() throws SQLException {}

  /// Whether what was written is still there when they are opened anew.
  default boolean isLasting() {
    return true;
  }
}
