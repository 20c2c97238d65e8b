package io.evenkeel.codec.rows;

import io.evenkeel.admission.ReceivedBatch;
import java.util.function.Consumer;

/// How the rows of a body leave its reader before the body ends.
public sealed interface Cutting {

  /// All rows stay until the body ends: it is one batch.
  record Whole() implements Cutting {}

  /// Rows leave in large blocks: the body is one batch of any length.
  ///
  /// @param taker takes each block at once, because the reader uses its arrays again
  record Blocks(Consumer<ReceivedBatch> taker) implements Cutting {}

  /// Rows leave in batches: the body is a stream. A batch leaves as soon as enough rows follow it
  /// for another batch.
  ///
  /// @param rows how many rows a batch has, at least 1
  /// @param least how many rows the last batch has at least; fewer rows join the batch before
  /// @param taker takes and keeps each batch; it gives back the memory of the batch's numbers and
  ///   of everything kept for its rows
  record Batches(int rows, int least, Consumer<DecodedBatch> taker) implements Cutting {}
}
