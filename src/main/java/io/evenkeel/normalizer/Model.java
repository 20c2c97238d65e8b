package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.normalizer.definition.NormalizerDefinition;

/// The part of a normalizer that inference needs, at one version: definition, gamma and beta, and
/// running statistics. Immutable.
///
/// @param version of the normalizer
public record Model(
    long version, NormalizerDefinition definition, Affine affine, RunningStatistics running) {

  /// Normalising by the running statistics.
  public Normalization normalization() {
    return Normalization.of(running.meanAndVariance(), affine, definition.rules());
  }
}
