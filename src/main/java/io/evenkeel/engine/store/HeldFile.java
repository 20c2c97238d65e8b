package io.evenkeel.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The database file while it holds all that was committed before, and is not written to: SQLite
/// changes it in checkpoints alone, and these are put off until [#release]. Commits go on
/// meanwhile, into the log.
///
/// Any thread may copy and release it.
public final class HeldFile {
  private final FileChannel file;
  private volatile boolean released;
  private volatile boolean lost;

  /// @param file which its owner closes
  HeldFile(FileChannel file) {
    this.file = file;
  }

  /// How many bytes it has.
  ///
  /// @throws IOException where it cannot be read
  public long size() throws IOException {
    return file.size();
  }

  /// Copies it into a new file, with no log beside it.
  ///
  /// @throws IOException where that fails, or where the store was closed meanwhile
  public void copyTo(Path copy) throws IOException {
    try (FileChannel to =
        FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long size = file.size();
      for (long at = 0; at < size; ) {
        at += file.transferTo(at, size - at, to);
      }
    }
    if (lost) {
      throw new IOException("the store was closed while it was copied");
    }
  }

  /// Says that it may be written to again.
  public void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }

  /// It is written to from now on, or may be.
  void lose() {
    lost = true;
  }
}
