package io.evenkeel.normalizer.definition;

/// What inference does with a feature that has no value yet.
public enum Untrained {
  /// It refuses the batch.
  REFUSE,
  /// It takes mean 0 and variance 1, as the frameworks do.
  IDENTITY
}
