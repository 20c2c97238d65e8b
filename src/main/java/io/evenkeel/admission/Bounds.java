package io.evenkeel.admission;

import org.jspecify.annotations.Nullable;

/// Ranges that narrow the declared ranges for one batch, as they were received. Their lengths need
/// not be D. NaN stands for a feature without a bound, a null array for no bounds at all.
public final class Bounds {
  /// No bounds.
  public static final Bounds NONE = new Bounds(null, null);

  private final double @Nullable [] min;
  private final double @Nullable [] max;

  /// Takes the arrays over.
  public Bounds(double @Nullable [] min, double @Nullable [] max) {
    this.min = min;
    this.max = max;
  }

  double @Nullable [] min() {
    return min;
  }

  double @Nullable [] max() {
    return max;
  }

  /// Whether nothing is bounded.
  boolean isNone() {
    return min == null && max == null;
  }
}
