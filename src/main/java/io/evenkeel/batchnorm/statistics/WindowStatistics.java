package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.VarianceEstimator;

/// Running statistics that pool the rows of the last k batches: [Averaging.Window].
///
/// Count, mean and variance cover the window; minimum and maximum cover all time. A feature without
/// a value in the window has mean 0 and variance 1, as before its first value.
public final class WindowStatistics implements RunningStatistics {
  private final VarianceEstimator estimator;
  private final MomentsWindow window;
  private final FeatureMoments pooled;
  public final FeatureColumn min;
  public final FeatureColumn max;

  /// These extremes `[D]`, and the batches in the window.
  public WindowStatistics(
      VarianceEstimator estimator, MomentsWindow window, FeatureColumn min, FeatureColumn max) {
    this.estimator = estimator;
    this.window = window;
    this.pooled = window.pooled();
    this.min = min;
    this.max = max;
  }

  @Override
  public WindowStatistics after(BatchMoments batch) {
    FeatureMoments moments = batch.moments();
    double[] least = min.toArray();
    double[] greatest = max.toArray();
    for (int j = 0; j < least.length; j++) {
      if (moments.hasValue(j)) {
        least[j] = Math.min(least[j], moments.min(j));
        greatest[j] = Math.max(greatest[j], moments.max(j));
      }
    }
    return new WindowStatistics(
        estimator, window.plus(moments), FeatureColumn.of(least), FeatureColumn.of(greatest));
  }

  /// The same statistics in a window whose next batch has this ordinal.
  public WindowStatistics followedBy(long next) {
    return new WindowStatistics(estimator, window.followedBy(next), min, max);
  }

  /// The same statistics as one batch, which is the next of another window.
  public WindowStatistics asNextOf(MomentsWindow before) {
    return new WindowStatistics(estimator, before.emptied().plus(pooled), min, max);
  }

  @Override
  public WindowStatistics followedBy(RunningStatistics others) {
    if (!(others instanceof WindowStatistics that)) {
      throw new IllegalArgumentException("statistics of different kinds");
    }
    return new WindowStatistics(
        estimator,
        window.widened(features() + that.features()),
        min.followedBy(that.min),
        max.followedBy(that.max));
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    return pooled.meanAndVariance(estimator);
  }

  /// The batches.
  public MomentsWindow window() {
    return window;
  }

  /// Their moments taken together `[D]`.
  public FeatureMoments pooled() {
    return pooled;
  }

  @Override
  public int features() {
    return min.features();
  }

  @Override
  public double count(int feature) {
    return pooled.weight(feature);
  }

  @Override
  public boolean hasValue(int feature) {
    return pooled.hasValue(feature);
  }

  @Override
  public double min(int feature) {
    return min.get(feature);
  }

  @Override
  public double max(int feature) {
    return max.get(feature);
  }

  @Override
  public int firstNotFinite() {
    return pooled.firstNotFinite();
  }
}
