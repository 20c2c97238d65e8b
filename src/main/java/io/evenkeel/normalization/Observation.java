package io.evenkeel.normalization;

import java.util.OptionalLong;

/// What became of a batch that was counted only.
///
/// @param version of the state afterwards
/// @param appliedVersion for `duplicate`, the version that the first sending made
public record Observation(BatchOutcome outcome, long version, OptionalLong appliedVersion) {}
