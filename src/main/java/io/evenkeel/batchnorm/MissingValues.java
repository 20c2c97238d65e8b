package io.evenkeel.batchnorm;

/// The treatment of a missing value.
public enum MissingValues {
  /// The batch is refused.
  REJECT,
  /// No statistics count it, and it is missing in the answer.
  IGNORE,
  /// No statistics count it, and its normalised value is 0 before gamma and beta.
  IMPUTE
}
