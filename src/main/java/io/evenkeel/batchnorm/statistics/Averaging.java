package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import java.util.Optional;

/// The rule by which batches become running statistics.
///
/// `momentum` is always the weight of the **new** batch (PyTorch's direction; Keras means the other
/// one).
public sealed interface Averaging {

  /// The statistics of D features before any batch.
  RunningStatistics start(int features, VarianceEstimator estimator);

  /// Given statistics, which this rule moves from then on.
  RunningStatistics given(GivenStatistics given, VarianceEstimator estimator);

  /// Moments that count as the first batch of every feature, although nobody sent them.
  ///
  /// @param count how many values of weight 1 it stands for, > 0, not necessarily whole
  /// @param mean their mean
  /// @param variance their biased variance, ≥ 0
  record Prior(double count, double mean, double variance) {
    /// Refuses what is no sample.
    public Prior {
      require(count > 0 && Double.isFinite(count), "count must be positive");
      require(Double.isFinite(mean), "mean must be finite");
      require(variance >= 0 && Double.isFinite(variance), "variance must not be negative");
    }
  }

  /// The exact moments of all rows ever sent, as if they had come in one batch.
  ///
  /// @param prior the moments to begin with, if any
  record Cumulative(Optional<Prior> prior) implements Averaging {
    @Override
    public PooledStatistics start(int features, VarianceEstimator estimator) {
      FeatureMoments moments =
          prior.map(p -> momentsOf(p, features)).orElseGet(() -> FeatureMoments.none(features));
      return new PooledStatistics(estimator, moments);
    }

    @Override
    public PooledStatistics given(GivenStatistics given, VarianceEstimator estimator) {
      FeatureMoments moments = given.moments(estimator);
      return new PooledStatistics(estimator, moments);
    }

    private static FeatureMoments momentsOf(Prior prior, int features) {
      FeatureMoments none = FeatureMoments.none(features);
      FeatureColumn count = FeatureColumn.filled(features, prior.count);
      return new FeatureMoments(
          count,
          FeatureMoments.freedomOf(count),
          FeatureColumn.filled(features, prior.mean),
          none.meanLow,
          FeatureColumn.filled(features, prior.variance * prior.count),
          none.min,
          none.max);
    }
  }

  /// Pooled moments in which a row counts half after `halfLifeRows` further rows. All rows of one
  /// batch age together, unless they enter one by one.
  record Decaying(double halfLifeRows) implements Averaging {
    /// Refuses a half-life that is not positive and finite.
    public Decaying {
      require(halfLifeRows > 0 && Double.isFinite(halfLifeRows), "halfLifeRows must be positive");
    }

    @Override
    public PooledStatistics start(int features, VarianceEstimator estimator) {
      return new PooledStatistics(
          estimator,
          halfLifeRows,
          FeatureMoments.none(features),
          FeatureColumn.filled(features, 0));
    }

    @Override
    public PooledStatistics given(GivenStatistics given, VarianceEstimator estimator) {
      return new PooledStatistics(
          estimator, halfLifeRows, given.moments(estimator), FeatureColumn.of(given.count()));
    }
  }

  /// The pooled moments of the last batches.
  ///
  /// @param batches how many, k ≥ 1
  record Window(int batches, WindowKind kind) implements Averaging {
    /// Refuses a window without batches.
    public Window {
      require(batches >= 1, "a window has at least one batch");
    }

    @Override
    public WindowStatistics start(int features, VarianceEstimator estimator) {
      FeatureMoments none = FeatureMoments.none(features);
      return new WindowStatistics(
          estimator, MomentsWindow.empty(batches, kind, features, 0), none.min, none.max);
    }

    @Override
    public WindowStatistics given(GivenStatistics given, VarianceEstimator estimator) {
      MomentsWindow window =
          MomentsWindow.empty(batches, kind, given.features(), 0).plus(given.moments(estimator));
      return new WindowStatistics(
          estimator, window, FeatureColumn.of(given.min()), FeatureColumn.of(given.max()));
    }
  }

  /// Averages over batches, not rows: a batch of 2 rows weighs as much as one of 1,000.
  sealed interface OfBatches extends Averaging {
    /// The weight of the k-th batch in the average, k from 1.
    double weightOfNewBatch(double k);

    /// Whether the running variance includes the variance between the batches' means.
    boolean keepsVarianceBetweenBatches();

    /// Whether the averages begin with the first batch, without the start's mean 0 and variance 1.
    boolean beginsWithFirstBatch();

    @Override
    default AveragedStatistics start(int features, VarianceEstimator estimator) {
      return new AveragedStatistics(estimator, this, AveragedStatistics.Columns.start(features));
    }

    @Override
    default AveragedStatistics given(GivenStatistics given, VarianceEstimator estimator) {
      FeatureColumn batches = FeatureColumn.of(given.batches());
      return new AveragedStatistics(
          estimator,
          this,
          new AveragedStatistics.Columns(
              RunningMeans.given(given), batches, batches, FeatureColumn.of(given.variance())));
    }
  }

  /// Mean and variance averaged over the batches that had a value, each of weight 1/k (PyTorch's
  /// `momentum=None`).
  record CumulativeBatches() implements OfBatches {
    @Override
    public double weightOfNewBatch(double k) {
      return 1 / k;
    }

    @Override
    public boolean keepsVarianceBetweenBatches() {
      return false;
    }

    @Override
    public boolean beginsWithFirstBatch() {
      return true;
    }
  }

  /// The moving average of the frameworks.
  ///
  /// @param momentum weight of the new batch, in (0, 1]
  record Exponential(double momentum, VarianceKind variance, Start start) implements OfBatches {
    /// Refuses a momentum outside (0, 1].
    public Exponential {
      require(momentum > 0 && momentum <= 1, "momentum must be in (0, 1]");
    }

    @Override
    public double weightOfNewBatch(double k) {
      return beginsWithFirstBatch() && k == 1 ? 1 : momentum;
    }

    @Override
    public boolean keepsVarianceBetweenBatches() {
      return variance == VarianceKind.TOTAL;
    }

    @Override
    public boolean beginsWithFirstBatch() {
      return start == Start.FIRST_BATCH;
    }

    /// The variance that is averaged.
    public enum VarianceKind {
      /// The variance inside the batches, as in the frameworks.
      WITHIN,
      /// The variance of all rows: inside the batches and between their means.
      TOTAL
    }

    /// The start of the average.
    public enum Start {
      /// Mean 0 and variance 1, as in the frameworks. They fade slowly.
      ZERO_ONE,
      /// The first batch's own mean and variance.
      FIRST_BATCH
    }
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
