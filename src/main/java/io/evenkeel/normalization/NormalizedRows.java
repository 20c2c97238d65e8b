package io.evenkeel.normalization;

import java.util.OptionalLong;

/// The normalised rows of a batch and its outcome.
///
/// @param version of the state that normalised the rows; for `applied` the version that the batch
///   made
/// @param appliedVersion for `duplicate`, the version that the first request made
/// @param reported how many features of a training batch the guard reports
/// @param rows `[N × D]`, row-major; NaN is missing
public record NormalizedRows(
    BatchOutcome outcome,
    long version,
    OptionalLong appliedVersion,
    int reported,
    RowsToCome rows) {

  /// Rows of which the guard reports nothing.
  NormalizedRows(BatchOutcome outcome, long version, OptionalLong appliedVersion, RowsToCome rows) {
    this(outcome, version, appliedVersion, 0, rows);
  }

  /// The matrix `[N × D]`. Not a copy.
  public double[] values() {
    return rows.all();
  }
}
