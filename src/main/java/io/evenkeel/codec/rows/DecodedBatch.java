package io.evenkeel.codec.rows;

import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.admission.ReceivedStatistics;
import java.util.Optional;

/// A body's rows, or the last part of them, and the shape in which to answer.
///
/// @param outputGradients what came beside the rows of a backward pass
/// @param moments what came instead of rows
public record DecodedBatch(
    ReceivedBatch batch,
    RowShape shape,
    Optional<ReceivedBatch> outputGradients,
    Optional<ReceivedStatistics> moments) {

  public static DecodedBatch ofRows(ReceivedBatch batch, RowShape shape) {
    return new DecodedBatch(batch, shape, Optional.empty(), Optional.empty());
  }

  /// How much memory its numbers take.
  public long bytes() {
    return (long) Double.BYTES * batch.rows() * batch.features();
  }

  /// How much memory that takes which is kept of its rows to be answered as it came.
  public long kept() {
    return shape.kept() * Double.BYTES;
  }

  /// The first rows alone.
  public DecodedBatch first(int rows) {
    return new DecodedBatch(batch.first(rows), shape, Optional.empty(), Optional.empty());
  }
}
