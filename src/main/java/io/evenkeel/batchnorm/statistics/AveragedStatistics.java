package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;

/// Running statistics that average the mean and the variance of batches, whatever their size:
/// [Averaging.Exponential] and [Averaging.CumulativeBatches].
///
/// With d = mean_B − m and a the weight of the new batch: m += a d, and v = (1−a) v + a var_B, to
/// which `total` adds a(1−a) d², so that the variance between batches is kept (law of total
/// variance).
///
/// A batch of one value has no unbiased variance. Under `total` it counts as a point, var_B = 0. If
/// it is the first batch of [Averaging.Exponential.Start#FIRST_BATCH], v stays unknown: it shows as
/// 1 and counts as 0 in the next update. Under `within` the batch moves the mean only, and the
/// first batch that has a variance begins v.
public final class AveragedStatistics implements BatchAverages {
  private final VarianceEstimator estimator;
  private final Averaging.OfBatches averaging;
  private final Columns columns;

  /// The state proper, all columns of D features.
  ///
  /// @param batches k, the number of batches that had a value
  /// @param variances the number of these batches that have moved the variance; 0 while it is
  ///   unknown
  /// @param variance running variance
  public record Columns(
      RunningMeans means, FeatureColumn batches, FeatureColumn variances, FeatureColumn variance) {

    static Columns start(int features) {
      FeatureColumn zero = FeatureColumn.filled(features, 0);
      return new Columns(
          RunningMeans.start(features), zero, zero, FeatureColumn.filled(features, 1));
    }
  }

  /// The next columns.
  private final class Next {
    private final MeansAccumulator means = new MeansAccumulator(columns.means);
    private final double[] batches = columns.batches.toArray();
    private final double[] variances = columns.variances.toArray();
    private final double[] variance = columns.variance.toArray();

    private void average(int j, FeatureMoments b) {
      batches[j]++;
      double d = means.move(j, averaging.weightOfNewBatch(batches[j]), b);
      double batchVariance = b.variance(j, estimator);
      if (averaging.keepsVarianceBetweenBatches()) {
        mix(j, averaging.weightOfNewBatch(batches[j]), batchVariance, d);
      } else if (!Double.isNaN(batchVariance)) {
        variances[j]++;
        double w = averaging.weightOfNewBatch(variances[j]);
        variance[j] = (1 - w) * variance[j] + w * batchVariance;
      }
    }

    private void mix(int j, double w, double batchVariance, double d) {
      boolean isPoint = Double.isNaN(batchVariance);
      boolean isUnknown = averaging.beginsWithFirstBatch() && variances[j] == 0;
      if (isPoint && isUnknown && batches[j] == 1) {
        return;
      }
      variances[j]++;
      double known = isUnknown ? 0 : (1 - w) * variance[j];
      double within = isPoint ? 0 : w * batchVariance;
      variance[j] = known + within + w * (1 - w) * d * d;
    }

    private Columns toColumns() {
      return new Columns(
          means.toMeans(),
          FeatureColumn.of(batches),
          FeatureColumn.of(variances),
          FeatureColumn.of(variance));
    }
  }

  /// The statistics of these columns.
  public AveragedStatistics(
      VarianceEstimator estimator, Averaging.OfBatches averaging, Columns columns) {
    this.estimator = estimator;
    this.averaging = averaging;
    this.columns = columns;
  }

  @Override
  public AveragedStatistics after(BatchMoments batch) {
    FeatureMoments b = batch.moments();
    Next next = new Next();
    for (int j = 0; j < features(); j++) {
      if (b.hasValue(j)) {
        next.average(j, b);
      }
    }
    return new AveragedStatistics(estimator, averaging, next.toColumns());
  }

  @Override
  public AveragedStatistics followedBy(RunningStatistics others) {
    if (!(others instanceof AveragedStatistics that)) {
      throw new IllegalArgumentException("statistics of different kinds");
    }
    return new AveragedStatistics(
        estimator,
        averaging,
        new Columns(
            columns.means.followedBy(that.columns.means),
            columns.batches.followedBy(that.columns.batches),
            columns.variances.followedBy(that.columns.variances),
            columns.variance.followedBy(that.columns.variance)));
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    return new MeanAndVariance(
        columns.means.mean().values(), columns.means.low().values(), columns.variance.values());
  }

  /// The state proper.
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
      if (!(Double.isFinite(columns.means.mean().get(j))
          && Double.isFinite(columns.variance.get(j)))) {
        return j;
      }
    }
    return -1;
  }
}
