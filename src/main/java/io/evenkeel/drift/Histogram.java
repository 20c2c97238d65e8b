package io.evenkeel.drift;

import java.util.OptionalDouble;

/// Two histograms of the standardised value for each feature: the reference, from the first rows,
/// and the live one, which forgets as [GroupSeries] does.
///
/// 16 bins of half a deviation each, from −4 to 4; the outermost ones are open. Missing values are
/// in no bin. `float` counts are exact up to 16,777,216 rows.
///
/// Not safe for threads.
final class Histogram {
  /// The number of bins.
  static final int BINS = 16;

  /// The cell of a missing value.
  static final byte MISSING = -1;

  private static final int A_DEVIATION = 2;
  private static final double END = (double) BINS / (2 * A_DEVIATION);
  private static final double IN_LAST = BINS - 0.5;
  private static final float KEPT = 1 - 1f / GroupSeries.MEMORY;

  private final int features;
  private final float[] reference;
  private final float[] live;
  private double weight;
  private double squares;

  Histogram(int features) {
    this.features = features;
    reference = new float[features * BINS];
    live = new float[features * BINS];
  }

  /// Puts the cells of standardised values into a part of an array: bins from 0 to 15, or
  /// [#MISSING] for NaN. Overwrites the values.
  static void cells(double[] z, int count, boolean hasMissing, byte[] cells, int from) {
    for (int i = 0; i < count; i++) {
      z[i] = Math.min(IN_LAST, A_DEVIATION * (Math.max(z[i], -END) + END));
    }
    for (int i = 0; i < count; i++) {
      cells[from + i] = (byte) (int) z[i];
    }
    for (int i = 0; hasMissing && i < count; i++) {
      if (Double.isNaN(z[i])) {
        cells[from + i] = MISSING;
      }
    }
  }

  /// Counts rows of cells `[rows × D]` in the reference or in the live histogram.
  void add(byte[] cells, boolean asReference) {
    float[] counts = asReference ? reference : live;
    for (int at = 0; at < cells.length; at += features) {
      for (int j = 0; j < features; j++) {
        int cell = cells[at + j];
        if (cell >= 0) {
          counts[j * BINS + cell]++;
        }
      }
    }
    if (!asReference) {
      double rows = (double) cells.length / features;
      weight += rows;
      squares += rows;
    }
  }

  /// Makes the live rows so far count a twelfth less.
  void fade() {
    for (int i = 0; i < live.length; i++) {
      live[i] *= KEPT;
    }
    weight *= KEPT;
    squares *= KEPT * KEPT;
  }

  /// See [Distances#stability]; empty if one side has no value of the feature.
  OptionalDouble stability(int feature) {
    int at = feature * BINS;
    double rows = Distances.sum(live, at, BINS) * weight / squares;
    return compared(at)
        ? OptionalDouble.of(Distances.stability(reference, live, at, BINS, rows))
        : OptionalDouble.empty();
  }

  /// See [Distances#kolmogorovSmirnov]; empty if one side has no value of the feature.
  OptionalDouble kolmogorovSmirnov(int feature) {
    int at = feature * BINS;
    return compared(at)
        ? OptionalDouble.of(Distances.kolmogorovSmirnov(reference, live, at, BINS))
        : OptionalDouble.empty();
  }

  private boolean compared(int at) {
    return Distances.sum(reference, at, BINS) > 0 && Distances.sum(live, at, BINS) > 0;
  }
}
