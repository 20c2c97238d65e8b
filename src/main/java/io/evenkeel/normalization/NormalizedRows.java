package io.evenkeel.normalization;

import java.util.OptionalLong;

/// A batch's normalised rows and what became of the batch.
///
/// @param version of the state that answered; for `applied` the one that the batch made
/// @param appliedVersion for `duplicate`, the version that the first sending made
/// @param values `[N × D]`, row-major; NaN is missing. Not a copy.
@SuppressWarnings("ArrayRecordComponent") // handed on to one reader, never compared
public record NormalizedRows(
    BatchOutcome outcome, long version, OptionalLong appliedVersion, double[] values) {}
