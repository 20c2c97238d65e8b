package io.evenkeel.normalization;

import java.util.OptionalLong;

/// The result of a batch whose rows were counted and not answered.
///
/// @param version of the state afterwards
/// @param appliedVersion for `duplicate`, the version that the first request made
/// @param reported how many features the guard reports
public record Observation(
    BatchOutcome outcome, long version, OptionalLong appliedVersion, int reported) {}
