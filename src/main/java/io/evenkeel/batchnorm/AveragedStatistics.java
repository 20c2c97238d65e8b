package io.evenkeel.batchnorm;

import java.util.Arrays;

/// Running statistics that average the mean and the variance of batches, whatever their size:
/// [Averaging.Exponential] and [Averaging.CumulativeBatches].
///
/// With d = mean_B − m and a the weight of the new batch: m += a d, and v = (1−a) v + a var_B, to
/// which `total` adds a(1−a) d², so that the variance between batches is kept (law of total
/// variance). A batch whose variance is not defined (one row, unbiased) moves the mean only.

public final class AveragedStatistics implements RunningStatistics {
  private final VarianceEstimator estimator;
  private final Averaging.OfBatches averaging;
  private final Columns columns;

  /// The state proper, all arrays of length D and taken over.
  ///
  /// @param count sum of the weights
  /// @param means how many batches had a value, k
  /// @param variances how many of them had a variance
  /// @param mean running mean, leading part
  /// @param meanLow running mean, rest
  /// @param variance running variance
  /// @param min all-time minimum
  /// @param max all-time maximum
  @SuppressWarnings("ArrayRecordComponent") // handed over whole between the state and its store
  public record Columns(
      double[] count,
      double[] means,
      double[] variances,
      double[] mean,
      double[] meanLow,
      double[] variance,
      double[] min,
      double[] max) {

    static Columns start(int features) {
      double[] ones = filled(features, 1);
      return new Columns(
          new double[features],
          new double[features],
          new double[features],
          new double[features],
          new double[features],
          ones,
          filled(features, Double.POSITIVE_INFINITY),
          filled(features, Double.NEGATIVE_INFINITY));
    }

    private Columns copy() {
      return new Columns(
          count.clone(),
          means.clone(),
          variances.clone(),
          mean.clone(),
          meanLow.clone(),
          variance.clone(),
          min.clone(),
          max.clone());
    }

    private static double[] filled(int features, double value) {
      double[] array = new double[features];
      Arrays.fill(array, value);
      return array;
    }
  }

  /// Takes the columns over.
  public AveragedStatistics(
      VarianceEstimator estimator, Averaging.OfBatches averaging, Columns columns) {
    this.estimator = estimator;
    this.averaging = averaging;
    this.columns = columns;
  }

  @Override
  public AveragedStatistics after(BatchMoments batch) {
    FeatureMoments b = batch.moments();
    Columns next = columns.copy();
    for (int j = 0; j < features(); j++) {
      if (b.hasValue(j)) {
        average(next, j, b);
      }
    }
    return new AveragedStatistics(estimator, averaging, next);
  }

  private void average(Columns next, int j, FeatureMoments b) {
    next.count[j] += b.weight[j];
    next.min[j] = Math.min(next.min[j], b.min[j]);
    next.max[j] = Math.max(next.max[j], b.max[j]);
    next.means[j]++;
    double d = DoubleDouble.difference(b.mean[j], b.meanLow[j], next.mean[j], next.meanLow[j]);
    double a = averaging.weightOfNewBatch(next.means[j]);
    moveMean(next, j, a, d, b);
    double batchVariance = b.variance(j, estimator);
    if (!Double.isNaN(batchVariance)) {
      next.variances[j]++;
      double w = averaging.weightOfNewBatch(next.variances[j]);
      double between = averaging.keepsVarianceBetweenBatches() ? w * (1 - w) * d * d : 0;
      next.variance[j] = (1 - w) * next.variance[j] + w * batchVariance + between;
    }
  }

  private static void moveMean(Columns next, int j, double a, double d, FeatureMoments b) {
    if (a == 1) {
      next.mean[j] = b.mean[j];
      next.meanLow[j] = b.meanLow[j];
      return;
    }
    double low = next.meanLow[j] + a * d;
    double sum = next.mean[j] + low;
    next.meanLow[j] = DoubleDouble.sumError(next.mean[j], low, sum);
    next.mean[j] = sum;
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    return new MeanAndVariance(columns.mean, columns.meanLow, columns.variance);
  }

  /// The state proper; its arrays must not be written to.
  public Columns columns() {
    return columns;
  }

  @Override
  public int features() {
    return columns.mean.length;
  }

  @Override
  public double count(int feature) {
    return columns.count[feature];
  }

  @Override
  public double min(int feature) {
    return columns.min[feature];
  }

  @Override
  public double max(int feature) {
    return columns.max[feature];
  }

  @Override
  public int firstNotFinite() {
    for (int j = 0; j < features(); j++) {
      if (!(Double.isFinite(columns.mean[j]) && Double.isFinite(columns.variance[j]))) {
        return j;
      }
    }
    return -1;
  }
}
