package io.evenkeel.engine.store;

import io.evenkeel.normalizer.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The store of a SQLite directory while it is copied into other tables. Nobody else can open it
/// meanwhile, and nothing of it is changed.
///
/// SQLite reads a file without its write-ahead log only if told that nobody changes it, and it
/// writes the log into the file otherwise. So if a killed process has left a log, or if the tables
/// are of an earlier version, a copy in the temporary directory is opened in place of the file.
public final class StoreToMove implements AutoCloseable {
  private final String file;
  private final FileChannel lock;
  private final @Nullable Path copy;
  private final Connection connection;

  private StoreToMove(String file, FileChannel lock, @Nullable Path copy, Connection connection) {
    this.file = file;
    this.lock = lock;
    this.copy = copy;
    this.connection = connection;
  }

  /// Opens the store, and keeps others from it.
  ///
  /// @throws UnusableStoreException if there is no store, if it belongs to a running process, or if
  ///   it was written by a newer version
  public static StoreToMove open(String directory) {
    Path file = Path.of(directory).resolve(StoreDirectory.DATABASE).toAbsolutePath();
    if (!Files.isRegularFile(file)) {
      throw UnusableStoreException.unfit(
          "There is no store to import: %s does not exist.".formatted(file),
          "Name the directory of a SQLite store, or leave out evenkeel.store.import.");
    }
    try {
      FileChannel lock = lock(file.resolveSibling(StoreDirectory.LOCK));
      try {
        return open(file, lock);
      } catch (SQLException | IOException | RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    } catch (SQLException e) {
      throw UnusableStoreException.notOpened(file.toString(), e);
    } catch (IOException e) {
      throw new UnusableStoreException(
          "The store in %s cannot be imported: %s.".formatted(file.getParent(), e),
          "Let this user read it, and let the temporary directory have room for a copy of it.",
          e);
    }
  }

  /// Any number of processes may read the store, while none writes it.
  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        Files.exists(file)
            ? FileChannel.open(file)
            : FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, true) != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // This very process holds it: the same answer.
    }
    channel.close();
    throw UnusableStoreException.unfit(
        "The store in %s belongs to another running Evenkeel.".formatted(file.getParent()),
        "Stop that one, and start this one again to import what it has stored.");
  }

  private static StoreToMove open(Path file, FileChannel lock) throws SQLException, IOException {
    if (isWithLog(file)) {
      return openCopy(file, lock);
    }
    // a path may have characters that mean something else in the name of a database
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:file:" + file.toUri().getRawPath() + "?mode=ro&immutable=1");
    int version;
    try {
      version = version(connection, file);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
    if (version < SqliteTables.VERSION) {
      connection.close();
      return openCopy(file, lock);
    }
    return new StoreToMove(file.toString(), lock, null, connection);
  }

  private static boolean isWithLog(Path file) throws IOException {
    Path log = logOf(file);
    return Files.exists(log) && Files.size(log) > 0;
  }

  private static Path logOf(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  private static StoreToMove openCopy(Path file, FileChannel lock)
      throws SQLException, IOException {
    Path directory = Files.createTempDirectory("evenkeel-import");
    try {
      Path copy = directory.resolve(StoreDirectory.DATABASE);
      Files.copy(file, copy);
      if (isWithLog(file)) {
        Files.copy(logOf(file), logOf(copy));
      }
      return openedCopy(file, lock, copy);
    } catch (SQLException | IOException | RuntimeException | Error e) {
      delete(directory);
      throw e;
    }
  }

  /// Opening them brings tables up to date.
  private static StoreToMove openedCopy(Path file, FileChannel lock, Path copy)
      throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
    try {
      version(connection, file);
      connection.setAutoCommit(false);
      SqliteTables.open(connection, file.toString());
      return new StoreToMove(file.toString(), lock, copy.getParent(), connection);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  private static int version(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = (int) SqliteTables.number(statement, "PRAGMA user_version");
      if (version == 0) {
        throw UnusableStoreException.unfit(
            "%s is no store of Evenkeel.".formatted(file),
            "Name the directory of a SQLite store, or leave out evenkeel.store.import.");
      }
      SqliteTables.requireKnown(version, file.toString());
      return version;
    }
  }

  /// Tells this store from others, and from itself before or after any change: a hash of all states
  /// and of the latest commands.
  public byte[] identity() throws SQLException {
    MessageDigest hash = Digest.sha256();
    for (String query :
        new String[] {
          "SELECT incarnation, position, state FROM head ORDER BY incarnation",
          "SELECT position, at, CAST(name AS BLOB) FROM audit ORDER BY position DESC LIMIT 1000"
        }) {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        while (row.next()) {
          byte[] bytes = row.getBytes(3);
          hash.update(
              ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                  .putLong(row.getLong(1))
                  .putLong(row.getLong(2))
                  .putInt(bytes.length)
                  .flip());
          hash.update(bytes);
        }
      }
    }
    return Digest.of(hash).bytes();
  }

  /// Copies everything into the empty tables of a PostgreSQL database, compares it, and lets the
  /// positions go on above the last one. The caller commits.
  ///
  /// @param database must not commit by itself
  /// @return how many rows each table has
  /// @throws UnusableStoreException if any state is damaged, or is not in the database as it is
  ///   here
  public Map<MovedTable, Long> copyInto(Connection database) throws SQLException {
    requireSound();
    Map<MovedTable, Long> rows = new EnumMap<>(MovedTable.class);
    for (MovedTable table : MovedTable.values()) {
      rows.put(table, table.copy(connection, database, file));
    }
    try (Statement here = connection.createStatement();
        Statement there = database.createStatement()) {
      long last =
          SqliteTables.number(
              here,
              """
              SELECT max(coalesce((SELECT max(position) FROM head), 0),
                coalesce((SELECT max(position) FROM audit), 0))
              """);
      long next = (last / PostgresTables.POSITIONS + 1) * PostgresTables.POSITIONS;
      // unlike setval, it is undone by a rollback
      there.executeUpdate("ALTER SEQUENCE log_position RESTART WITH " + next);
      there.executeUpdate(
          "INSERT INTO touched (mark, names) VALUES (gen_random_uuid(), ARRAY['%s'])"
              .formatted(PostgresReads.EVERYTHING));
    }
    return rows;
  }

  /// Reads every state, so that a damaged store is refused before it is copied.
  private void requireSound() throws SQLException {
    Writing none = new WritingAtOnce(connection);
    SnapshotTable snapshots = new SnapshotTable(connection, none, file);
    WindowTable windows = new WindowTable(connection, none, file);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(StoredStates.ALL)) {
      new StoredStates(file, snapshots, windows, new NormalizerStates()).read(row, (_, _) -> {});
    }
    snapshots.requireNoOthers();
  }

  /// The name of the file in messages.
  public String file() {
    return file;
  }

  /// Lets others open the store again.
  @Override
  public void close() throws SQLException {
    try (lock) {
      connection.close();
      if (copy != null) {
        delete(copy);
      }
    } catch (IOException e) {
      throw new SQLException(file + " cannot be closed: " + e.getMessage(), e);
    }
  }

  private static void delete(Path directory) throws IOException {
    Path database = directory.resolve(StoreDirectory.DATABASE);
    Files.deleteIfExists(database);
    Files.deleteIfExists(logOf(database));
    Files.deleteIfExists(database.resolveSibling(database.getFileName() + "-shm"));
    Files.deleteIfExists(directory);
  }
}
