package io.evenkeel.normalizer.definition;

/// What happens to members and columns that are no feature.
public enum Extra {
  /// They are faults.
  REJECT,
  /// They are left out of the answer.
  IGNORE,
  /// The answer repeats them as they came.
  KEEP
}
