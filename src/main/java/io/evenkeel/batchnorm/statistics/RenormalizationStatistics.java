package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import java.util.Arrays;

/// Running statistics of batch renormalization, which averages the mean and the **standard
/// deviation** of batches: with s_B = sqrt(var_B + ε), var_B biased, and a the weight of the new
/// batch,
///
/// ```
/// m += a (mean_B − m)      s += a (s_B − s)      variance = max(s² − ε, 0)
/// ```
///
/// from m = 0 and s = 1. A feature without a value in a batch stays as it was. If s differs from
/// sqrt(ε) by rounding alone, the variance is 0: a constant feature shows none.
///
/// Ioffe (2017), algorithm 1, <https://arxiv.org/abs/1702.03275>.
public final class RenormalizationStatistics implements BatchAverages {
  /// An average of deviations that all are sqrt(ε) may be off by this many ulp of ε.
  private static final double ROUNDING = 16;

  private final double momentum;
  private final double epsilon;
  private final Columns columns;

  /// The state proper, all columns of D features.
  ///
  /// @param deviation running standard deviation s, ε included
  public record Columns(RunningMeans means, FeatureColumn deviation) {}

  /// The statistics of these columns.
  ///
  /// @param momentum a, in (0, 1]
  /// @param epsilon ε, in the unit of the variance
  public RenormalizationStatistics(double momentum, double epsilon, Columns columns) {
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.columns = columns;
  }

  /// m = 0 and s = 1 for D features.
  public static RenormalizationStatistics start(int features, double momentum, double epsilon) {
    return new RenormalizationStatistics(
        momentum,
        epsilon,
        new Columns(RunningMeans.start(features), FeatureColumn.filled(features, 1)));
  }

  /// Given statistics: s = sqrt(variance + ε), or the start's s for a feature without a batch.
  public static RenormalizationStatistics given(
      GivenStatistics given, double momentum, double epsilon) {
    double[] deviation = new double[given.features()];
    Arrays.setAll(
        deviation, j -> given.batches()[j] == 0 ? 1 : Math.sqrt(given.variance()[j] + epsilon));
    return new RenormalizationStatistics(
        momentum, epsilon, new Columns(RunningMeans.given(given), FeatureColumn.of(deviation)));
  }

  /// The same mean and variance under another ε: s² moves with ε. A feature without a value keeps
  /// the start's s.
  public RenormalizationStatistics withEpsilon(double next) {
    if (next == epsilon) {
      return this;
    }
    double[] deviation = columns.deviation.toArray();
    for (int j = 0; j < deviation.length; j++) {
      if (count(j) != 0) {
        deviation[j] = Math.sqrt(variance(j) + next);
      }
    }
    return new RenormalizationStatistics(
        momentum, next, new Columns(columns.means, FeatureColumn.of(deviation)));
  }

  @Override
  public RenormalizationStatistics after(BatchMoments batch) {
    FeatureMoments b = batch.moments();
    MeansAccumulator means = new MeansAccumulator(columns.means);
    double[] deviation = columns.deviation.toArray();
    for (int j = 0; j < deviation.length; j++) {
      if (b.hasValue(j)) {
        means.move(j, momentum, b);
        deviation[j] = averaged(deviation[j], b.variance(j, VarianceEstimator.BIASED));
      }
    }
    return new RenormalizationStatistics(
        momentum, epsilon, new Columns(means.toMeans(), FeatureColumn.of(deviation)));
  }

  private double averaged(double deviation, double batchVariance) {
    double ofBatch = Math.sqrt(batchVariance + epsilon);
    return momentum == 1 ? ofBatch : deviation + momentum * (ofBatch - deviation);
  }

  @Override
  public RenormalizationStatistics followedBy(RunningStatistics others) {
    if (!(others instanceof RenormalizationStatistics that)) {
      throw new IllegalArgumentException("statistics of different kinds");
    }
    return new RenormalizationStatistics(
        momentum,
        epsilon,
        new Columns(
            columns.means.followedBy(that.columns.means),
            columns.deviation.followedBy(that.columns.deviation)));
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    double[] variance = new double[features()];
    Arrays.setAll(variance, this::variance);
    return new MeanAndVariance(
        columns.means.mean().values(), columns.means.low().values(), variance);
  }

  private double variance(int j) {
    double root = Math.sqrt(epsilon);
    double deviation = columns.deviation.get(j);
    double variance = (deviation - root) * (deviation + root);
    return variance > ROUNDING * Math.ulp(epsilon) ? variance : 0;
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
      double deviation = columns.deviation.get(j);
      if (!(Double.isFinite(columns.means.mean().get(j))
          && Double.isFinite(deviation * deviation))) {
        return j;
      }
    }
    return -1;
  }
}
