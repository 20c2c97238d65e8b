package io.evenkeel.surface.batches;

import io.evenkeel.codec.rows.DecodedBatch;

/// A batch of a stream.
///
/// @param index in its stream, from 0
/// @param admission validates it, by whichever definition is in force
record StreamedBatch(long index, DecodedBatch decoded, Admission admission) {

  /// How many bytes it takes until its answer is written: its numbers, the normalised ones, and the
  /// columns kept beside them.
  long bytes() {
    return 2 * decoded.bytes() + decoded.kept() + admission.shape().bytes();
  }
}
