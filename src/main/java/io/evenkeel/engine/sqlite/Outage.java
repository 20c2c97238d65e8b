package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.store.LostStoreException;
import io.evenkeel.engine.store.UnusableStoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the operator about the time in which the storage takes no writes. It logs one line at the
/// beginning, which says what to do, one line at the end, and between them one line whenever
/// something else must be done. Each attempt is logged at debug level.
///
/// Written by one thread, read by any.
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  /// SQLite's primary result codes, <https://www.sqlite.org/rescode.html>.
  private static final int READ_ONLY = 8;

  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANNOT_OPEN = 14;
  private static final int NOT_A_DATABASE = 26;

  private final TablesSource source;
  private final Set<String> told = new HashSet<>();
  private volatile long since;
  private volatile boolean going;

  Outage(TablesSource source) {
    this.source = source;
  }

  /// The storage has failed.
  void failed(Throwable cause) {
    String remedy = remedy(cause);
    if (!going) {
      since = System.nanoTime();
      going = true;
      told.add(remedy);
      LOG.error(
          "{} takes no writes: {}. Training is refused with 503 until it does; inference goes on."
              + " {}",
          source,
          cause.getMessage(),
          remedy,
          trace(cause));
    } else if (told.add(remedy)) {
      LOG.error("{} still takes no writes: {}. {}", source, cause.getMessage(), remedy);
    } else {
      LOG.debug("{} still takes no writes", source, cause);
    }
  }

  /// The storage has taken a write.
  ///
  /// @param normalizers how many there are
  void over(long normalizers) {
    LOG.info(
        "{} takes writes again after {} s, with {} normalizers; nothing needs to be done",
        source,
        String.format(Locale.ROOT, "%.1f", seconds()),
        normalizers);
    going = false;
    told.clear();
  }

  /// For how many seconds the storage has taken no writes; 0 while it takes them.
  double seconds() {
    return going ? Duration.ofNanos(System.nanoTime() - since).toMillis() / 1e3 : 0;
  }

  /// The stack trace, except for a lost file: there it tells the operator nothing.
  private static @Nullable Throwable trace(Throwable cause) {
    return cause instanceof LostStoreException ? null : cause;
  }

  private static String remedy(Throwable cause) {
    return switch (code(cause)) {
      case FULL -> "Make room on its disk; no restart is needed.";
      case READ_ONLY, CANNOT_OPEN ->
          "Make the directory writable for this user, or mount it again; no restart is needed.";
      case CORRUPT, NOT_A_DATABASE ->
          "Stop the service, and restore the directory from a backup or move it away.";
      default ->
          switch (cause) {
            case LostStoreException lost -> lost.remedy();
            case UnusableStoreException unusable -> "Stop the service. " + unusable.remedy();
            default ->
                "See to its disk or mount, of which the system's log may tell more; no restart is"
                    + " needed.";
          };
    };
  }

  private static int code(@Nullable Throwable cause) {
    return cause instanceof SQLException failure ? failure.getErrorCode() & 0xff : 0;
  }
}
