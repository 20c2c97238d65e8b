package io.evenkeel.batchnorm;

import java.util.Arrays;

/// What all averages over batches keep of D features besides their spread: how much they have seen,
/// the running mean, and the extremes.
///
/// Arrays of length D that belong to one state; they must not be written to once it is shown.
///
/// @param count sum of the weights
/// @param mean running mean, leading part
/// @param low running mean, rest
/// @param min all-time minimum
/// @param max all-time maximum
@SuppressWarnings("ArrayRecordComponent") // handed over whole between the state and its store
public record RunningMeans(
    double[] count, double[] mean, double[] low, double[] min, double[] max) {

  /// Mean 0 of no value.
  static RunningMeans start(int features) {
    double[] min = new double[features];
    double[] max = new double[features];
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    return new RunningMeans(
        new double[features], new double[features], new double[features], min, max);
  }

  /// Means that are given.
  static RunningMeans given(GivenStatistics given) {
    return new RunningMeans(given.count(), given.mean(), given.meanLow(), given.min(), given.max());
  }

  RunningMeans copy() {
    return new RunningMeans(count.clone(), mean.clone(), low.clone(), min.clone(), max.clone());
  }

  int features() {
    return mean.length;
  }

  /// Counts a feature's values in a batch and moves its mean, m += a d.
  ///
  /// @param a weight of the batch, in (0, 1]
  /// @return d = mean_B − m, m being the mean before
  double move(int j, double a, FeatureMoments b) {
    count[j] += b.weight[j];
    min[j] = Math.min(min[j], b.min[j]);
    max[j] = Math.max(max[j], b.max[j]);
    double d = DoubleDouble.difference(b.mean[j], b.meanLow[j], mean[j], low[j]);
    if (a == 1) {
      mean[j] = b.mean[j];
      low[j] = b.meanLow[j];
    } else {
      double rest = low[j] + a * d;
      double sum = mean[j] + rest;
      low[j] = DoubleDouble.sumError(mean[j], rest, sum);
      mean[j] = sum;
    }
    return d;
  }
}
