package io.evenkeel.drift;

/// Says when a group of batches may end: at once for the first 1,000 groups, and on the long run
/// once in ten seconds. So there are at most [#A_DAY] groups in 24 hours, and as many chances of a
/// false alarm.
///
/// A bucket of 1,000 tokens that gets one each ten seconds. Not safe for threads.
final class Cadence {
  private static final int BURST = 1_000;
  private static final long MILLIS = 10_000;

  /// The most groups in any 24 hours.
  static final int A_DAY = BURST + (int) (24 * 3_600_000 / MILLIS);

  private double tokens = BURST;
  private long last;

  /// @param now in milliseconds
  Cadence(long now) {
    last = now;
  }

  /// Takes a token if there is one.
  ///
  /// @param now in milliseconds; a clock that was set back goes on from there
  boolean allows(long now) {
    tokens = Math.min(BURST, tokens + Math.max(0, now - last) / (double) MILLIS);
    last = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
