package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.SqliteTables;
import java.sql.SQLException;

/// Opens the tables: at the start, and again after each failure. `toString` names the file for
/// messages.
interface TablesSource {
  /// Opens the tables and proves by a write that they take writes.
  SqliteTables open() throws SQLException;

  /// Fails if the open file was removed or moved: whoever opened the store again would not find its
  /// contents.
  default void requireInPlace() throws SQLException {}

  /// Whether the contents are still there when the tables are opened again.
  default boolean isLasting() {
    return true;
  }
}
