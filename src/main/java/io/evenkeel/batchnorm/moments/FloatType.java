package io.evenkeel.batchnorm.moments;

/// The IEEE 754 type of the numbers that the service answers. The arithmetic is always in binary64.
public enum FloatType {
  /// binary64.
  FLOAT64,
  /// binary32.
  FLOAT32,
  /// binary16.
  FLOAT16;

  /// Halfway between the largest binary16, 65504, and what would be the next: it rounds to ∞.
  private static final double FLOAT16_LIMIT = 65520;

  /// Whether a number, rounded to this type, is finite.
  public boolean isFinite(double x) {
    return switch (this) {
      case FLOAT64 -> Double.isFinite(x);
      case FLOAT32 -> Float.isFinite((float) x);
      case FLOAT16 -> Math.abs(x) < FLOAT16_LIMIT;
    };
  }
}
