package io.evenkeel.engine.bytes;

import java.time.Duration;
import java.time.Instant;

/// A point in time as nanoseconds since 1970-01-01T00:00:00Z in one long: exact, from the year 1677
/// to the year 2262.
public final class Nanoseconds {
  private static final long PER_SECOND = 1_000_000_000;

  private Nanoseconds() {}

  public static long of(Instant at) {
    return Duration.between(Instant.EPOCH, at).toNanos();
  }

  public static Instant instant(long nanoseconds) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanoseconds, PER_SECOND), Math.floorMod(nanoseconds, PER_SECOND));
  }
}
