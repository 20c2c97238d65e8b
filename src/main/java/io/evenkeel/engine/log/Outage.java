package io.evenkeel.engine.log;

import io.evenkeel.engine.store.UnusableStoreException;
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
public final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final StoreSource<?> source;
  private final Set<String> told = new HashSet<>();
  private volatile long since;
  private volatile boolean going;

  /// Of the storage that this source opens.
  public Outage(StoreSource<?> source) {
    this.source = source;
  }

  /// The storage has failed.
  public void failed(Throwable cause) {
    String remedy = source.remedy(cause);
    if (!going) {
      since = System.nanoTime();
      going = true;
      told.add(remedy);
      LOG.error(
          "{} takes no writes: {}. Training is refused with 503 until it does; inference goes on."
              + " {}",
          source,
          UnusableStoreException.reason(cause),
          remedy,
          trace(cause));
    } else if (told.add(remedy)) {
      LOG.error(
          "{} still takes no writes: {}. {}", source, UnusableStoreException.reason(cause), remedy);
    } else {
      LOG.debug("{} still takes no writes", source, cause);
    }
  }

  /// The storage has taken a write.
  ///
  /// @param normalizers how many there are
  public void over(long normalizers) {
    LOG.info(
        "{} takes writes again after {} s, with {} normalizers; nothing needs to be done",
        source,
        String.format(Locale.ROOT, "%.1f", seconds()),
        normalizers);
    going = false;
    told.clear();
  }

  /// For how many seconds the storage has taken no writes; 0 while it takes them.
  public double seconds() {
    return going ? Duration.ofNanos(System.nanoTime() - since).toMillis() / 1e3 : 0;
  }

  private @Nullable Throwable trace(Throwable cause) {
    return source.isTraced(cause) ? cause : null;
  }
}
