package io.evenkeel.normalization;

import io.evenkeel.normalizer.definition.NormalizerDefinition;

/// A batch as it was received. The definition in force validates it just before it is counted, and
/// the next definition validates it again if the definition changes first.
@FunctionalInterface
public interface OfferedBatch {

  /// The batch, if it obeys a definition of its normalizer. Fails with
  /// [NormalizationException.InvalidInput][io.evenkeel.normalizer.NormalizationException.InvalidInput]
  /// if not.
  ///
  /// @param definition that is in force now
  AskedBatch admittedBy(NormalizerDefinition definition);
}
