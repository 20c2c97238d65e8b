package io.evenkeel.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// The file behind a connection. It can be held unchanged for a while so that it can be copied. For
/// a store in memory, an image of it in a file.
///
/// SQLite writes to the file in checkpoints alone. So one checkpoint brings it up to date, and
/// there is no other checkpoint until it is released. Commits go into the log, which grows
/// meanwhile.
///
/// A process that closes a file loses all of its locks on it, SQLite's too. So the channel that
/// reads the file stays open as long as the connection.
final class DatabaseFile {
  private final Connection connection;
  private final String file;
  private @Nullable HeldFile held;
  private @Nullable FileChannel reader;

  DatabaseFile(Connection connection, String file) {
    this.connection = connection;
    this.file = file;
  }

  /// @throws IOException if the file cannot be copied at present; the store goes on
  HeldFile hold() throws SQLException, IOException {
    FileChannel channel = isInMemory() ? image() : upToDate();
    reader = channel;
    HeldFile holding = new HeldFile(channel);
    held = holding;
    return holding;
  }

  void endHold() throws SQLException {
    HeldFile holding = held;
    if (holding == null || !holding.isReleased()) {
      return;
    }
    held = null;
    if (isInMemory()) {
      close();
      return;
    }
    checkpointAgain();
  }

  private void checkpointAgain() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = " + StoreDirectory.CHECKPOINT_PAGES);
    }
  }

  /// Tells whoever copies the file that it may change from now on.
  void lose() {
    if (held != null) {
      held.lose();
    }
  }

  /// Closes the channel that reads the file; to be called after the connection was closed.
  void close() throws SQLException {
    FileChannel closing = reader;
    reader = null;
    try {
      if (closing != null) {
        closing.close();
      }
    } catch (IOException e) {
      throw new SQLException(file + " cannot be closed: " + e.getMessage(), e);
    }
  }

  private boolean isInMemory() {
    return file.equals(StoreDirectory.IN_MEMORY);
  }

  private FileChannel upToDate() throws SQLException, IOException {
    connection.setAutoCommit(true); // a checkpoint is refused within a transaction
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      if (SqliteTables.number(statement, "PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
        throw new SQLException(file + " is in use and cannot be brought up to date");
      }
    }
    connection.setAutoCommit(false);
    try {
      return reader == null ? FileChannel.open(Path.of(file)) : reader;
    } catch (IOException e) {
      checkpointAgain();
      throw e;
    }
  }

  private FileChannel image() throws SQLException, IOException {
    Path image = Files.createTempFile("evenkeel", ".db");
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("backup to '" + image + "'");
    } catch (SQLException e) {
      Files.deleteIfExists(image);
      throw new IOException(image + " cannot be written: " + e.getMessage(), e);
    } finally {
      connection.setAutoCommit(false);
    }
    return FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
  }
}
