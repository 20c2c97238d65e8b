package io.evenkeel.codec.rows;

import io.evenkeel.admission.ReceivedBatch;
import java.util.function.Consumer;

/// How the rows of a body leave its reader before the body ends.
public sealed interface Cutting {

  /// They do not: the body is one batch, held whole.
  record Whole() implements Cutting {}

  /// In blocks that are large enough to be worth it: the body is one batch of any length.
  ///
  /// @param taker takes each block at once; its arrays are used again afterwards
  record Blocks(Consumer<ReceivedBatch> taker) implements Cutting {}

  /// In batches of their own: the body is a stream. A batch is handed on once it is known that what
  /// follows is not so short that it has to join it.
  ///
  /// @param rows of each batch, at least 1
  /// @param least how many rows the last batch has at least; fewer join the batch before
  /// @param taker takes each batch, and keeps it; it gives the memory of its numbers and of what is
  ///   kept back
  record Batches(int rows, int least, Consumer<DecodedBatch> taker) implements Cutting {}
}
