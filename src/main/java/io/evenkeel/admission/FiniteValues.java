package io.evenkeel.admission;

/// Tells whether values are finite, without a branch for each.
public final class FiniteValues {
  private FiniteValues() {}

  /// Whether all of a part of an array are finite: none infinite, none missing.
  ///
  /// 0 times a finite value is 0; 0 times ∞ or NaN is NaN, which stays in the sum. Four sums need
  /// not wait for each other.
  public static boolean all(double[] values, int from, int to) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = from;
    for (; i <= to - 8; i += 8) {
      first += values[i] * 0 + values[i + 1] * 0;
      second += values[i + 2] * 0 + values[i + 3] * 0;
      third += values[i + 4] * 0 + values[i + 5] * 0;
      fourth += values[i + 6] * 0 + values[i + 7] * 0;
    }
    double sum = (first + second) + (third + fourth);
    for (; i < to; i++) {
      sum += values[i] * 0;
    }
    return !Double.isNaN(sum);
  }
}
