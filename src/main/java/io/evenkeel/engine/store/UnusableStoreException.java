package io.evenkeel.engine.store;

import org.jspecify.annotations.Nullable;

/// The store cannot be used, and waiting does not help: it belongs to another process, was written
/// by a newer version, or is damaged.
public final class UnusableStoreException extends IllegalStateException {
  private final String problem;
  private final String remedy;

  /// @param problem what is wrong with which file: a sentence
  /// @param remedy what the operator can do: a sentence
  UnusableStoreException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem + " " + remedy, cause);
    this.problem = problem;
    this.remedy = remedy;
  }

  /// The message of a failure, to stand within a sentence: without a full stop of its own.
  public static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message.strip().replaceFirst("\\.+$", "");
  }

  /// For a database whose server or tables do not fit.
  ///
  /// @param problem what is wrong with it: a sentence
  /// @param remedy what the operator can do: a sentence
  public static UnusableStoreException unfit(String problem, String remedy) {
    return new UnusableStoreException(problem, remedy, null);
  }

  /// For a file that SQLite itself does not open or read.
  public static UnusableStoreException notOpened(String file, Throwable cause) {
    return new UnusableStoreException(
        "%s cannot be used: %s.".formatted(file, reason(cause)),
        "If another program has it open, close that one. If it is damaged, restore the directory"
            + " from a backup, or move it away to begin with no normalizers.",
        cause);
  }

  static UnusableStoreException damaged(String file, String where, Throwable cause) {
    return new UnusableStoreException(
        "%s is damaged: %s: %s. Nothing of it was changed or skipped."
            .formatted(file, where, reason(cause)),
        "Restore the directory from a backup, or move it away to begin with no normalizers.",
        cause);
  }

  /// What is wrong with which file: a sentence.
  public String problem() {
    return problem;
  }

  /// What the operator can do: a sentence.
  public String remedy() {
    return remedy;
  }
}
