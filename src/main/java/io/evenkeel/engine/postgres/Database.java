package io.evenkeel.engine.postgres;

import io.evenkeel.engine.store.UnusableStoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/// Connects to the database.
///
/// A connection is kept as long as it lasts: one to write, one to read, and one for what replicas
/// show each other. A pool would replace a broken one unseen, and nothing that was read before may
/// be trusted then.
final class Database implements Connections {
  /// Seconds until an answer that does not come is no answer.
  private static final int PATIENCE = 10;

  /// A commit waits for the disk, and for the standby where there is a synchronous one. A replica
  /// that stands still within a transaction loses it, and with it the locks that others wait for.
  private static final String SESSION =
      """
      SELECT set_config('synchronous_commit',
          CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply'
          ELSE 'on' END, false),
        set_config('idle_in_transaction_session_timeout', '4s', false),
        set_config('lock_timeout', '8s', false),
        set_config('statement_timeout', '0', false),
        set_config('jit', 'off', false),
        current_setting('fsync'), pg_is_in_recovery()
      """;

  private final String url;
  private final String name;
  private final Properties properties = new Properties();

  Database(PostgresProperties settings) {
    name = settings.toString();
    url = settings.url().orElseThrow();
    settings.username().ifPresent(user -> properties.setProperty("user", user));
    settings.password().ifPresent(password -> properties.setProperty("password", password));
    setUnlessInUrl("connectTimeout", "5");
    setUnlessInUrl("socketTimeout", Integer.toString(PATIENCE));
    setUnlessInUrl("tcpKeepAlive", "true");
    setUnlessInUrl("ApplicationName", "evenkeel");
  }

  private void setUnlessInUrl(String name, String value) {
    if (!url.contains(name + "=")) {
      properties.setProperty(name, value);
    }
  }

  /// A connection that does not commit by itself.
  ///
  /// @throws UnusableStoreException if the server does not keep what it acknowledges
  /// @throws SQLException if it cannot be reached, or takes no writes
  @Override
  public Connection connect() throws SQLException {
    return connect(properties);
  }

  /// A connection for transactions of any size, whose commit may take minutes.
  ///
  /// @throws UnusableStoreException if the server does not keep what it acknowledges
  /// @throws SQLException if it cannot be reached, or takes no writes
  Connection connectForMuch() throws SQLException {
    Properties patient = new Properties();
    patient.putAll(properties);
    patient.remove("socketTimeout");
    return connect(patient);
  }

  private Connection connect(Properties how) throws SQLException {
    Connection connection = open(how);
    try {
      begin(connection);
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  /// The driver quotes a URL that it cannot read, with whatever password is in it.
  private Connection open(Properties how) throws SQLException {
    try {
      return DriverManager.getConnection(url, how);
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      throw message.contains(url) ? new SQLException(message.replace(url, name)) : e;
    }
  }

  private void begin(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SESSION)) {
      row.next();
      if (row.getString(6).equals("off")) {
        throw UnusableStoreException.unfit(
            this + " runs with fsync = off: what it acknowledges may be lost.",
            "Set fsync = on in its postgresql.conf and start it again.");
      }
      if (row.getBoolean(7)) {
        throw new SQLException(
            "the server is a standby and takes no writes; targetServerType=primary in the URL"
                + " finds the primary among several hosts");
      }
    }
    connection.setAutoCommit(false);
  }

  /// The URL without its parameters, which may hold a password.
  @Override
  public String toString() {
    return name;
  }
}
