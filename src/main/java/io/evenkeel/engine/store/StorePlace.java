package io.evenkeel.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The place of the open files of a store, looked at before each reply.
///
/// The log is written all the time, and to ask for the attributes of a file that is written is
/// dear: the file system then notes the time of the next write, and the next fsync writes that
/// too. Whoever removes a file, moves it, or puts another one in its place changes the directory,
/// whose time of change nobody can set. So the directory is looked at, and the files only if
/// - the directory has changed within the last seconds: times of change may be so coarse that a
///   second change does not show,
/// - they were not looked at for half a second, because a file can be hidden by a mount without any
///   change of its directory, or
/// - the file system tells no time of change.
///
/// Belongs to one thread at a time.
final class StorePlace {
  private static final long COARSEST = Duration.ofSeconds(3).toNanos();
  private static final long LONGEST = Duration.ofMillis(500).toNanos();
  private static final String TIME_OF_CHANGE = "unix:ctime";

  private final Path directory;
  private final OpenFiles files;
  private final LongSupplier clock;
  private @Nullable Object changed;
  private long unchangedSince;
  private long looked;

  /// @param file of the database
  /// @param clock nanoseconds since any moment
  /// @throws LostStoreException if a file of the store is not there
  StorePlace(Path file, LongSupplier clock) throws LostStoreException {
    this.clock = clock;
    directory = file.resolveSibling("");
    files = OpenFiles.in(file);
    looked = clock.getAsLong();
    unchangedSince = looked;
  }

  /// The files that belong there.
  OpenFiles files() {
    return files;
  }

  /// Fails if other files are in the place now, or none.
  ///
  /// @throws LostStoreException if they are not the same
  void requireFiles() throws LostStoreException {
    long now = clock.getAsLong();
    Object seen = timeOfChange();
    if (seen == null || !seen.equals(changed)) {
      changed = seen;
      unchangedSince = now;
    }
    if (now - unchangedSince <= COARSEST || now - looked >= LONGEST) {
      files.requireInPlace();
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
}
