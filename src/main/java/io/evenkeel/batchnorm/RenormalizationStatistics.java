package io.evenkeel.batchnorm;

import java.util.Arrays;

/// Running statistics of batch renormalization, which averages the mean and the **standard
/// deviation** of batches: with s_B = sqrt(var_B + ε), var_B biased, and a the weight of the new
/// batch,
///
/// ```
/// m += a (mean_B − m)      s += a (s_B − s)      variance = max(s² − ε, 0)
/// ```
///
/// from m = 0 and s = 1. A feature without a value in a batch stays as it was.
///
/// Ioffe (2017), algorithm 1, <https://arxiv.org/abs/1702.03275>.
public final class RenormalizationStatistics implements RunningStatistics {
  private final double momentum;
  private final double epsilon;
  private final Columns columns;

  /// The state proper, all arrays of length D and taken over.
  ///
  /// @param count sum of the weights
  /// @param mean running mean m, leading part
  /// @param meanLow running mean, rest
  /// @param deviation running standard deviation s, ε included
  /// @param min all-time minimum
  /// @param max all-time maximum
  @SuppressWarnings("ArrayRecordComponent") // handed over whole between the state and its store
  public record Columns(
      double[] count,
      double[] mean,
      double[] meanLow,
      double[] deviation,
      double[] min,
      double[] max) {

    private Columns copy() {
      return new Columns(
          count.clone(),
          mean.clone(),
          meanLow.clone(),
          deviation.clone(),
          min.clone(),
          max.clone());
    }
  }

  /// Takes the columns over.
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
        new Columns(
            new double[features],
            new double[features],
            new double[features],
            filled(features, 1),
            filled(features, Double.POSITIVE_INFINITY),
            filled(features, Double.NEGATIVE_INFINITY)));
  }

  /// Statistics that are given: s = sqrt(variance + ε).
  public static RenormalizationStatistics given(
      GivenStatistics given, double momentum, double epsilon) {
    double[] deviation = new double[given.features()];
    Arrays.setAll(deviation, j -> Math.sqrt(given.variance()[j] + epsilon));
    return new RenormalizationStatistics(
        momentum,
        epsilon,
        new Columns(
            given.count(), given.mean(), given.meanLow(), deviation, given.min(), given.max()));
  }

  private static double[] filled(int features, double value) {
    double[] array = new double[features];
    Arrays.fill(array, value);
    return array;
  }

  /// The same mean and variance under another ε: s² moves with it.
  public RenormalizationStatistics withEpsilon(double next) {
    if (next == epsilon) {
      return this;
    }
    Columns moved = columns.copy();
    for (int j = 0; j < features(); j++) {
      moved.deviation[j] = Math.sqrt(variance(j) + next);
    }
    return new RenormalizationStatistics(momentum, next, moved);
  }

  @Override
  public RenormalizationStatistics after(BatchMoments batch) {
    FeatureMoments b = batch.moments();
    Columns next = columns.copy();
    for (int j = 0; j < features(); j++) {
      if (b.hasValue(j)) {
        average(next, j, b);
      }
    }
    return new RenormalizationStatistics(momentum, epsilon, next);
  }

  private void average(Columns next, int j, FeatureMoments b) {
    next.count[j] += b.weight[j];
    next.min[j] = Math.min(next.min[j], b.min[j]);
    next.max[j] = Math.max(next.max[j], b.max[j]);
    double d = DoubleDouble.difference(b.mean[j], b.meanLow[j], next.mean[j], next.meanLow[j]);
    double low = next.meanLow[j] + momentum * d;
    double sum = next.mean[j] + low;
    next.meanLow[j] = DoubleDouble.sumError(next.mean[j], low, sum);
    next.mean[j] = sum;
    double deviation = Math.sqrt(b.variance(j, VarianceEstimator.BIASED) + epsilon);
    next.deviation[j] += momentum * (deviation - next.deviation[j]);
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    double[] variance = new double[features()];
    Arrays.setAll(variance, this::variance);
    return new MeanAndVariance(columns.mean, columns.meanLow, variance);
  }

  private double variance(int j) {
    return Math.max(columns.deviation[j] * columns.deviation[j] - epsilon, 0);
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
      double square = columns.deviation[j] * columns.deviation[j];
      if (!(Double.isFinite(columns.mean[j]) && Double.isFinite(square))) {
        return j;
      }
    }
    return -1;
  }
}
