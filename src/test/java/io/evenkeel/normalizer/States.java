package io.evenkeel.normalizer;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Instant;
import java.util.Optional;

/// States of a normalizer, made without a log, for tests in other packages.
public final class States {
  private static final Stamp STAMP = new Stamp(1, Instant.EPOCH);

  private States() {}

  /// A new normalizer.
  public static Normalizer created(String name, NormalizerDefinition definition) {
    return Normalizer.create(new NormalizerName(name), definition, STAMP);
  }

  /// The state after a training batch.
  public static Normalizer observed(Normalizer state, FeatureBatch batch) {
    return observed(state, BatchMoments.of(batch));
  }

  /// The state after the moments of a training batch.
  public static Normalizer observed(Normalizer state, BatchMoments moments) {
    return state.observed(moments, Optional.empty(), false, STAMP);
  }

  /// The same state, its statistics frozen.
  public static Normalizer frozen(Normalizer state, Freeze freeze) {
    return state.withFreeze(Optional.of(freeze), false, STAMP);
  }
}
