package io.evenkeel.drift.significance;

/// How much of the probability of a false alarm each look at data may spend, if one looks again and
/// again, so that the looks of any day spend at most α together.
///
/// | looks                                            | what the i-th spends, i = 0, 1, …       |
/// |--------------------------------------------------|-----------------------------------------|
/// | the first ones, when nothing is known yet        | α/2 · 100 / ((i + 100)(i + 101))        |
/// | all, by the time e since the look before         | α/2 · min(e, 1 h) / 25 h                |
///
/// The first sum telescopes to α/2, however many looks there are. In the second one the times of a
/// day's looks add up to 24 hours and the hour that may lie before the first of them. So α holds by
/// the union bound, whenever and however often one looks: nobody needs to know how many looks a day
/// will have (spending functions: Lan and DeMets 1983, <https://doi.org/10.2307/2336502>).
///
/// Not safe for threads.
public final class ErrorSpending {
  private static final double FIRST_LOOKS = 100;
  private static final double HOUR = 3_600_000;
  private static final double HOURS = 25;

  private final double alpha;
  private long looks;
  private long last;

  /// @param alpha what the looks of a day spend at most
  /// @param now in milliseconds
  public ErrorSpending(double alpha, long now) {
    this.alpha = alpha;
    last = now;
  }

  /// What the look that is made now may spend.
  ///
  /// @param now in milliseconds; a clock that was set back goes on from there
  public double next(long now) {
    double elapsed = Math.clamp((double) (now - last), 0, HOUR);
    last = now;
    double i = looks++ + FIRST_LOOKS;
    return alpha / 2 * (FIRST_LOOKS / (i * (i + 1)) + elapsed / (HOURS * HOUR));
  }
}
