package io.evenkeel.normalizer;

import java.time.Instant;

/// Position and time of an entry, given by the log. The fold has no clock of its own.
///
/// @param position from 1, one more with each entry
public record Stamp(long position, Instant at) {}
