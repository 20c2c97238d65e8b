package io.evenkeel.engine.postgres;

import io.evenkeel.engine.store.Acknowledged;
import io.evenkeel.engine.store.MovedTable;
import io.evenkeel.engine.store.StoreToMove;
import io.evenkeel.engine.store.UnusableStoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies a SQLite store into the empty database, in one transaction, before a replica opens it. Of
/// several replicas that are started with the same store one does it, the others wait and find it
/// done.
final class StoreImport {
  private static final Logger LOG = LoggerFactory.getLogger(StoreImport.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// The lock of whoever imports, in the database alone. Any number that others do not use.
  private static final long LOCK = 0x6576656e6b65656cL;

  /// Between two statements the whole store is read. The rows that are just written have no
  /// statistics yet, from which the server would see that an index helps.
  private static final String SETTINGS =
      """
      SELECT set_config('idle_in_transaction_session_timeout', '0', true),
        set_config('enable_seqscan', 'off', true)
      """;

  private static final String IS_USED =
      """
      SELECT EXISTS (SELECT 1 FROM normalizer) OR EXISTS (SELECT 1 FROM head)
        OR EXISTS (SELECT 1 FROM window_entry) OR EXISTS (SELECT 1 FROM snapshot)
        OR EXISTS (SELECT 1 FROM applied_key) OR EXISTS (SELECT 1 FROM audit)
      """;

  private final Database database;
  private final String directory;

  /// @param directory of the SQLite store
  StoreImport(Database database, String directory) {
    this.database = database;
    this.directory = directory;
  }

  /// Copies the store, unless that was done before.
  ///
  /// @throws UnusableStoreException if the store cannot be read, or if the database holds anything
  ///   else; nothing is changed then
  /// @throws SQLException if the database fails
  void run() throws SQLException {
    try (Connection connection = database.connectForMuch()) {
      Schema.prepare(connection, database.toString());
      awaitTurn(connection);
      try (StoreToMove store = StoreToMove.open(directory)) {
        run(connection, store);
      }
    }
  }

  private void run(Connection connection, StoreToMove store) throws SQLException {
    byte[] id = store.identity();
    Optional<String> before = imported(connection, id);
    if (before.isPresent()) {
      LOG.info(
          "{} holds the store of {} since {}: nothing is imported",
          database,
          directory,
          before.get());
      return;
    }
    requireEmpty(connection);
    long start = System.nanoTime();
    Map<MovedTable, Long> rows = store.copyInto(connection);
    remember(connection, id, store.file());
    Acknowledged.commit(connection);
    LOG.info(
        "Imported {} into {} in {} s: {} normalizers, {} snapshots, {} idempotency keys, {} entries"
            + " of the audit trail, compared byte for byte",
        store.file(),
        database,
        String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9),
        rows.get(MovedTable.NORMALIZER),
        rows.get(MovedTable.SNAPSHOT),
        rows.get(MovedTable.APPLIED_KEY),
        rows.get(MovedTable.AUDIT));
  }

  /// The lock ends with the transaction.
  private void awaitTurn(Connection connection) throws SQLException {
    for (boolean told = false; !tryLock(connection); told = true) {
      connection.rollback();
      if (!told) {
        LOG.info("Another replica imports a store into {}: this one waits for it", database);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean tryLock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
      return isTrue(statement, "SELECT pg_try_advisory_xact_lock(%d)".formatted(LOCK));
    }
  }

  private static boolean isTrue(Statement statement, String question) throws SQLException {
    try (ResultSet row = statement.executeQuery(question)) {
      return row.next() && row.getBoolean(1);
    }
  }

  /// When a store was imported, if it was.
  private static Optional<String> imported(Connection connection, byte[] id) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT at::timestamptz(0)::text FROM imported_store WHERE id = ?")) {
      query.setBytes(1, id);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /// Nobody writes from now on, so it stays empty.
  private void requireEmpty(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE normalizer IN EXCLUSIVE MODE");
      if (isTrue(statement, IS_USED)) {
        throw UnusableStoreException.unfit(
            "The store of %s cannot be imported: %s holds other normalizers, or an earlier state of that store."
                .formatted(directory, database),
            "Name an empty database, or leave out evenkeel.store.import to go on with what the"
                + " database holds.");
      }
    }
  }

  private static void remember(Connection connection, byte[] id, String file) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO imported_store (id, source) VALUES (?, ?)")) {
      insert.setBytes(1, id);
      insert.setString(2, file);
      insert.executeUpdate();
    }
  }
}
