package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.lanes.DoubleDouble;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;

/// Moves running means by a batch.
///
/// Not safe for use by more than one thread.
final class MeansAccumulator {
  private final double[] count;
  private final double[] mean;
  private final double[] low;
  private final double[] min;
  private final double[] max;

  MeansAccumulator(RunningMeans start) {
    count = start.count().toArray();
    mean = start.mean().toArray();
    low = start.low().toArray();
    min = start.min().toArray();
    max = start.max().toArray();
  }

  /// Counts a feature's values in a batch and moves its mean, m += a d.
  ///
  /// @param a weight of the batch, in (0, 1]
  /// @return d = mean_B − m, m being the mean before
  double move(int j, double a, FeatureMoments b) {
    count[j] += b.weight(j);
    min[j] = Math.min(min[j], b.min(j));
    max[j] = Math.max(max[j], b.max(j));
    double d = DoubleDouble.difference(b.mean(j), b.meanLow(j), mean[j], low[j]);
    if (a == 1) {
      mean[j] = b.mean(j);
      low[j] = b.meanLow(j);
    } else {
      double rest = low[j] + a * d;
      double sum = mean[j] + rest;
      low[j] = DoubleDouble.sumError(mean[j], rest, sum);
      mean[j] = sum;
    }
    return d;
  }

  /// Hands the arrays over; the accumulator must not be used afterwards.
  RunningMeans toMeans() {
    return new RunningMeans(
        FeatureColumn.of(count),
        FeatureColumn.of(mean),
        FeatureColumn.of(low),
        FeatureColumn.of(min),
        FeatureColumn.of(max));
  }
}
