package io.evenkeel.codec;

import java.util.Arrays;

/// Doubles in the making, never boxed.
final class DoubleList {
  private double[] values = new double[64];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  double get(int index) {
    return values[index];
  }

  void clear() {
    size = 0;
  }

  double[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /// Up to `count` values from an index on.
  double[] slice(int from, int count) {
    int start = Math.min(from, size);
    return Arrays.copyOfRange(values, start, Math.min(size, start + count));
  }
}
