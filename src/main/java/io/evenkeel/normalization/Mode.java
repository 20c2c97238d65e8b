package io.evenkeel.normalization;

/// The purpose of a batch.
public enum Mode {
  /// Normalised by what [io.evenkeel.batchnorm.Training] says; the running statistics move.
  TRAINING,
  /// Normalised by the running statistics; nothing moves.
  INFERENCE
}
