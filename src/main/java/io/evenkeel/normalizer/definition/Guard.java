package io.evenkeel.normalizer.definition;

import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.fault.Numbers;
import java.util.ArrayList;
import java.util.List;

/// A guard against training batches that would spoil the running statistics: cumulative statistics
/// never forget a value, however wrong it was.
///
/// With the running mean μ and deviation σ before the batch, the batch's mean m and deviation s,
/// and k [#deviations], a feature of the batch is suspicious if
///
/// ```
/// |m − μ| > k σ    or    s > k σ
/// ```
///
/// Nothing is suspicious before [#minimumRows] rows have been counted. A feature is never
/// suspicious while it has fewer than two values or is constant (σ is 0 but for rounding): the
/// first value that differs would be infinitely many deviations away.
///
/// @param deviations k, finite and positive
/// @param action what becomes of a suspicious batch
/// @param minimumRows how many rows must have been counted before a batch is judged, at least 1
public record Guard(double deviations, Action action, long minimumRows) {
  /// What becomes of a suspicious batch.
  public enum Action {
    /// It is refused.
    REFUSE,
    /// It counts, and its sender is told.
    REPORT
  }

  /// The standard k. A mean or a deviation of a usual batch never comes near.
  public static final double DEVIATIONS = 8;

  /// The standard number of rows. With fewer of a skewed feature, σ may be far too small.
  public static final long MINIMUM_ROWS = 1000;

  /// What is suspicious about a feature of a batch.
  ///
  /// @param feature its index
  /// @param what `mean` or `deviation`
  /// @param value that of the batch
  /// @param deviations how many running deviations the mean is off, or the deviation has
  public record Suspicion(int feature, String what, double value, double deviations) {
    /// A sentence about it.
    ///
    /// @param name of the feature, quoted
    /// @param allowed k
    public String detail(String name, double allowed) {
      return "The "
          + what
          + " of "
          + name
          + " in this batch is "
          + Numbers.plain(value)
          + ": "
          + (what.equals("mean") ? "it is off by " : "it has ")
          + Numbers.plain(Math.rint(deviations))
          + " running deviations; the guard allows "
          + Numbers.plain(allowed)
          + ".";
    }
  }

  /// What is suspicious about a batch, one suspicion a feature.
  ///
  /// @param rows how many rows were counted before
  /// @param running statistics `[D]` before the batch
  /// @param batch moments `[D]` of the batch alone
  public List<Suspicion> suspicions(long rows, RunningStatistics running, FeatureMoments batch) {
    List<Suspicion> found = new ArrayList<>();
    if (rows >= minimumRows) {
      MeanAndVariance before = running.meanAndVariance();
      for (int j = 0; j < batch.features(); j++) {
        if (batch.hasValue(j) && running.count(j) >= 2 && !isConstant(before, j)) {
          judge(j, before, batch, found);
        }
      }
    }
    return found;
  }

  private static boolean isConstant(MeanAndVariance running, int feature) {
    return ConstantFeature.isConstant(running.mean(feature), running.variance(feature));
  }

  private void judge(
      int feature, MeanAndVariance running, FeatureMoments batch, List<Suspicion> found) {
    double sigma = Math.sqrt(running.variance(feature));
    double mean = batch.mean(feature);
    double shift =
        mean - running.mean(feature) + (batch.meanLow(feature) - running.meanLow(feature));
    double deviation = Math.sqrt(batch.variance(feature, VarianceEstimator.BIASED));
    if (Math.abs(shift) > deviations * sigma) {
      found.add(new Suspicion(feature, "mean", mean, Math.abs(shift) / sigma));
    } else if (deviation > deviations * sigma) {
      found.add(new Suspicion(feature, "deviation", deviation, deviation / sigma));
    }
  }
}
