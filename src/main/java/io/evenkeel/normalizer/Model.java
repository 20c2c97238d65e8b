package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.normalizer.NormalizationException.NotTrained;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Untrained;
import java.util.List;
import java.util.function.IntPredicate;
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
    requireTrained(name, _ -> true);
  }

  /// Refuses inference of some of the features as [#requireTrained(NormalizerName)] does.
  ///
  /// @param used whether the inference uses the feature of an index
  public void requireTrained(NormalizerName name, IntPredicate used) {
    if (definition.reception().untrained() == Untrained.REFUSE && !isTrained()) {
      List<String> lacking =
          untrained().filter(used).mapToObj(definition.features()::name).toList();
      if (!lacking.isEmpty()) {
        throw new NotTrained(name, lacking);
      }
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
