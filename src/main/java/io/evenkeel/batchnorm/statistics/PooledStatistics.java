package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.MomentsAccumulator;
import io.evenkeel.batchnorm.moments.RowAging;
import io.evenkeel.batchnorm.moments.VarianceEstimator;

/// Running statistics that pool the rows of all batches into one set of moments, with or without
/// forgetting: [Averaging.Cumulative] and [Averaging.Decaying].
///
/// With forgetting, a batch of n rows first multiplies W, F and M2 of every feature by f =
/// 2^(−n/h), whether or not the feature has a value in those rows; then it is merged. h is the
/// half-life in rows, infinite without forgetting. [StrictMath] computes the power, so every
/// machine gets the same bits.
public final class PooledStatistics implements RunningStatistics {
  private final VarianceEstimator estimator;
  private final double halfLifeRows;
  private final FeatureMoments moments;
  public final FeatureColumn count;

  /// Statistics that forget nothing.
  public PooledStatistics(VarianceEstimator estimator, FeatureMoments moments) {
    this(estimator, Double.POSITIVE_INFINITY, moments, moments.weight);
  }

  /// Statistics that forget.
  ///
  /// @param halfLifeRows h
  /// @param count the sum of the weights without forgetting `[D]`
  public PooledStatistics(
      VarianceEstimator estimator,
      double halfLifeRows,
      FeatureMoments moments,
      FeatureColumn count) {
    this.estimator = estimator;
    this.halfLifeRows = halfLifeRows;
    this.moments = moments;
    this.count = count;
  }

  @Override
  public PooledStatistics after(BatchMoments batch) {
    MomentsAccumulator next = new MomentsAccumulator(moments);
    if (halfLifeRows == Double.POSITIVE_INFINITY) {
      next.add(batch.moments());
      return new PooledStatistics(estimator, next.toMoments());
    }
    RowAging aging = agedBy(batch);
    double[] counted = count.toArray();
    for (int j = 0; j < counted.length; j++) {
      next.decay(j, aging.factor(), batch.moments().hasValue(j));
      counted[j] += aging.count().get(j);
    }
    next.add(batch.moments());
    return new PooledStatistics(
        estimator, halfLifeRows, next.toMoments(), FeatureColumn.of(counted));
  }

  /// How far a batch ages these statistics; by the factor 1 without forgetting.
  public RowAging agedBy(BatchMoments batch) {
    return batch
        .aging()
        .orElseGet(() ->
            new RowAging(StrictMath.pow(2, -batch.rows() / halfLifeRows), batch.moments().weight));
  }

  @Override
  public PooledStatistics followedBy(RunningStatistics others) {
    if (!(others instanceof PooledStatistics that)) {
      throw new IllegalArgumentException("statistics of different kinds");
    }
    return new PooledStatistics(
        estimator, halfLifeRows, moments.followedBy(that.moments), count.followedBy(that.count));
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    return moments.meanAndVariance(estimator);
  }

  /// The pooled moments `[D]`, decayed where the rule forgets.
  public FeatureMoments moments() {
    return moments;
  }

  /// h, infinite without forgetting.
  public double halfLifeRows() {
    return halfLifeRows;
  }

  /// The estimator of the variance.
  public VarianceEstimator estimator() {
    return estimator;
  }

  @Override
  public int features() {
    return count.features();
  }

  @Override
  public double count(int feature) {
    return count.get(feature);
  }

  @Override
  public boolean hasValue(int feature) {
    return moments.hasValue(feature);
  }

  @Override
  public double min(int feature) {
    return moments.min(feature);
  }

  @Override
  public double max(int feature) {
    return moments.max(feature);
  }

  @Override
  public int firstNotFinite() {
    return moments.firstNotFinite();
  }
}
