package io.evenkeel.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The database file while nobody changes it. It holds all commits made before. SQLite changes the
/// file in checkpoints alone, and there is none until [#release]. Commits go on meanwhile, into the
/// log.
///
/// Any thread may copy and release it.
public final class HeldFile {
  private final FileChannel file;
  private volatile boolean released;
  private volatile boolean lost;

  /// @param file a channel that its owner closes
  HeldFile(FileChannel file) {
    this.file = file;
  }

  /// The size of the file in bytes.
  ///
  /// @throws IOException if it cannot be read
  public long size() throws IOException {
    return file.size();
  }

  /// Copies it into a new file, with no log beside it.
  ///
  /// @throws IOException if that fails, or if the store was closed meanwhile
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

  /// Allows changes again.
  public void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }

  /// The file may change from now on.
  void lose() {
    lost = true;
  }
}
