package io.evenkeel.batchnorm.moments;

/// The IEEE 754 type of the numbers that the service answers. The arithmetic is always in binary64.
public enum FloatType {
  /// binary64.
  FLOAT64,
  /// binary32.
  FLOAT32;

  /// Whether a number, rounded to this type, is finite.
  public boolean isFinite(double x) {
    return this == FLOAT32 ? Float.isFinite((float) x) : Double.isFinite(x);
  }
}
