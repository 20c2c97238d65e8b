package io.evenkeel.drift;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What drift keeps of one batch: for each feature the sums of its standardised values, of their
/// squares and of their limited sizes, and how many values are missing, zero, at the end of their
/// range, or clipped; and the bins of some rows. No value of a row is kept beyond the batch.
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
  final double[] deviation;
  final long[] zeros;
  final int[] missing;
  final int[] outOfRange;
  final int[] clipped;
  final byte[] cells;

  private BatchSums(FeatureBatch x, Reference reference) {
    int features = x.features();
    rows = x.rows();
    double[] values = x.values();
    StandardizedSums sums = reference.sums();
    sums.add(values, rows, x.hasMissing());
    sum = sums.sum;
    square = sums.square;
    deviation = sums.deviation;
    missing = x.hasMissing() ? new int[features] : NONE;
    Arrays.setAll(missing, j -> (int) sums.missing[j]);
    zeros = new long[features];
    Arrays.setAll(zeros, j -> rows - (long) sums.nonzero[j]);
    outOfRange = hits(reference.ranges().orElse(null), values, features);
    clipped = hits(reference.clip().orElse(null), values, features);
    cells = cells(x, sums);
  }

  /// The sums of a batch, which is only read.
  static BatchSums of(FeatureBatch x, Reference reference) {
    return new BatchSums(x, reference);
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

  private byte[] cells(FeatureBatch x, StandardizedSums sums) {
    int most = Math.clamp(MOST_BINNED / x.features(), 1, MOST_BINNED_ROWS);
    int stride = Math.ceilDiv(rows, most);
    return sums.cells(
        x.values(),
        Math.ceilDiv(rows, stride),
        block -> Math.min(rows - 1, block * stride + offset(block, stride)),
        x.hasMissing());
  }
}
