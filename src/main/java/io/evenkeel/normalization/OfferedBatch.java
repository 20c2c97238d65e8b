package io.evenkeel.normalization;

import io.evenkeel.normalizer.NormalizerDefinition;

/// A batch as it was received. It is validated by the definition that is in force when it is to
/// count, and once more if that changes first.
@FunctionalInterface
public interface OfferedBatch {

  /// The batch, if it obeys a definition of its normalizer. Fails with
  /// [NormalizationException.InvalidInput][io.evenkeel.normalizer.NormalizationException.InvalidInput]
  /// if not.
  ///
  /// @param definition that is in force now
  AskedBatch admittedBy(NormalizerDefinition definition);
}
