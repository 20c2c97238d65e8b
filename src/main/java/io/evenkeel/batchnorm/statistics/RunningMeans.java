package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.FeatureColumn;

/// The part that all averages over batches have in common: count, running mean and extremes of D
/// features. Immutable.
///
/// @param count sum of the weights
/// @param mean running mean, leading part
/// @param low running mean, rest
/// @param min all-time minimum
/// @param max all-time maximum
public record RunningMeans(
    FeatureColumn count,
    FeatureColumn mean,
    FeatureColumn low,
    FeatureColumn min,
    FeatureColumn max) {

  /// Mean 0 of no value.
  static RunningMeans start(int features) {
    FeatureColumn zero = FeatureColumn.filled(features, 0);
    return new RunningMeans(
        zero,
        zero,
        zero,
        FeatureColumn.filled(features, Double.POSITIVE_INFINITY),
        FeatureColumn.filled(features, Double.NEGATIVE_INFINITY));
  }

  /// Means that are given.
  static RunningMeans given(GivenStatistics given) {
    return new RunningMeans(
        FeatureColumn.of(given.count()),
        FeatureColumn.of(given.mean()),
        FeatureColumn.of(given.meanLow()),
        FeatureColumn.of(given.min()),
        FeatureColumn.of(given.max()));
  }

  /// These means and those of further features behind them.
  RunningMeans followedBy(RunningMeans others) {
    return new RunningMeans(
        count.followedBy(others.count),
        mean.followedBy(others.mean),
        low.followedBy(others.low),
        min.followedBy(others.min),
        max.followedBy(others.max));
  }

  int features() {
    return mean.features();
  }
}
