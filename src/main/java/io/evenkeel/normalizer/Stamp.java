package io.evenkeel.normalizer;

import java.time.Instant;

/// What the log gives to each entry: its position and its time. The fold has no clock of its own.
///
/// @param position from 1, one more with each entry
public record Stamp(long position, Instant at) {}
