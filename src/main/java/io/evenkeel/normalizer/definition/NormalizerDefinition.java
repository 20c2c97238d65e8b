package io.evenkeel.normalizer.definition;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import java.util.Optional;

/// The definition of a normalizer, with every default filled in.
///
/// @param preset the source of the defaults
/// @param features the D features and their ranges
/// @param minimumBatchRows the fewest rows of a training batch whose rows are normalised, ≥ 1
/// @param affine the initial gamma and beta `[D]`
/// @param reception how batches are received
/// @param guard judges training batches before they count; empty for none
public record NormalizerDefinition(
    Preset preset,
    Features features,
    Averaging averaging,
    VarianceEstimator runningVariance,
    Training training,
    int minimumBatchRows,
    NormalizationRules rules,
    Affine affine,
    Reception reception,
    Optional<Guard> guard) {

  /// Refuses gamma and beta of another length.
  public NormalizerDefinition {
    if (affine.features() != features.size()) {
      throw new IllegalArgumentException("gamma and beta must have a value for each feature");
    }
  }

  /// A definition without a guard, whose batches are received as its preset has it.
  public NormalizerDefinition(
      Preset preset,
      Features features,
      Averaging averaging,
      VarianceEstimator runningVariance,
      Training training,
      int minimumBatchRows,
      NormalizationRules rules,
      Affine affine) {
    this(
        preset,
        features,
        averaging,
        runningVariance,
        training,
        minimumBatchRows,
        rules,
        affine,
        Reception.of(preset),
        Optional.empty());
  }

  /// The running statistics before any batch.
  public RunningStatistics startStatistics() {
    return startStatistics(features.size());
  }

  /// The running statistics of some of the features before any batch.
  public RunningStatistics startStatistics(int some) {
    return training instanceof Training.Renormalization
        ? RenormalizationStatistics.start(some, momentum(), rules.epsilon())
        : averaging.start(some, runningVariance);
  }

  /// Running statistics made of given ones.
  public RunningStatistics statistics(GivenStatistics given) {
    return training instanceof Training.Renormalization
        ? RenormalizationStatistics.given(given, momentum(), rules.epsilon())
        : averaging.given(given, runningVariance);
  }

  /// The momentum of exponential averaging, which batch renormalization requires.
  public double momentum() {
    if (averaging instanceof Averaging.Exponential exponential) {
      return exponential.momentum();
    }
    throw new IllegalStateException("only exponential averaging has a momentum");
  }

  /// The moments of a training batch as the log carries them. If rows enter one after the other,
  /// the moments have aged already. O(N D).
  public BatchMoments momentsOf(FeatureBatch batch) {
    return training.entersRowByRow()
        ? RowByRow.momentsOf(batch, averaging)
        : BatchMoments.of(batch);
  }

  /// The same definition without ranges.
  public NormalizerDefinition withoutRanges() {
    return withoutRanges(rules);
  }

  /// The definition by which normalised values are read: it has no ranges, and a missing value
  /// stays missing.
  public NormalizerDefinition ofAnswers() {
    return withoutRanges(rules.with(MissingValues.IGNORE));
  }

  private NormalizerDefinition withoutRanges(NormalizationRules other) {
    return new NormalizerDefinition(
        preset,
        features.withoutRanges(),
        averaging,
        runningVariance,
        training,
        minimumBatchRows,
        other,
        affine,
        reception,
        guard);
  }

  /// Whether a client that defines `given` defines this. A definition of an earlier version, which
  /// said nothing about the reception of batches, still does, although the defaults differ by now:
  /// clients define their normalizers again whenever they start.
  public boolean isGivenBy(NormalizerDefinition given) {
    return equals(given)
        || (reception.equals(Reception.OF_EARLIER_VERSIONS)
            && given.reception.equals(Reception.of(preset))
            && equals(given.receivedAs(reception)));
  }

  private NormalizerDefinition receivedAs(Reception other) {
    return new NormalizerDefinition(
        preset,
        features,
        averaging,
        runningVariance,
        training,
        minimumBatchRows,
        rules,
        affine,
        other,
        guard);
  }

  /// Whether a normalizer can change from this definition to `other` and keep its moments, as far
  /// as the features allow it. Both must have the same averaging, variance, centring and scaling,
  /// and the same training apart from the limits of renormalization.
  public boolean keepsMomentsOf(NormalizerDefinition other) {
    return preset == other.preset
        && averaging.equals(other.averaging)
        && runningVariance == other.runningVariance
        && sameTraining(other.training)
        && rules.center() == other.rules.center()
        && rules.scale() == other.rules.scale();
  }

  /// Whether both definitions admit the same batches: they read bodies alike, have the same ranges,
  /// treat missing values alike, and ask for the same fewest rows.
  public boolean admitsLike(NormalizerDefinition other) {
    return minimumBatchRows == other.minimumBatchRows
        && rules.missing() == other.rules.missing()
        && features.equals(other.features)
        && readsLike(other);
  }

  /// Whether both definitions make the same rows of the same body: they have features of the same
  /// names, and treat extra and absent columns and texts for missing values alike.
  public boolean readsLike(NormalizerDefinition other) {
    return reception.extra() == other.reception.extra()
        && reception.absent() == other.reception.absent()
        && reception.na().equals(other.reception.na())
        && features.haveNamesOf(other.features);
  }

  /// Other limits of a correction do not change the moments; every other difference does.
  private boolean sameTraining(Training other) {
    return training.equals(other)
        || (training instanceof Training.Renormalization
            && other instanceof Training.Renormalization);
  }
}
