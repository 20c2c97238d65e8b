package io.evenkeel.engine.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;

/// Commits of which the server says without reserve that they are kept.
///
/// A server that waits for its standby, and is told not to wait any longer, has committed and
/// warns: "The transaction has already committed locally, but might not have been replicated to the
/// standby." <https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION>
public final class Acknowledged {
  private Acknowledged() {}

  /// Commits the transaction of a connection.
  ///
  /// @throws SQLException if the commit fails, or comes with a warning
  public static void commit(Connection connection) throws SQLException {
    connection.clearWarnings();
    connection.commit();
    SQLWarning warning = connection.getWarnings();
    if (warning != null) {
      throw warning;
    }
  }
}
