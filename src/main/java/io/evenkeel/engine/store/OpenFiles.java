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

  /// The files that are in the place now.
  ///
  /// @throws LostStoreException if one of them is not there
  static OpenFiles in(Path file) throws LostStoreException {
    return new OpenFiles(file, present(file), present(logOf(file)));
  }

  private static Path logOf(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /// Fails if other files are in the place now, or none.
  ///
  /// @throws LostStoreException if they are not the same
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
