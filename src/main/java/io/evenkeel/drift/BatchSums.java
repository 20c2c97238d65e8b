package io.evenkeel.drift;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import org.jspecify.annotations.Nullable;

/// What drift keeps of one batch: for each feature the sums of its standardised values and of their
/// squares, and how many values are missing, zero, at the end of their range, or clipped; and the
/// bins of some rows. No value of a row is kept beyond the batch.
///
/// Every row enters the sums, and weighs 1 whatever its weight. Into the bins go at most 32 rows of
/// a batch, fewer if it has more than 4,096 features: one of each k rows, k = ⌈N / most⌉. Which one
/// changes from one k to the next, so that rows that come by turns are not taken for others.
///
/// Made outside of any lock, in O(N D).
final class BatchSums {
  private static final int MOST_BINNED_ROWS = 32;
  private static final int MOST_BINNED = 131_072;
  private static final int[] NONE = {};

  final int rows;
  final double[] sum;
  final double[] square;
  final long[] zeros;
  final int[] missing;
  final int[] outOfRange;
  final int[] clipped;
  final byte[] cells;

  private BatchSums(FeatureBatch x, Reference reference) {
    int features = x.features();
    rows = x.rows();
    sum = new double[features];
    square = new double[features];
    zeros = new long[features];
    missing = x.hasMissing() ? new int[features] : NONE;
    double[] values = x.values();
    if (x.hasMissing()) {
      reference.add(values, rows, sum, square, missing);
    } else {
      reference.add(values, rows, sum, square);
    }
    countZeros(values, features);
    outOfRange = hits(reference.ranges().orElse(null), values, features);
    clipped = hits(reference.clip().orElse(null), values, features);
    cells = cells(values, reference);
  }

  /// The sums of a batch, which is only read.
  static BatchSums of(FeatureBatch x, Reference reference) {
    return new BatchSums(x, reference);
  }

  /// Zero is where all bits but the sign are 0: without a branch, several at a time.
  private void countZeros(double[] values, int features) {
    for (int at = 0; at < rows * features; at += features) {
      for (int j = 0; j < features; j++) {
        long bits = Double.doubleToRawLongBits(values[at + j]) << 1;
        zeros[j] += ((bits | -bits) >>> 63) ^ 1;
      }
    }
  }

  private int[] hits(@Nullable Limits limits, double[] values, int features) {
    if (limits == null) {
      return NONE;
    }
    int[] hits = new int[features];
    limits.count(values, rows, hits);
    return hits;
  }

  /// A number below the stride: the high bits of a multiple of 2⁶⁴ / φ, which spread evenly.
  private static int offset(int block, int stride) {
    return (int) (((block * 0x9E3779B97F4A7C15L) >>> 33) % stride);
  }

  private byte[] cells(double[] values, Reference reference) {
    int features = reference.features();
    int most = Math.clamp(MOST_BINNED / features, 1, MOST_BINNED_ROWS);
    int stride = Math.ceilDiv(rows, most);
    byte[] made = new byte[Math.ceilDiv(rows, stride) * features];
    for (int at = 0, block = 0; at < made.length; block++) {
      int row = Math.min(rows - 1, block * stride + offset(block, stride));
      for (int j = 0; j < features; j++, at++) {
        made[at] = Histogram.cell(reference.standardized(values[row * features + j], j));
      }
    }
    return made;
  }
}
