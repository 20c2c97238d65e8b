package io.evenkeel.batchnorm;

import java.util.Arrays;

/// Running statistics that average the mean and the variance of batches, whatever their size:
/// [Averaging.Exponential] and [Averaging.CumulativeBatches].
///
/// With d = mean_B − m and a the weight of the new batch: m += a d, and v = (1−a) v + a var_B, to
/// which `total` adds a(1−a) d², so that the variance between batches is kept (law of total
/// variance). A batch whose variance is not defined (one row, unbiased) moves the mean only.

public final class AveragedStatistics implements BatchAverages {
  private final VarianceEstimator estimator;
  private final Averaging.OfBatches averaging;
  private final Columns columns;

  /// The state proper, all arrays of length D and taken over.
  ///
  /// @param batches how many batches had a value, k
  /// @param variances how many of them had a variance
  /// @param variance running variance
  @SuppressWarnings("ArrayRecordComponent") // handed over whole between the state and its store
  public record Columns(
      RunningMeans means, double[] batches, double[] variances, double[] variance) {

    static Columns start(int features) {
      double[] ones = new double[features];
      Arrays.fill(ones, 1);
      return new Columns(
          RunningMeans.start(features), new double[features], new double[features], ones);
    }

    private Columns copy() {
      return new Columns(means.copy(), batches.clone(), variances.clone(), variance.clone());
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
    next.batches[j]++;
    double d = next.means.move(j, averaging.weightOfNewBatch(next.batches[j]), b);
    double batchVariance = b.variance(j, estimator);
    if (!Double.isNaN(batchVariance)) {
      next.variances[j]++;
      double w = averaging.weightOfNewBatch(next.variances[j]);
      double between = averaging.keepsVarianceBetweenBatches() ? w * (1 - w) * d * d : 0;
      next.variance[j] = (1 - w) * next.variance[j] + w * batchVariance + between;
    }
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    return new MeanAndVariance(columns.means.mean(), columns.means.low(), columns.variance);
  }

  /// The state proper; its arrays must not be written to.
  public Columns columns() {
    return columns;
  }

  @Override
  public RunningMeans means() {
    return columns.means;
  }

  @Override
  public int firstNotFinite() {
    for (int j = 0; j < features(); j++) {
      if (!(Double.isFinite(columns.means.mean()[j]) && Double.isFinite(columns.variance[j]))) {
        return j;
      }
    }
    return -1;
  }
}
