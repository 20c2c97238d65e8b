package io.evenkeel.engine.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The open store is not in its place any more. The service goes on once it is back.
public final class LostStoreException extends SQLException {
  private static final String PUT_IT_BACK =
      "Put the store back where it was, or mount it again; no restart is needed. (A restart begins"
          + " with what is there then.)";

  private final String remedy;

  private LostStoreException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, cause);
    this.remedy = remedy;
  }

  static LostStoreException gone(Path file, Throwable cause) {
    return new LostStoreException(
        "%s is gone: it was removed, moved, or its disk is not mounted".formatted(file),
        PUT_IT_BACK,
        cause);
  }

  static LostStoreException replaced(Path file) {
    return new LostStoreException(
        "%s is another file than the one that is open".formatted(file), PUT_IT_BACK, null);
  }

  static LostStoreException taken(Path lockFile) {
    return new LostStoreException(
        "%s is held by another running Evenkeel".formatted(lockFile), PUT_IT_BACK, null);
  }

  static LostStoreException behind(String file) {
    return new LostStoreException(
        "%s holds less than this service has acknowledged".formatted(file),
        "Put back the store that was open; or start the service again to go on with this one.",
        null);
  }

  /// What the operator can do, as a sentence.
  public String remedy() {
    return remedy;
  }
}
