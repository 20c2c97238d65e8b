package io.evenkeel.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The directory a store lives in, owned by one process: it holds the lock file `evenkeel.lock`
/// from [#claim] to [#close], and SQLite's own exclusive lock on `evenkeel.db` while connected.
public final class StoreDirectory implements AutoCloseable {
  /// Instead of a directory: a store that is gone when it is closed.
  public static final String IN_MEMORY = ":memory:";

  private static final String[] SETTINGS = {
    // Before anything else touches the file: no other process, hence no shared-memory file.
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    // A commit returns after fsync of the write-ahead log.
    "PRAGMA synchronous = FULL",
    // In pages of 4 kB: the log is copied into the file and begun anew at 64 MB. The longer it is,
    // the more often a page changes before it has to be copied.
    "PRAGMA wal_autocheckpoint = 16384",
    // In bytes: to what a log that one large transaction has made longer is cut back.
    "PRAGMA journal_size_limit = 134217728",
    // In kB: the pages in which the latest keys lie should be in it.
    "PRAGMA cache_size = -65536",
    // Whatever an earlier connection has left in the log goes into the file now, by an fsync of its
    // own, and the log begins anew: behind frames whose fsync has failed nothing is ever durable.
    "PRAGMA wal_checkpoint(TRUNCATE)",
  };

  private final String file;
  private final @Nullable FileChannel lock;

  private StoreDirectory(String file, @Nullable FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /// Makes the directory where it is missing and becomes its owner.
  ///
  /// @param directory or [#IN_MEMORY]
  /// @throws UnusableStoreException where it belongs to another process or cannot be written to
  public static StoreDirectory claim(String directory) {
    if (directory.equals(IN_MEMORY)) {
      return new StoreDirectory(IN_MEMORY, null);
    }
    Path path = Path.of(directory);
    try {
      create(path.toAbsolutePath());
      return new StoreDirectory(path.resolve("evenkeel.db").toString(), lock(path));
    } catch (IOException e) {
      throw new UnusableStoreException(
          "The store's directory %s cannot be used: %s.".formatted(path.toAbsolutePath(), e),
          "Make it writable for this user, or name another directory.",
          e);
    }
  }

  /// SQLite syncs the directory when it makes its files; the names of new directories are synced
  /// here, else a power cut could take the whole of them away.
  private static void create(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path each = directory; each != null && Files.notExists(each); each = each.getParent()) {
      missing.push(each);
    }
    Files.createDirectories(directory);
    for (Path made : missing) {
      if (made.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        try (FileChannel parent = FileChannel.open(Objects.requireNonNull(made.getParent()))) {
          parent.force(true);
        }
      }
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("evenkeel.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // This very process holds it: the same answer.
    }
    channel.close();
    throw new UnusableStoreException(
        "The store's directory %s belongs to another running Evenkeel."
            .formatted(directory.toAbsolutePath()),
        "Stop that one, or name another directory: two services cannot share one.",
        null);
  }

  /// The file, as messages name it.
  public String file() {
    return file;
  }

  /// A new connection that does not commit by itself.
  public Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      for (String setting : SETTINGS) {
        statement.execute(setting);
      }
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
