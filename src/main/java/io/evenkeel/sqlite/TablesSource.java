package io.evenkeel.sqlite;

import io.evenkeel.store.SqliteTables;
import java.sql.SQLException;

/// Opens the tables anew: at the start, and after each failure. Says by `toString` what it opens.
interface TablesSource {
  /// The tables, which have just been written to with success.
  SqliteTables open() throws SQLException;
}
