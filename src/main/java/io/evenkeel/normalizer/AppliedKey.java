package io.evenkeel.normalizer;

import java.time.Duration;
import java.time.Instant;

/// An idempotency key that was applied to a normalizer.
///
/// @param ordinal 1 for the normalizer's first key, one more with each key
/// @param version the version that the request made
/// @param at when the request was applied
public record AppliedKey(IdempotencyKey key, long ordinal, long version, Instant at) {
  /// How many of a normalizer's latest keys are kept.
  public static final int KEPT = 100_000;

  /// For how long a key is kept.
  public static final Duration KEPT_FOR = Duration.ofHours(24);

  /// Whether the key still counts. Only the ordinal and the log's time decide, so a store may drop
  /// keys whenever it likes.
  public boolean isRemembered(long lastOrdinal, Instant now) {
    return ordinal > lastOrdinal - KEPT && at.plus(KEPT_FOR).isAfter(now);
  }
}
