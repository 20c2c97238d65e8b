package io.evenkeel.normalization;

import java.util.OptionalLong;

/// The normalised rows of a batch and its outcome.
///
/// @param version of the state that normalised the rows; for `applied` the version that the batch
///   made
/// @param appliedVersion for `duplicate`, the version that the first request made
/// @param values `[N × D]`, row-major; NaN is missing. Not a copy.
@SuppressWarnings("ArrayRecordComponent") // handed on to one reader, never compared
public record NormalizedRows(
    BatchOutcome outcome, long version, OptionalLong appliedVersion, double[] values) {}
