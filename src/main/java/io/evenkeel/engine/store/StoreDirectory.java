package io.evenkeel.engine.store;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The directory of a store, owned by one process. The process holds the lock file `evenkeel.lock`
/// from [#claim] to [#close], and SQLite's exclusive lock on `evenkeel.db` while it is connected.
///
/// Once a store was open here, [#connect] opens the same store again or fails: it never begins a
/// new one, and never takes a store from another process. Belongs to one thread at a time.
public final class StoreDirectory implements AutoCloseable {
  /// In place of a directory: a store that is gone when it is closed.
  public static final String IN_MEMORY = ":memory:";

  /// The number of pages in the log after which SQLite copies them into the file.
  static final int CHECKPOINT_PAGES = 16384;

  private static final String[] SETTINGS = {
    // Before anything else touches the file: no other process, hence no shared-memory file.
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    // A commit returns after fsync of the write-ahead log.
    "PRAGMA synchronous = FULL",
    // In pages of 4 kB: the log is copied into the file and begun anew at 64 MB. The longer it is,
    // the more often a page changes before it has to be copied.
    "PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES,
    // In bytes: to what a log that one large transaction has made longer is cut back.
    "PRAGMA journal_size_limit = 134217728",
    // In kB: the pages in which the latest keys lie should be in it.
    "PRAGMA cache_size = -65536",
    // Whatever an earlier connection has left in the log goes into the file now, by an fsync of its
    // own, and the log begins anew: behind frames whose fsync has failed nothing is ever durable.
    "PRAGMA wal_checkpoint(TRUNCATE)",
  };

  static final String LOCK = "evenkeel.lock";
  static final String DATABASE = "evenkeel.db";
  private static final String BACKUP = "evenkeel.backup";

  /// The room that must be left on the disk beside a copy of the store, in bytes: the log may grow
  /// that large.
  private static final long RESERVE = 64L << 20;

  private final String file;
  private @Nullable Lock lock;
  private @Nullable OpenFiles files;

  /// The lock file, held.
  ///
  /// @param key identifies it among files of this name
  private record Lock(FileChannel channel, Optional<Object> key) {}

  private StoreDirectory(String file, @Nullable Lock lock) {
    this.file = file;
    this.lock = lock;
  }

  /// Makes the directory if it is missing, and locks it.
  ///
  /// @param directory or [#IN_MEMORY]
  /// @throws UnusableStoreException if it belongs to another process or takes no writes
  public static StoreDirectory claim(String directory) {
    if (directory.equals(IN_MEMORY)) {
      return new StoreDirectory(IN_MEMORY, null);
    }
    Path path = Path.of(directory);
    try {
      create(path.toAbsolutePath());
      Lock held = lock(path);
      Files.deleteIfExists(path.resolve(BACKUP));
      return new StoreDirectory(path.resolve(DATABASE).toString(), held);
    } catch (IOException e) {
      throw new UnusableStoreException(
          "The store's directory %s cannot be used: %s.".formatted(path.toAbsolutePath(), e),
          "Make it writable for this user, or name another directory.",
          e);
    }
  }

  /// Syncs the names of new directories, which a power cut could take away otherwise. SQLite syncs
  /// the names of its own files.
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

  private static Lock lock(Path directory) throws IOException {
    return tryLock(directory.resolve(LOCK))
        .orElseThrow(() ->
            new UnusableStoreException(
                "The store's directory %s belongs to another running Evenkeel."
                    .formatted(directory.toAbsolutePath()),
                "Stop that one, or name another directory: two services cannot share one.",
                null));
  }

  private static Optional<Lock> tryLock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(new Lock(channel, OpenFiles.key(file)));
      }
    } catch (OverlappingFileLockException _) {
      // This very process holds it: the same answer.
    }
    channel.close();
    return Optional.empty();
  }

  /// The name of the file in messages.
  public String file() {
    return file;
  }

  /// The place of a copy of the store while it is sent. The next process deletes a copy that was
  /// left there.
  public Path backup() {
    return isLasting()
        ? Path.of(file).resolveSibling(BACKUP)
        : Path.of(
            System.getProperty("java.io.tmpdir"), BACKUP + "-" + ProcessHandle.current().pid());
  }

  /// Fails if a copy would not leave room for the store to go on.
  ///
  /// @param size of the copy, in bytes
  /// @throws IOException if not
  public void requireRoom(long size) throws IOException {
    Path place = Objects.requireNonNull(backup().toAbsolutePath().getParent());
    long usable = Files.getFileStore(place).getUsableSpace();
    if (usable - size < RESERVE) {
      throw new IOException(
          "a copy has %d bytes, and of the %d that are free %d must be left"
              .formatted(size, usable, RESERVE));
    }
  }

  /// Whether the contents are still there when the store is opened again.
  public boolean isLasting() {
    return lock != null;
  }

  /// A new connection that does not commit by itself.
  ///
  /// @throws LostStoreException if the store that was open here before is not here now
  public Connection connect() throws SQLException {
    if (files != null) {
      files.requireReopenable();
      requireLock(Path.of(file).resolveSibling(LOCK));
    }
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

  /// A process that closes a file loses all of its locks on it. So the lock file is opened only if
  /// it is another file than the one that is locked already.
  private void requireLock(Path lockFile) throws LostStoreException {
    try {
      Lock held = Objects.requireNonNull(lock);
      if (!OpenFiles.key(lockFile).equals(held.key())) {
        lock = tryLock(lockFile).orElseThrow(() -> LostStoreException.taken(lockFile));
        held.channel().close();
      }
    } catch (IOException e) {
      throw LostStoreException.gone(lockFile, e);
    }
  }

  /// Remembers the files that a new connection has opened and written to.
  ///
  /// @throws LostStoreException if they are gone already
  public void opened() throws LostStoreException {
    if (isLasting()) {
      files = new OpenFiles(Path.of(file), System::nanoTime);
    }
  }

  /// Fails if the open files are not in their place.
  ///
  /// @throws LostStoreException if not
  public void requireInPlace() throws LostStoreException {
    if (files != null) {
      files.requireInPlace();
    }
  }

  @Override
  public void close() {
    if (lock != null) {
      try {
        lock.channel().close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
