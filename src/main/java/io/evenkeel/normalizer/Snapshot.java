package io.evenkeel.normalizer;

import java.time.Instant;

/// A state of a normalizer, stored under a label.
///
/// @param position of the log when it was taken
/// @param model the part that inference needs
/// @param rows the rows of all batches in its statistics
/// @param batches the number of these batches
/// @param createdAt when it was taken
public record Snapshot(
    SnapshotLabel label, long position, Model model, long rows, long batches, Instant createdAt) {}
