package io.evenkeel.simulator;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;

/// A real PostgreSQL, whose sessions outlive the connections that the simulator lets fail.
final class SimulatedDatabase implements AutoCloseable {
  private static final String GONE =
      """
      SELECT count(*) FROM (
        SELECT incarnation FROM head UNION ALL SELECT incarnation FROM snapshot
        UNION ALL SELECT incarnation FROM window_entry) AS kept
      WHERE incarnation NOT IN (
        SELECT incarnation FROM normalizer WHERE incarnation IS NOT NULL)
      """;

  private final String url;
  private final Connection keeper;
  private final Deque<Session> idle = new ArrayDeque<>();

  /// @param url of a database that belongs to the simulator
  SimulatedDatabase(String url) throws SQLException {
    this.url = url;
    keeper = DriverManager.getConnection(url);
  }

  /// A session of the server.
  ///
  /// @param process of the server
  record Session(Connection connection, int process) {}

  /// Looks on, without a transaction.
  Connection keeper() {
    return keeper;
  }

  /// Makes it empty, without tables.
  void clear() throws SQLException {
    try (Statement statement = keeper.createStatement()) {
      statement.execute("DROP SCHEMA public CASCADE");
      statement.execute("CREATE SCHEMA public");
    }
  }

  /// A session without a transaction.
  Session take() throws SQLException {
    Session session = idle.poll();
    if (session == null) {
      Connection connection = DriverManager.getConnection(url);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
        row.next();
        session = new Session(connection, row.getInt(1));
      }
    }
    session.connection.setAutoCommit(false);
    return session;
  }

  /// Ends the transaction of a session.
  void giveBack(Session session) {
    try {
      session.connection.rollback();
      session.connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      idle.add(session);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Ends what a session does at present.
  void cancel(Session session) {
    try (PreparedStatement cancel = keeper.prepareStatement("SELECT pg_cancel_backend(?)")) {
      cancel.setInt(1, session.process);
      cancel.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The position that was given last.
  long position() {
    try {
      return number("SELECT last_value FROM log_position");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How many rows there are of normalizers that there are not.
  long remains() throws SQLException {
    return number(GONE) + number("SELECT count(*) FROM normalizer WHERE incarnation IS NULL");
  }

  private long number(String query) throws SQLException {
    try (Statement statement = keeper.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Session session : idle) {
      session.connection.close();
    }
    keeper.close();
  }
}
