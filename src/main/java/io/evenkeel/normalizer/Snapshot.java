package io.evenkeel.normalizer;

import java.time.Instant;

/// A state of a normalizer that was kept under a label.
///
/// @param position of the log at which it was taken
/// @param model what inference needs of it
/// @param rows rows of all batches that it was made of
/// @param batches their number
/// @param createdAt when it was taken
public record Snapshot(
    SnapshotLabel label, long position, Model model, long rows, long batches, Instant createdAt) {}
