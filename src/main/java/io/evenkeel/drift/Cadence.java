package io.evenkeel.drift;

/// Says when a group of batches may end: at once for the first 1,000 groups, and on the long run
/// once in ten seconds. So there are at most 9,640 groups in 24 hours, however fast batches come.
///
/// A bucket of 1,000 tokens that gets one each ten seconds. Not safe for threads.
final class Cadence {
  private static final int BURST = 1_000;
  private static final long MILLIS = 10_000;

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
