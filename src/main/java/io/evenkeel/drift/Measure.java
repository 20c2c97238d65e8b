package io.evenkeel.drift;

/// What is compared of a feature.
public enum Measure {
  /// The mean, in reference deviations.
  MEAN,
  /// The variance, as a ratio to the reference variance.
  VARIANCE,
  /// The mean absolute deviation from the reference mean, in reference deviations.
  ABSOLUTE_DEVIATION,
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
    return isLearned() && this != ABSOLUTE_DEVIATION;
  }

  /// Whether it is compared with the first rows at inference, since training statistics lack it.
  public boolean isLearned() {
    return this != MEAN && this != VARIANCE;
  }
}
