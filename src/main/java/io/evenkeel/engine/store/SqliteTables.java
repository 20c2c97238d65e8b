package io.evenkeel.engine.store;

import io.evenkeel.normalizer.AppliedKey;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Normalizer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables of one SQLite file and the one connection to them. Belongs to one thread at a time.
///
/// | table         | a row for each                                  | found by              |
/// |---------------|-------------------------------------------------|-----------------------|
/// | `normalizer`  | live normalizer: name and [DefinitionBytes][io.evenkeel.engine.bytes.DefinitionBytes]     | incarnation, name     |
/// | `head`        | live normalizer: last position and [StateBytes][io.evenkeel.engine.bytes.StateBytes] | incarnation           |
/// | `window_entry`| batch in a window, see [WindowTable]            | incarnation, role, ordinal |
/// | `snapshot`    | snapshot: definition and [SnapshotBytes][io.evenkeel.engine.bytes.SnapshotBytes]        | incarnation, label    |
/// | `applied_key` | idempotency key, see [KeyTable]                 | incarnation and hash  |
/// | `audit`       | command that was carried out                    | position, name        |
/// | `opening`     | (one row) how often the file was opened         |                       |
///
/// The position of the last entry that changed anything is the greatest one in `head` and `audit`:
/// every entry changes a head, except a deletion, which is in the trail. So a commit needs no row
/// for the position. `PRAGMA user_version` is the version of the tables. Version 1 had no windows
/// and no snapshots, version 2 had steps of gamma and beta in the trail; both are converted when
/// they are opened.
///
/// After any [SQLException] nobody knows the state of the transaction: SQLite rolls back by itself
/// after some errors and not after others. The tables must be closed and opened again.
public final class SqliteTables implements GroupTables, AutoCloseable {
  /// The version of the tables that this code reads and writes.
  static final int VERSION = 3;

  private static final String[] CREATE = {
    """
    CREATE TABLE normalizer (
      incarnation INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, definition BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE head (
      incarnation INTEGER PRIMARY KEY, position INTEGER NOT NULL, state BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE applied_key (
      incarnation INTEGER NOT NULL, block INTEGER NOT NULL, hash BLOB NOT NULL,
      fingerprint BLOB NOT NULL, ordinal INTEGER NOT NULL, version INTEGER NOT NULL,
      at INTEGER NOT NULL, PRIMARY KEY (incarnation, block, hash)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE audit (
      position INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT, command TEXT NOT NULL,
      name TEXT NOT NULL, version INTEGER NOT NULL, reason TEXT) STRICT
    """,
    "CREATE INDEX audit_of_name ON audit (name, position)",
    "CREATE TABLE opening (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT",
    "INSERT INTO opening (id, count) VALUES (1, 0)"
  };

  /// The tables that version 2 has added.
  private static final String[] ADD_PARTS = {
    """
    CREATE TABLE window_entry (
      incarnation INTEGER NOT NULL, role INTEGER NOT NULL, ordinal INTEGER NOT NULL,
      moments BLOB NOT NULL, PRIMARY KEY (incarnation, role, ordinal)) STRICT
    """,
    """
    CREATE TABLE snapshot (
      incarnation INTEGER NOT NULL, label TEXT NOT NULL, definition BLOB NOT NULL,
      state BLOB NOT NULL, PRIMARY KEY (incarnation, label)) STRICT
    """
  };

  /// The rows that version 3 has taken away: steps of gamma and beta are no commands any more.
  private static final String DROP_STEPS = "DELETE FROM audit WHERE command = 'step-affine'";

  private final Connection connection;
  private final String file;
  private final HeadTable heads;
  private final WindowTable windows;
  private final SnapshotTable snapshots;
  private final KeyTable keys;
  private final AuditTable audit;
  private final DatabaseFile database;
  private long position;

  private SqliteTables(Connection connection, String file, long auditKept) throws SQLException {
    this.connection = connection;
    this.file = file;
    Writing writing = new WritingAtOnce(connection);
    heads = new HeadTable(writing);
    windows = new WindowTable(connection, writing, file);
    snapshots = new SnapshotTable(connection, writing, file);
    keys = new KeyTable(connection);
    audit = new AuditTable(connection, writing, auditKept);
    database = new DatabaseFile(connection, file);
  }

  /// Makes the tables if there are none, and proves by a commit that they take writes.
  ///
  /// @param connection taken over; must not commit by itself
  /// @param file the name of the file in messages
  /// @throws UnusableStoreException if a newer version has written them
  public static SqliteTables open(Connection connection, String file) throws SQLException {
    return open(connection, file, AuditTable.KEPT);
  }

