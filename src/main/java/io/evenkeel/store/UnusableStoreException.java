package io.evenkeel.store;

/// The store cannot be used as it is, and waiting will not help: it belongs to another process, was
/// written by a newer version, or is damaged. The message names the file and says what to do.
public final class UnusableStoreException extends IllegalStateException {
  UnusableStoreException(String message, Throwable cause) {
    super(message, cause);
  }

  UnusableStoreException(String message) {
    super(message);
  }

  /// For a file that SQLite itself does not open or read.
  public static UnusableStoreException notOpened(String file, Throwable cause) {
    return new UnusableStoreException(
        file
            + " cannot be used: "
            + cause.getMessage()
            + ". If another program has it open, close that one; if the file is damaged, restore"
            + " the directory from a backup, or move it away to begin with no normalizers.",
        cause);
  }

  static UnusableStoreException damaged(String file, String where, Throwable cause) {
    return new UnusableStoreException(
        file
            + " is damaged: "
            + where
            + ": "
            + cause.getMessage()
            + ". Nothing of it was changed or skipped. Stop the service, then restore the directory"
            + " from a backup; or move it away to begin with no normalizers.",
        cause);
  }
}
