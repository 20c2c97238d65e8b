package io.evenkeel.engine.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The store cannot be used, and waiting does not help: it belongs to another process, was written
/// by a newer version, is damaged, or its disk takes no writes.
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
  public static UnusableStoreException notOpened(String file, SQLException cause) {
    return new UnusableStoreException(
        "%s cannot be used: %s.".formatted(file, reason(cause)), remedyFor(cause), cause);
  }

  /// Nobody is told to move a store away whose disk alone is at fault: its statistics would be
  /// gone. The numbers are the primary result codes of SQLite:
  /// <https://www.sqlite.org/rescode.html>.
  private static String remedyFor(SQLException cause) {
    return switch (cause.getErrorCode()) {
      case 13 -> // SQLITE_FULL
          "Give its disk room and start again: nothing in the store is lost.";
      case 3, 8, 10, 14 -> // SQLITE_PERM, _READONLY, _IOERR, _CANTOPEN
          "Let this user write this file and those beside it, see that their disk works, and start"
              + " again.";
      default ->
          "If another program has it open, close that one. If it is damaged, restore the directory"
              + " from a backup, or move it away to begin with no normalizers.";
    };
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
