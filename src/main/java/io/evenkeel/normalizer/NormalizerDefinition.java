package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Averaging;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.VarianceEstimator;

/// What a normalizer is told to be, with every default resolved.
///
/// @param preset where the defaults came from
/// @param features the D features and their ranges
/// @param minimumBatchRows the fewest rows of a training batch that is to be normalised, ≥ 1
/// @param affine the initial gamma and beta `[D]`
public record NormalizerDefinition(
    Preset preset,
    Features features,
    Averaging averaging,
    VarianceEstimator runningVariance,
    Training training,
    int minimumBatchRows,
    NormalizationRules rules,
    Affine affine) {

  /// Refuses gamma and beta of another length.
  public NormalizerDefinition {
    if (affine.features() != features.size()) {
      throw new IllegalArgumentException("gamma and beta must have a value for each feature");
    }
  }

  /// Whether a normalizer of this definition can go on under `other`: all that its stored moments
  /// depend on is the same (the features and their order, averaging, variance, training, centring,
  /// scaling and the initial affine).
  public boolean keepsMomentsOf(NormalizerDefinition other) {
    return preset == other.preset
        && sameNames(other)
        && averaging.equals(other.averaging)
        && runningVariance == other.runningVariance
        && training.equals(other.training)
        && rules.center() == other.rules.center()
        && rules.scale() == other.rules.scale()
        && affine.equals(other.affine);
  }

  private boolean sameNames(NormalizerDefinition other) {
    if (features.size() != other.features.size()) {
      return false;
    }
    for (int j = 0; j < features.size(); j++) {
      if (!features.name(j).equals(other.features.name(j))) {
        return false;
      }
    }
    return true;
  }
}
