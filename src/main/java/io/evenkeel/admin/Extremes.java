package io.evenkeel.admin;

import org.jspecify.annotations.Nullable;

/// Minima or maxima of a document: null in it stands for one that is not known.
final class Extremes {
  private Extremes() {}

  /// NaN for null.
  static double @Nullable [] unboxed(@Nullable Double @Nullable [] extremes) {
    if (extremes == null) {
      return null;
    }
    double[] values = new double[extremes.length];
    for (int j = 0; j < values.length; j++) {
      Double extreme = extremes[j];
      values[j] = extreme == null ? Double.NaN : extreme;
    }
    return values;
  }
}
