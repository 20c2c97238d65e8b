package io.evenkeel.normalization;

/// What a batch is sent for.
public enum Mode {
  /// Normalised by what [io.evenkeel.batchnorm.Training] says; the running statistics move.
  TRAINING,
  /// Normalised by the running statistics; nothing moves.
  INFERENCE
}
