package io.evenkeel.codec.rows;

/// The memory that a batch needs for values that are kept beside its numbers, as text or as they
/// came. They count among the numbers, each by the memory it takes, so that a batch has one bound.
public final class KeptValues {
  /// How many numbers would take as much memory as a kept value without its characters: two texts,
  /// the object that holds them, and its place in a list.
  private static final int VALUE = 16;

  /// How many bytes a row with kept members takes beside them: its list, and its places in the map
  /// of the body and in the map of the batch.
  static final int ROW = 160;

  private final long mostNumbers;
  private final MemoryShare memory;
  private long numbers;

  /// @param mostNumbers how many numbers may be held at once
  KeptValues(long mostNumbers, MemoryShare memory) {
    this.mostNumbers = mostNumbers;
    this.memory = memory;
  }

  /// How many bytes the characters of a text take: one each if all are Latin-1, else two.
  public static long bytesOf(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return (long) Character.BYTES * text.length();
      }
    }
    return text.length();
  }

  /// How many numbers would take as much memory as so many values with so many bytes in all.
  public static long numbers(long bytes, int values) {
    return (long) VALUE * values + bytes / Double.BYTES;
  }

  /// How many numbers would take as much memory as all that is kept.
  long numbers() {
    return numbers;
  }

  /// Counts values before they are kept.
  ///
  /// @throws BatchTooLarge if that is too much for a batch
  void add(long bytes, int values) {
    long more = numbers(bytes, values);
    if (numbers + more > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
    memory.take(more * Double.BYTES);
    numbers += more;
  }

  /// Forgets values that left with their rows.
  ///
  /// @param handed as many numbers as they take in the shape of those rows; the taker of the rows
  ///   gives them back
  /// @param left as many numbers as the values take that stay
  void forget(long handed, long left) {
    long before = numbers;
    numbers = left;
    // slices of an array are somewhat more than the array
    memory.take(Math.max(0, handed + left - before) * Double.BYTES);
    memory.giveBack(Math.max(0, before - handed - left) * Double.BYTES);
  }
}
