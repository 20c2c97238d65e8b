package io.evenkeel.engine.store;

import java.nio.channels.FileChannel;

/// Files that are held without a database.
public final class HeldFiles {
  private HeldFiles() {}

  /// A file that its owner closes.
  public static HeldFile of(FileChannel file) {
    return new HeldFile(file);
  }
}
