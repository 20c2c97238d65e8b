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

  /// Histograms that were kept elsewhere.
  ///
  /// @param weight the live rows, as they count
  /// @param squares the sum of the squared weights of these rows
  Histogram(float[] reference, float[] live, double weight, double squares) {
    features = reference.length / BINS;
    this.reference = reference;
    this.live = live;
    this.weight = weight;
    this.squares = squares;
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

  /// Makes the live rows so far count less, by a twelfth if the levels cover twelve groups.
  ///
  /// @param memory how many groups the levels cover; less than two would leave nothing until the
  ///   next batch
  void fade(double memory) {
    float kept = (float) (1 - 1 / Math.max(2, memory));
    for (int i = 0; i < live.length; i++) {
      live[i] *= kept;
    }
    weight *= kept;
    squares *= kept * kept;
  }

  /// The reference counts, 16 of each feature.
  float[] reference() {
    return reference;
  }

  /// The live counts.
  float[] live() {
    return live;
  }

  /// The live rows, as they count.
  double weight() {
    return weight;
  }

  /// The sum of the squared weights of the live rows.
  double squares() {
    return squares;
  }

  /// The bins of a feature on all replicas.
  Bins bins(int feature, Others others) {
    Bins bins = new Bins(new float[BINS], new float[BINS]);
    addTo(bins, feature, others.ownFactor());
    for (Others.Weighted other : others.parts()) {
      other.part().histogram().addTo(bins, feature, other.factor());
    }
    return bins;
  }

  private void addTo(Bins bins, int feature, double factor) {
    int at = feature * BINS;
    for (int i = 0; i < BINS; i++) {
      bins.expected[i] += reference[at + i];
      bins.now[i] += (float) factor * live[at + i];
    }
    bins.weight += factor * weight;
    bins.squares += factor * factor * squares;
  }

  /// The bins of one feature.
  static final class Bins {
    private final float[] expected;
    private final float[] now;
    private double weight;
    private double squares;

    private Bins(float[] expected, float[] now) {
      this.expected = expected;
      this.now = now;
    }

    /// See [Distances#stability]; empty if one side has no value of the feature.
    OptionalDouble stability() {
      double rows = Distances.sum(now, 0, BINS) * weight / squares;
      return isCompared()
          ? OptionalDouble.of(Distances.stability(expected, now, 0, BINS, rows))
          : OptionalDouble.empty();
    }

    /// See [Distances#kolmogorovSmirnov]; empty if one side has no value of the feature.
    OptionalDouble kolmogorovSmirnov() {
      return isCompared()
          ? OptionalDouble.of(Distances.kolmogorovSmirnov(expected, now, 0, BINS))
          : OptionalDouble.empty();
    }

    private boolean isCompared() {
      return Distances.sum(expected, 0, BINS) > 0 && Distances.sum(now, 0, BINS) > 0;
    }
  }
}
