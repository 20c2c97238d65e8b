package io.evenkeel.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The two files of a store, as the file system tells files apart: by device and inode. SQLite goes
/// on writing to a file that was removed or moved away, and reports no error.
///
/// @param database of `evenkeel.db`; null on a file system that has no such keys
/// @param log of the write-ahead log beside it
record OpenFiles(Path file, @Nullable Object database, @Nullable Object log) {

  /// The files that are in a place now.
  ///
  /// @throws LostStoreException where one of them is not there
  static OpenFiles in(Path file) throws LostStoreException {
    return new OpenFiles(file, present(file), present(logOf(file)));
  }

  private static Path logOf(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /// Fails unless the same files are still in the place.
  ///
  /// @throws LostStoreException if not
  void requireInPlace() throws LostStoreException {
    require(file, database);
    require(logOf(file), log);
  }

  private static void require(Path file, @Nullable Object key) throws LostStoreException {
    Object now = present(file);
    if (now != null && !now.equals(key)) {
      throw LostStoreException.replaced(file);
    }
  }

  /// Fails where SQLite must not open what is in the place now: it begins a new store where there
  /// is none, and applies the log of one file to another.
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

  /// What tells a file from all others, if it is there.
  static Optional<Object> key(Path file) {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
