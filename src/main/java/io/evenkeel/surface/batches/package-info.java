/// Batches over HTTP: normalise, observe, gradients and the inverse, of one body or of a stream.
///
/// Start reading at [io.evenkeel.surface.batches.BatchController], then
/// [io.evenkeel.surface.batches.BatchStreams].
@NullMarked
package io.evenkeel.surface.batches;

import org.jspecify.annotations.NullMarked;
