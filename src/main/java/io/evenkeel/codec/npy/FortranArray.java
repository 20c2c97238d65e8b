package io.evenkeel.codec.npy;

import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowBytes;
import java.util.Arrays;

/// Holds all bytes of an array in Fortran order, column after column. The first row is complete
/// only when the last column has come.
final class FortranArray {
  private static final int FIRST = 1 << 12;

  private final MemoryShare memory;
  private final int length;
  private byte[] bytes = new byte[0];
  private int size;

  /// @param length of the array in bytes
  FortranArray(MemoryShare memory, int length) {
    this.memory = memory;
    this.length = length;
  }

  void feed(byte[] more, int offset, int count) {
    if (bytes.length - size < count) {
      // at most twice the bytes that have come, whatever the header says
      long room = Math.max(Math.max(FIRST, bytes.length * 2L), size + (long) count);
      grow((int) Math.min(length, room));
    }
    System.arraycopy(more, offset, bytes, size, count);
    size += count;
  }

  private void grow(int room) {
    memory.take(room);
    int before = bytes.length;
    bytes = Arrays.copyOf(bytes, room);
    memory.giveBack(before);
  }

  /// Feeds the whole array to a target, row after row.
  ///
  /// @param width of a number in bytes
  void rows(int features, int width, RowBytes target) {
    int rows = length / (features * width);
    byte[] row = new byte[features * width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < features; j++) {
        System.arraycopy(bytes, (j * rows + i) * width, row, j * width, width);
      }
      target.feed(row, 0, row.length);
    }
    memory.giveBack(bytes.length);
    bytes = new byte[0];
  }
}
