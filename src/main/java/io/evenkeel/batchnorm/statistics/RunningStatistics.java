package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;

/// The running mean and variance of D features together with the rule by which a batch moves them.
///
/// Made by [Averaging#start] or [Averaging#given], under batch renormalization by those of
/// [RenormalizationStatistics]; every state is immutable, [#after] returns the next one.
public sealed interface RunningStatistics
    permits PooledStatistics, BatchAverages, WindowStatistics {

  /// The statistics once this batch `[N × D]` has been counted; a feature without a value in it
  /// stays as it was. O(D). The result may be not finite, see [#firstNotFinite].
  RunningStatistics after(BatchMoments batch);

  /// The running mean and variance, which normalise at inference; the normalizer's estimator gives
  /// the variance. Before any value mean 0 and variance 1 (or those of the start). The variance is
  /// 1 while an unbiased one is not defined.
  MeanAndVariance meanAndVariance();

  /// D.
  int features();

  /// These statistics and those of further features behind them; O(D).
  ///
  /// @param others of the same kind; without a batch
  RunningStatistics followedBy(RunningStatistics others);

  /// Sum of the weights of a feature's values so far, without forgetting; for [WindowStatistics]
  /// the sum in the window.
  double count(int feature);

  /// Whether the mean and the variance of a feature come from values, sent or given, or from a
  /// prior; false while they are those of the start.
  boolean hasValue(int feature);

  /// The least value of a feature so far, +∞ before any.
  double min(int feature);

  /// The greatest value of a feature so far, −∞ before any.
  double max(int feature);

  /// The least index of a feature whose statistics are not finite, or −1.
  int firstNotFinite();
}
