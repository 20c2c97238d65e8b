package io.evenkeel.drift;

/// What is compared of a feature.
public enum Measure {
  /// The mean, in reference deviations.
  MEAN,
  /// The variance, as a ratio to the reference variance.
  VARIANCE,
  /// The share of rows without a value.
  MISSING,
  /// The share of values at or beyond an end of the declared range, for a feature that clips to it.
  OUT_OF_RANGE,
  /// The share of values whose normalised value is clipped.
  CLIPPED,
  /// The share of values that are exactly 0.
  ZERO;

  /// Whether it is the share of something, 0 to 1.
  public boolean isRate() {
    return this != MEAN && this != VARIANCE;
  }
}
