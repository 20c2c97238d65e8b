package io.evenkeel.normalization;

/// The result of a batch that was not refused.
public enum BatchOutcome {
  /// The running statistics moved.
  APPLIED,
  /// Its idempotency key was applied before; nothing moved.
  DUPLICATE,
  /// The statistics are frozen; nothing moved.
  FROZEN,
  /// Inference.
  NONE
}
