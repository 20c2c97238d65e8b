package io.evenkeel.batchnorm;

/// What becomes of a missing value.
public enum MissingValues {
  /// The batch is refused.
  REJECT,
  /// It counts in no statistics and is missing in the answer.
  IGNORE,
  /// It counts in no statistics and its normalised value is 0, before gamma and beta.
  IMPUTE
}
