package io.evenkeel.codec.rows;

import io.evenkeel.admission.ReceivedBatch;
import io.evenkeel.admission.ReceivedStatistics;
import java.util.Optional;

/// The rows of a body, or their last part, and the shape of the answer.
///
/// @param outputGradients the gradients that came beside the rows of a backward pass
/// @param moments the moments that came instead of rows
public record DecodedBatch(
    ReceivedBatch batch,
    RowShape shape,
    Optional<ReceivedBatch> outputGradients,
    Optional<ReceivedStatistics> moments) {

  /// Rows alone.
  public static DecodedBatch ofRows(ReceivedBatch batch, RowShape shape) {
    return new DecodedBatch(batch, shape, Optional.empty(), Optional.empty());
  }

  /// N.
  public int rows() {
    return batch.rows();
  }

  /// The index in the body of the first row.
  public long firstRow() {
    return batch.firstRow();
  }

  /// How many bytes its numbers take.
  public long bytes() {
    return (long) Double.BYTES * batch.rows() * batch.features();
  }

  /// How many bytes everything takes that is kept for the answer, such as columns that are no
  /// feature.
  public long kept() {
    return shape.kept() * Double.BYTES;
  }

  /// The same batch, answered in a dialect if it is answered as CSV.
  public DecodedBatch in(CsvDialect dialect) {
    return dialect.equals(shape.dialect())
        ? this
        : new DecodedBatch(batch, shape.in(dialect), outputGradients, moments);
  }

  /// The batch of the first rows.
  public DecodedBatch first(int rows) {
    return new DecodedBatch(batch.first(rows), shape, Optional.empty(), Optional.empty());
  }
}
