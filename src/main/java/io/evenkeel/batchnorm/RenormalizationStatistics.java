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
/// from m = 0 and s = 1. A feature without a value in a batch stays as it was. What is left of s² −
/// ε where s has come to sqrt(ε) but for rounding is 0: a constant feature shows no variance.
///
/// Ioffe (2017), algorithm 1, <https://arxiv.org/abs/1702.03275>.
public final class RenormalizationStatistics implements BatchAverages {
  /// How many units in ε's last place an average of deviations that are all sqrt(ε) may be off.
  private static final double ROUNDING = 16;

  private final double momentum;
  private final double epsilon;
  private final Columns columns;

  /// The state proper, all arrays of length D and taken over.
  ///
  /// @param deviation running standard deviation s, ε included
  @SuppressWarnings("ArrayRecordComponent") // handed over whole between the state and its store
  public record Columns(RunningMeans means, double[] deviation) {
    private Columns copy() {
      return new Columns(means.copy(), deviation.clone());
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
    double[] ones = new double[features];
    Arrays.fill(ones, 1);
    return new RenormalizationStatistics(
        momentum, epsilon, new Columns(RunningMeans.start(features), ones));
  }

  /// Statistics that are given: s = sqrt(variance + ε), and that of the start for a feature of
  /// which no batch is known.
  public static RenormalizationStatistics given(
      GivenStatistics given, double momentum, double epsilon) {
    double[] deviation = new double[given.features()];
    Arrays.setAll(
        deviation, j -> given.batches()[j] == 0 ? 1 : Math.sqrt(given.variance()[j] + epsilon));
    return new RenormalizationStatistics(
        momentum, epsilon, new Columns(RunningMeans.given(given), deviation));
  }

  /// The same mean and variance under another ε: s² moves with it, but for a feature without a
  /// value yet, whose s stays the start's.
  public RenormalizationStatistics withEpsilon(double next) {
    if (next == epsilon) {
      return this;
    }
    Columns moved = columns.copy();
    for (int j = 0; j < features(); j++) {
      boolean untouched = columns.means.count()[j] == 0;
      moved.deviation[j] = untouched ? columns.deviation[j] : Math.sqrt(variance(j) + next);
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
    next.means.move(j, momentum, b);
    double deviation = Math.sqrt(b.variance(j, VarianceEstimator.BIASED) + epsilon);
    next.deviation[j] =
        momentum == 1 ? deviation : next.deviation[j] + momentum * (deviation - next.deviation[j]);
  }

  @Override
  public MeanAndVariance meanAndVariance() {
    double[] variance = new double[features()];
    Arrays.setAll(variance, this::variance);
    return new MeanAndVariance(columns.means.mean(), columns.means.low(), variance);
  }

  private double variance(int j) {
    double root = Math.sqrt(epsilon);
    double variance = (columns.deviation[j] - root) * (columns.deviation[j] + root);
    return variance > ROUNDING * Math.ulp(epsilon) ? variance : 0;
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
      double square = columns.deviation[j] * columns.deviation[j];
      if (!(Double.isFinite(columns.means.mean()[j]) && Double.isFinite(square))) {
        return j;
      }
    }
    return -1;
  }
}
