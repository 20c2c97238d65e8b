package io.evenkeel.batchnorm.lanes;

/// Error-free transformations on two doubles, after Knuth and Dekker.
///
/// A stored mean is an unevaluated sum `hi + lo` with |lo| ≤ ulp(hi)/2: with one double the
/// variance of values of mean 1e9 and deviation 1 would be off by 7e-10 after some merges.
public final class DoubleDouble {
  private DoubleDouble() {}

  /// The rounding error of `sum = a + b`: exactly `a + b − sum` (TwoSum, Knuth).
  public static double sumError(double a, double b, double sum) {
    double bPart = sum - a;
    return (a - (sum - bPart)) + (b - bPart);
  }

  /// (aHi + aLo) − (bHi + bLo), rounded once: the difference of the leading parts is error-free.
  public static double difference(double aHi, double aLo, double bHi, double bLo) {
    double high = aHi - bHi;
    return high + (sumError(aHi, -bHi, high) + (aLo - bLo));
  }
}