  /// Opens tables whose audit trail keeps a number of commands.
  public static SqliteTables open(Connection connection, String file, long auditKept)
      throws SQLException {
    try {
      return prepare(connection, file, auditKept);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  private static SqliteTables prepare(Connection connection, String file, long auditKept)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = (int) number(statement, "PRAGMA user_version");
      requireKnown(version, file);
      if (version == 0) {
        execute(statement, CREATE);
      }
      if (version < 2) {
        execute(statement, ADD_PARTS);
      }
      if (version < VERSION) {
        statement.executeUpdate(DROP_STEPS);
        statement.executeUpdate("PRAGMA user_version = " + VERSION);
      }
      statement.executeUpdate("UPDATE opening SET count = count + 1");
      connection.commit();
      return new SqliteTables(connection, file, auditKept);
    }
  }

  /// @throws UnusableStoreException if a newer version of Evenkeel has written the tables
  static void requireKnown(int version, String file) {
    if (version > VERSION) {
      throw new UnusableStoreException(
          "%s was written by a newer version of Evenkeel: its tables have version %d, this one knows %d."
              .formatted(file, version, VERSION),
          "Start that version, or name another directory.",
          null);
    }
  }

  private static void execute(Statement statement, String[] commands) throws SQLException {
    for (String command : commands) {
      statement.executeUpdate(command);
    }
  }

  static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      if (!row.next()) {
        throw new SQLException("no row: " + query);
      }
      return row.getLong(1);
    }
  }

  /// Reads all normalizers in place of those in memory; to be called once.
  ///
  /// @throws UnusableStoreException where any of them is not as it was written
  public void load(NormalizerStates states) throws SQLException {
    load(states, 0);
  }

  /// Reads all normalizers, unless the store has lost acknowledged events.
  ///
  /// @param acknowledged the position up to which callers were told that their events are kept
  /// @throws LostStoreException if the store ends before that position; the states stay as they are
  public void load(NormalizerStates states, long acknowledged) throws SQLException {
    NormalizerStates.Anew anew = states.anew();
    long lastOfHeads;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(StoredStates.ALL)) {
      lastOfHeads =
          new StoredStates(file, snapshots, windows, states)
              .read(
                  row,
                  (state, last) -> {
                    anew.add(state, last);
                    keys.sweepLater(state);
                  });
    }
    snapshots.requireNoOthers();
    keys.sweepGone();
    position = Math.max(lastOfHeads, audit.lastPosition());
    audit.count();
    endReading();
    if (position < acknowledged) {
      throw LostStoreException.behind(file);
    }
    anew.publish();
  }

  /// A group on the states that are visible now.
  public FoldedGroup begin(NormalizerStates states) {
    return new FoldedGroup(states, this);
  }

  /// The position of the last entry that changed anything, 0 before any; known once [#load]ed.
  @Override
  public long position() {
    return position;
  }

  /// The trail of commands.
  public AuditTable audit() {
    return audit;
  }

  @Override
  public void write(@Nullable Normalizer stored, @Nullable Normalizer next, long groupPosition)
      throws SQLException {
    heads.write(stored, next, groupPosition);
    windows.write(stored, next);
    snapshots.write(stored, next);
  }

  @Override
  public Optional<AppliedKey> key(Normalizer current, Digest hash) throws SQLException {
    return keys.find(current, hash);
  }

  @Override
  public void add(long incarnation, AppliedKey key) throws SQLException {
    keys.add(incarnation, key);
  }

  @Override
  public void forgetKeys(Normalizer last) {
    keys.forget(last);
  }

  @Override
  public void add(AuditEntry entry) throws SQLException {
    audit.add(entry);
  }

  /// Ends a transaction that has only read.
  @Override
  public void endReading() throws SQLException {
    connection.commit();
  }

  @Override
  public void commit(long newPosition) throws SQLException {
    keys.sweep();
    audit.sweep();
    connection.commit();
    position = newPosition;
  }

  /// Brings the database file up to date and does not change it until it is released. To be called
  /// between two transactions.
  public HeldFile hold() throws SQLException, IOException {
    return database.hold();
  }

  /// Allows changes of the database file again, once it was released.
  public void endHold() throws SQLException {
    database.endHold();
  }

  @Override
  public void close() throws SQLException {
    database.lose();
    try {
      connection.close();
    } finally {
      database.close();
    }
  }

  @Override
  public String toString() {
    return file;
  }
}
