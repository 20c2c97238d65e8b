package io.evenkeel.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The two files of a store, as the file system tells files apart: by device and inode. SQLite goes
/// on writing to a file that was removed or moved away, and reports no error. So somebody looks for
/// them before each reply.
///
/// The log is written all the time, and to ask for the attributes of a file that is written is
/// dear: the file system then notes the exact time of the next write, and the next fsync writes
/// that too. Whoever removes a file, moves it, or puts another one in its place changes the
/// directory, whose time of change nobody can set. So the directory is looked at, and the files
/// only if
/// - the directory has changed within the last seconds: times of change may be so coarse that a
///   second change does not show,
/// - they were not looked at for half a second: a mount can hide a file, and the directory tells
///   nothing of it, or
/// - the file system tells no time of change.
///
/// Belongs to one thread at a time.
final class OpenFiles {
  private static final long COARSEST = Duration.ofSeconds(3).toNanos();
  private static final long LONGEST = Duration.ofMillis(500).toNanos();
  private static final String TIME_OF_CHANGE = "unix:ctime";

  private final Path file;
  private final Path directory;

  /// Null on a file system that has no such keys.
  private final @Nullable Object database;

  private final @Nullable Object log;
  private final LongSupplier clock;
  private @Nullable Object changed;
  private long unchangedSince;
  private long looked;

  /// The files that are in the place now.
  ///
  /// @param file of the database; the write-ahead log is beside it
  /// @param clock nanoseconds since any moment
  /// @throws LostStoreException if one of them is not there
  OpenFiles(Path file, LongSupplier clock) throws LostStoreException {
    this.file = file;
    this.clock = clock;
    directory = file.resolveSibling("");
    database = present(file);
    log = present(logOf(file));
    looked = clock.getAsLong();
    unchangedSince = looked;
  }

  private static Path logOf(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /// Fails if other files are in the place now, or none.
  ///
  /// @throws LostStoreException if they are not the same
  void requireInPlace() throws LostStoreException {
    long now = clock.getAsLong();
    Object seen = timeOfChange();
    if (seen == null || !seen.equals(changed)) {
      changed = seen;
      unchangedSince = now;
    }
    if (now - unchangedSince <= COARSEST || now - looked >= LONGEST) {
      require(file, database);
      require(logOf(file), log);
      looked = now;
    }
  }

  private @Nullable Object timeOfChange() {
    try {
      return Files.getAttribute(directory, TIME_OF_CHANGE);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      return null;
    }
  }

  private static void require(Path file, @Nullable Object key) throws LostStoreException {
    Object now = present(file);
    if (now != null && !now.equals(key)) {
      throw LostStoreException.replaced(file);
    }
  }

  /// Fails if SQLite must not open the files that are in the place now. SQLite would begin a new
  /// store if there is none, and would apply the log of one file to another.
  ///
  /// @throws LostStoreException if so
  void requireReopenable() throws LostStoreException {
    Object now = present(file);
    if (now != null && !now.equals(database) && key(logOf(file)).equals(Optional.ofNullable(log))) {
      throw LostStoreException.replaced(file);
    }
  }

  private static @Nullable Object present(Path file) throws LostStoreException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      throw LostStoreException.gone(file, e);
    }
  }

  /// The key that identifies a file, if the file exists.
  static Optional<Object> key(Path file) {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
