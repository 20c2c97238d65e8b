package io.evenkeel.drift;

import io.evenkeel.batchnorm.lanes.LaneArrays;
import io.evenkeel.batchnorm.lanes.LaneLoops;
import io.evenkeel.batchnorm.lanes.Tile;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// The standardised values z = (x − mean) / deviation of a batch: their sums, those of their
/// squares and of their sizes up to 3, and cells of a [Histogram]; and how many values are missing
/// or not zero.
///
/// Several values are taken at a time: the loops have the form of
/// [io.evenkeel.batchnorm.lanes.LaneLoops], and short rows lie side by side as a [Tile] has them.
final class StandardizedSums {
  /// Limits z, so that its square stays finite.
  private static final double MOST = 1e6;

  /// What a value adds to the absolute deviations at most: so heavy tails do not hide the others.
  static final double MOST_DEVIATION = 3;

  /// Multiplied twice by it, the least number above 0, 2⁻¹⁰⁷⁴, is above 1.
  private static final double HUGE = 0x1p1000;

  final double[] sum;
  final double[] square;
  final double[] deviation;
  final double[] missing;
  final double[] nonzero;
  private final double[] mean;
  private final double[] inverse;

  /// @param mean of each feature
  /// @param inverse the reciprocal of each deviation
  StandardizedSums(double[] mean, double[] inverse) {
    this.mean = mean;
    this.inverse = inverse;
    int features = mean.length;
    sum = new double[features];
    square = new double[features];
    deviation = new double[features];
    missing = new double[features];
    nonzero = new double[features];
  }

  /// Takes in the rows `[N × D]` of a batch, once.
  ///
  /// @param hasMissing whether any value is NaN
  void add(double[] values, int rows, boolean hasMissing) {
    Tile tile = Tile.at(0, mean.length, rows, Tile.NARROW);
    while (tile.width() > 0) {
      add(values, rows, hasMissing, tile, false);
      if (!areWithinLimit(tile)) {
        add(values, rows, hasMissing, tile, true);
      }
      tile = Tile.at(tile.end(), mean.length, rows, Tile.NARROW);
    }
  }

  /// Whether no value of a strip needed to be limited: a sum of squares is at least each of them.
  private boolean areWithinLimit(Tile tile) {
    for (int j = tile.from(); j < tile.end(); j++) {
      if (!(square[j] < MOST * MOST)) {
        return false;
      }
    }
    return true;
  }

  private void add(double[] values, int rows, boolean hasMissing, Tile tile, boolean limited) {
    LaneArrays a = LaneArrays.ofThread();
    double[] means = tile.of(mean, a.mean);
    double[] inverses = tile.of(inverse, a.low);
    for (double[] lanes : new double[][] {a.first, a.second, a.centre, a.min, a.max}) {
      Arrays.fill(lanes, 0, tile.lanes(), 0);
    }
    for (int row = 0; row < rows; row += tile.groups()) {
      int lanes = tile.load(values, row, rows - row, a.x);
      if (hasMissing) {
        replaceMissing(a.x, means, a.min, a.max, lanes);
      }
      countNonzero(a.x, a.max, lanes);
      standardize(a.x, means, inverses, lanes);
      if (limited) {
        LaneLoops.clip(a.x, MOST, lanes);
      }
      addSums(a.x, a.first, a.second, lanes);
      addDeviations(a.x, a.centre, lanes);
    }
    fold(tile, a.first, a.y, sum);
    fold(tile, a.second, a.y, square);
    fold(tile, a.centre, a.y, deviation);
    fold(tile, a.min, a.y, missing);
    fold(tile, a.max, a.y, nonzero);
  }

  private static void fold(Tile tile, double[] lanes, double[] scratch, double[] into) {
    tile.foldSums(lanes, scratch);
    tile.store(lanes, tile.width(), into, 0);
  }

  /// Puts the mean in the place of a missing value: it adds 0 to both sums. It is not a zero.
  private static void replaceMissing(
      double[] x, double[] mean, double[] missing, double[] nonzero, int lanes) {
    for (int j = 0; j < lanes; j++) {
      if (Double.isNaN(x[j])) {
        x[j] = mean[j];
        missing[j]++;
        nonzero[j] += mean[j] == 0 ? 1 : 0;
      }
    }
  }

  /// Adds 1 for each number that is not 0, without a branch.
  private static void countNonzero(double[] x, double[] nonzero, int lanes) {
    for (int j = 0; j < lanes; j++) {
      nonzero[j] += Math.min(1, Math.abs(x[j]) * HUGE * HUGE);
    }
  }

  private static void standardize(double[] x, double[] mean, double[] inverse, int lanes) {
    for (int j = 0; j < lanes; j++) {
      x[j] = (x[j] - mean[j]) * inverse[j];
    }
  }

  private static void addSums(double[] z, double[] sum, double[] square, int lanes) {
    for (int j = 0; j < lanes; j++) {
      // read once: otherwise the store to the sum stands between
      double each = z[j];
      sum[j] += each;
      square[j] += each * each;
    }
  }

  private static void addDeviations(double[] z, double[] deviation, int lanes) {
    for (int j = 0; j < lanes; j++) {
      deviation[j] += Math.min(MOST_DEVIATION, Math.abs(z[j]));
    }
  }

  /// The cells `[n × D]` of some rows.
  ///
  /// @param count n
  /// @param rowAt the index of each of these rows in the batch
  byte[] cells(double[] values, int count, IntUnaryOperator rowAt, boolean hasMissing) {
    byte[] cells = new byte[count * mean.length];
    Tile tile = Tile.at(0, mean.length, count, Tile.NARROW);
    while (tile.width() > 0) {
      cells(values, count, rowAt, hasMissing, tile, cells);
      tile = Tile.at(tile.end(), mean.length, count, Tile.NARROW);
    }
    return cells;
  }

  private void cells(
      double[] values,
      int count,
      IntUnaryOperator rowAt,
      boolean hasMissing,
      Tile tile,
      byte[] cells) {
    LaneArrays a = LaneArrays.ofThread();
    double[] means = tile.of(mean, a.mean);
    double[] inverses = tile.of(inverse, a.low);
    for (int from = 0; from < count; from += tile.groups()) {
      int behind = Math.min(count, from + tile.groups());
      int lanes = 0;
      for (int i = from; i < behind; i++, lanes += tile.width()) {
        int at = rowAt.applyAsInt(i) * mean.length + tile.from();
        System.arraycopy(values, at, a.x, lanes, tile.width());
      }
      standardize(a.x, means, inverses, lanes);
      Histogram.cells(a.x, lanes, hasMissing, cells, from * mean.length + tile.from());
    }
  }
}
