package io.evenkeel.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/// Where connections to the database come from. `toString` names the database for messages.
interface Connections {

  /// A connection that does not commit by itself.
  ///
  /// @throws SQLException if the database cannot be reached, or takes no writes
  Connection connect() throws SQLException;
}
