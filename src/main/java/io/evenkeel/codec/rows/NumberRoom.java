package io.evenkeel.codec.rows;

import java.util.Arrays;

/// Decides how large the array of a batch's numbers becomes as they arrive, and takes its memory
/// from the request's share.
final class NumberRoom {
  /// How many numbers get room before any has come, 8 MB.
  private static final int UNSEEN = 1 << 20;

  private final long mostNumbers;
  private final MemoryShare memory;
  private long expected;

  /// @param mostNumbers how many numbers may be held at once; at least one row is held
  NumberRoom(long mostNumbers, MemoryShare memory) {
    this.mostNumbers = mostNumbers;
    this.memory = memory;
  }

  /// Tells how many numbers to expect, so that the array need not grow step by step.
  void expect(long numbers) {
    expected = Math.min(numbers, mostNumbers);
  }

  /// Refuses a further row for which a batch has no room.
  ///
  /// @param numbers that would be held with it
  void require(long numbers) {
    if (numbers > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
  }

  /// A larger array with the same numbers.
  ///
  /// @param before how many numbers stand before the row that needs room
  /// @param width of that row
  /// @param isRaw whether the first array may have any numbers in it, because each is set before it
  ///   is read
  double[] grow(double[] values, int before, int width, boolean isRaw) {
    int length = length(values.length, before, width);
    if (isRaw && values.length == 0) {
      return memory.numbers(length);
    }
    memory.take((long) length * Double.BYTES);
    double[] grown = Arrays.copyOf(values, length);
    memory.giveBack((long) values.length * Double.BYTES);
    return grown;
  }

  private int length(int length, int before, int width) {
    long grown = Math.max(64, length * 2L);
    // the expected numbers get room at once, as soon as a part of them has come
    long fitting = expected > grown ? Math.min(expected, Math.max(grown, UNSEEN)) : grown;
    long wanted = length >= UNSEEN && expected > grown ? expected : fitting;
    return (int) Math.min(Math.max(before + (long) width, wanted), Math.max(width, mostNumbers));
  }
}
