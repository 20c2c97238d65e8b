package io.evenkeel.normalizer;

import java.time.Duration;
import java.time.Instant;

/// A key that has been applied to a normalizer.
///
/// @param ordinal the how-manieth key of this normalizer, from 1
/// @param version the version that the request made
/// @param at when
public record AppliedKey(IdempotencyKey key, long ordinal, long version, Instant at) {
  /// How many of a normalizer's latest keys are kept.
  public static final int KEPT = 100_000;

  /// For how long.
  public static final Duration KEPT_FOR = Duration.ofHours(24);

  /// Whether the key still counts: decided by ordinal and time of the log alone, so that it does
  /// not matter when a store really drops it.
  public boolean isRemembered(long lastOrdinal, Instant now) {
    return ordinal > lastOrdinal - KEPT && at.plus(KEPT_FOR).isAfter(now);
  }
}
