package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.normalizer.NormalizationException.NotTrained;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Untrained;
import java.util.stream.IntStream;

/// The part of a normalizer that inference needs, at one version: definition, gamma and beta, and
/// running statistics. Immutable.
///
/// @param version of the normalizer
public record Model(
    long version, NormalizerDefinition definition, Affine affine, RunningStatistics running) {

  /// The indices of the features that have no value yet.
  public IntStream untrained() {
    return IntStream.range(0, running.features()).filter(j -> !running.hasValue(j));
  }

  /// Refuses inference if a feature has no value yet and the definition does not take the identity
  /// for it.
  ///
  /// @param name of the normalizer
  /// @throws NotTrained if so
  public void requireTrained(NormalizerName name) {
    if (definition.reception().untrained() == Untrained.REFUSE && !isTrained()) {
      throw new NotTrained(name, untrained().mapToObj(definition.features()::name).toList());
    }
  }

  private boolean isTrained() {
    for (int j = 0; j < running.features(); j++) {
      if (!running.hasValue(j)) {
        return false;
      }
    }
    return true;
  }

  /// Normalising by the running statistics.
  public Normalization normalization() {
    return Normalization.of(running.meanAndVariance(), affine, definition.rules());
  }
}
