package io.evenkeel.engine.postgres;

import io.evenkeel.engine.store.PostgresTables;
import io.evenkeel.engine.store.UnusableStoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Makes the tables, and brings those of an earlier version up to date, at the start and under a
/// lock: of several replicas that start together one does it and the others wait.
///
/// During a rolling upgrade old and new replicas use the same tables. So a version may add tables,
/// and columns that the old ones leave out; `oldest` says which version can still work with them.
final class Schema {
  /// The version of the tables that this code makes.
  private static final int VERSION = 3;

  /// The version of the code that can still work with them.
  private static final int OLDEST = 1;

  private static final String[] TABLES = {
    "CREATE SEQUENCE log_position INCREMENT BY %1$d START WITH %1$d"
        .formatted(PostgresTables.POSITIONS),
    """
    CREATE TABLE normalizer (
      name text COLLATE "C" PRIMARY KEY, incarnation bigint UNIQUE, definition bytea)
    """,
    // Rows are changed again and again: room beside them keeps the new one on the same page.
    """
    CREATE TABLE head (
      incarnation bigint PRIMARY KEY, position bigint NOT NULL, state bytea NOT NULL)
      WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)
    """,
    """
    CREATE TABLE window_entry (
      incarnation bigint NOT NULL, role integer NOT NULL, ordinal bigint NOT NULL,
      moments bytea NOT NULL, PRIMARY KEY (incarnation, role, ordinal))
    """,
    """
    CREATE TABLE snapshot (
      incarnation bigint NOT NULL, label text COLLATE "C" NOT NULL, definition bytea NOT NULL,
      state bytea NOT NULL, PRIMARY KEY (incarnation, label))
    """,
    """
    CREATE TABLE applied_key (
      incarnation bigint NOT NULL, block bigint NOT NULL, hash bytea NOT NULL,
      fingerprint bytea NOT NULL, ordinal bigint NOT NULL, version bigint NOT NULL,
      at bigint NOT NULL, PRIMARY KEY (incarnation, block, hash))
    """,
    """
    CREATE TABLE audit (
      position bigint PRIMARY KEY, at bigint NOT NULL, actor text, command text NOT NULL,
      name text COLLATE "C" NOT NULL, version bigint NOT NULL, reason text)
    """,
    "CREATE INDEX audit_of_name ON audit (name, position)",
    """
    CREATE TABLE touched (
      txid xid8 PRIMARY KEY DEFAULT pg_current_xact_id(), mark uuid NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(), names text[] NOT NULL)
      WITH (autovacuum_vacuum_scale_factor = 0.05)
    """,
    // Doubles hardly become smaller, and to try it costs more than to write them.
    "ALTER TABLE head ALTER state SET STORAGE EXTERNAL",
    "ALTER TABLE window_entry ALTER moments SET STORAGE EXTERNAL",
    "ALTER TABLE snapshot ALTER state SET STORAGE EXTERNAL"
  };

  /// The table that version 2 has added.
  private static final String[] ADD_IMPORTS = {
    """
    CREATE TABLE imported_store (
      id bytea PRIMARY KEY, source text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())
    """
  };

  /// The tables that version 3 has added: what replicas show each other for a while. They are not
  /// logged: nothing is lost with them.
  private static final String[] ADD_PARTS = {
    """
    CREATE UNLOGGED TABLE replica_lease (
      replica uuid PRIMARY KEY, at timestamptz NOT NULL, until timestamptz NOT NULL)
    """,
    """
    CREATE UNLOGGED TABLE replica_part (
      replica uuid NOT NULL, name text COLLATE "C" NOT NULL, subject bytea NOT NULL,
      revision bigint NOT NULL, part bytea NOT NULL, PRIMARY KEY (replica, name))
    """
  };

  private Schema() {}

  /// Makes the tables, or makes sure that this version can work with them.
  ///
  /// @param database its name in messages
  /// @throws UnusableStoreException if a later version has changed them so that it cannot
  static void prepare(Connection connection, String database) throws SQLException {
    makeVersion(connection);
    try (Statement statement = connection.createStatement()) {
      int version;
      int oldest;
      try (ResultSet row =
          statement.executeQuery("SELECT version, oldest FROM evenkeel_schema FOR UPDATE")) {
        row.next();
        version = row.getInt(1);
        oldest = row.getInt(2);
      }
      if (oldest > VERSION) {
        throw UnusableStoreException.unfit(
            "%s was changed by a newer version of Evenkeel: its tables need version %d, this one knows %d."
                .formatted(database, oldest, VERSION),
            "Start that version, or name another database.");
      }
      if (version < 1) {
        execute(statement, TABLES);
      }
      if (version < 2) {
        execute(statement, ADD_IMPORTS);
      }
      if (version < 3) {
        execute(statement, ADD_PARTS);
      }
      if (version < VERSION) {
        statement.executeUpdate(
            "UPDATE evenkeel_schema SET version = %d, oldest = %d".formatted(VERSION, OLDEST));
      }
    }
    connection.commit();
  }

  private static void execute(Statement statement, String[] commands) throws SQLException {
    for (String command : commands) {
      statement.executeUpdate(command);
    }
  }

  private static void makeVersion(Connection connection) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            """
            CREATE TABLE IF NOT EXISTS evenkeel_schema (
              id integer PRIMARY KEY CHECK (id = 1), version integer NOT NULL,
              oldest integer NOT NULL)
            """);
        statement.executeUpdate(
            "INSERT INTO evenkeel_schema VALUES (1, 0, 0) ON CONFLICT (id) DO NOTHING");
        connection.commit();
        return;
      } catch (SQLException e) {
        // two sessions that make the same table at the same time: one of them fails
        connection.rollback();
        if (attempt == 3 || !isTaken(e)) {
          throw e;
        }
      }
    }
  }

  /// A unique violation, or a table that is there already.
  private static boolean isTaken(SQLException e) {
    return "23505".equals(e.getSQLState()) || "42P07".equals(e.getSQLState());
  }
}
