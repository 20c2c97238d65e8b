package io.evenkeel.batchnorm;

import java.util.Arrays;

/// The loops that take the moments of a matrix `[N × D]`.
///
/// The rows are cut into blocks that stay in the cache. In a block, a first pass finds the mean c
/// (as first row + mean of the differences from it), a second Σ(x − c) and Σ(x − c)², from which
/// mean = c + Σ(x − c)/n and M2 = Σ(x − c)² − (Σ(x − c))²/n; the blocks are merged.
final class MomentsKernel {
  private static final int BLOCK_BYTES = 1 << 17;

  private MomentsKernel() {}

  static FeatureMoments momentsOf(FeatureBatch batch) {
    int features = batch.features();
    MomentsAccumulator sum = new MomentsAccumulator(features);
    int blockRows = Math.max(16, BLOCK_BYTES / (8 * Math.max(1, features)));
    Block block = new Block(features);
    for (int row = 0; row < batch.rows(); row += blockRows) {
      int rows = Math.min(blockRows, batch.rows() - row);
      block.take(batch, row, rows);
      block.mergeInto(sum);
    }
    return sum.toMoments();
  }

  private static final class Block {
    private final int features;
    private final double[] weight;
    private final double[] squares;
    private final double[] centre;
    private final double[] first;
    private final double[] second;
    private final double[] min;
    private final double[] max;

    Block(int features) {
      this.features = features;
      weight = new double[features];
      squares = new double[features];
      centre = new double[features];
      first = new double[features];
      second = new double[features];
      min = new double[features];
      max = new double[features];
    }

    void take(FeatureBatch batch, int from, int rows) {
      double[] x = batch.values();
      Arrays.fill(weight, 0);
      Arrays.fill(squares, 0);
      Arrays.fill(centre, 0);
      Arrays.fill(first, 0);
      Arrays.fill(second, 0);
      Arrays.fill(min, Double.POSITIVE_INFINITY);
      Arrays.fill(max, Double.NEGATIVE_INFINITY);
      double[] shift = second;
      for (int i = from; i < from + rows; i++) {
        double w = batch.weight(i);
        for (int j = 0, at = i * features; w > 0 && j < features; j++, at++) {
          if (!Double.isNaN(x[at])) {
            if (weight[j] == 0) {
              shift[j] = x[at];
            }
            weight[j] += w;
            squares[j] += w * w;
            centre[j] += w * (x[at] - shift[j]);
            min[j] = Math.min(min[j], x[at]);
            max[j] = Math.max(max[j], x[at]);
          }
        }
      }
      for (int j = 0; j < features; j++) {
        centre[j] = weight[j] > 0 ? shift[j] + centre[j] / weight[j] : 0;
        second[j] = 0;
      }
      for (int i = from; i < from + rows; i++) {
        double w = batch.weight(i);
        for (int j = 0, at = i * features; w > 0 && j < features; j++, at++) {
          if (!Double.isNaN(x[at])) {
            double d = x[at] - centre[j];
            first[j] += w * d;
            second[j] += w * d * d;
          }
        }
      }
    }

    void mergeInto(MomentsAccumulator sum) {
      for (int j = 0; j < features; j++) {
        double rest = first[j] / weight[j];
        double mean = centre[j] + rest;
        double low = DoubleDouble.sumError(centre[j], rest, mean);
        double m2 = Math.max(0, second[j] - first[j] * rest);
        sum.merge(j, weight[j], squares[j], mean, low, m2, min[j], max[j]);
      }
    }
  }
}
