package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.MemoryShare;

/// The room for the numbers of all tensors of a request.
final class TensorRoom {
  private final long most;
  private final MemoryShare memory;
  private long count;

  /// @param most the most numbers of a batch
  /// @param memory is asked before anything is held
  TensorRoom(long most, MemoryShare memory) {
    this.most = most;
    this.memory = memory;
  }

  MemoryShare memory() {
    return memory;
  }

  /// Counts numbers that come.
  ///
  /// @throws BatchTooLarge if they are too many
  void count(int more) {
    count += more;
    requireFits(count);
  }

  /// How many numbers an array gets that must hold so many: at least twice as many as before, but
  /// no more than a batch may have.
  int capacity(int before, long wanted) {
    return (int) Math.max(wanted, Math.min(Math.max(64, 2L * before), most));
  }

  /// Makes room for a matrix.
  ///
  /// @throws BatchTooLarge if it is too large
  double[] matrix(long rows, int features) {
    requireFits(rows * features);
    memory.take(rows * features * Double.BYTES);
    return new double[(int) (rows * features)];
  }

  private void requireFits(long numbers) {
    if (numbers > most) {
      throw new BatchTooLarge(most);
    }
  }
}
