package io.evenkeel.codec.rows;

import java.util.Arrays;

/// A list of doubles that grows and never boxes them.
public final class DoubleList {
  private static final double[] NONE = {};

  private final MemoryShare memory;
  private double[] values = NONE;
  private int size;

  /// @param memory is asked before the list grows
  public DoubleList(MemoryShare memory) {
    this.memory = memory;
  }

  /// Adds a value.
  public void add(double value) {
    if (size == values.length) {
      grow(Math.max(64, size * 2L));
    }
    values[size++] = value;
  }

  /// Adds the first values of an array.
  public void addAll(double[] more, int count) {
    if (values.length - size < count) {
      grow(Math.max(64, Math.max(size * 2L, size + (long) count)));
    }
    System.arraycopy(more, 0, values, size, count);
    size += count;
  }

  private void grow(long room) {
    memory.take(room * Double.BYTES);
    int before = values.length;
    values = Arrays.copyOf(values, Math.toIntExact(room));
    memory.giveBack((long) before * Double.BYTES);
  }

  /// How many values there are.
  public int size() {
    return size;
  }

  /// The value at an index.
  public double get(int index) {
    return values[index];
  }

  /// Removes the first values.
  public void forget(int count) {
    int gone = Math.min(count, size);
    System.arraycopy(values, gone, values, 0, size - gone);
    size -= gone;
  }

  /// A copy of all values.
  public double[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /// A copy of up to `count` values from an index on.
  public double[] slice(int from, int count) {
    int start = Math.min(from, size);
    return Arrays.copyOfRange(values, start, Math.min(size, start + count));
  }
}
