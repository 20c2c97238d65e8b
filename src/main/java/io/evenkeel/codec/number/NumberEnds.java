package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Finds where the numbers of a text end, without reading them: behind each character of a number,
/// which is a digit, a point or a minus, that a character of another kind follows. `/` counts among
/// them, because it stands between the point and the digits.
///
/// It looks at eight bytes at once and marks each that may be of a number by one bit. The compiler
/// makes vectors of that loop. Then 64 bits tell where the numbers of 64 bytes end. Used by one
/// thread at a time.
final class NumberEnds {
  /// How many ends are found together at least, if the text has so many.
  static final int TOGETHER = 256;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// How many times eight bytes are marked together.
  private static final int WORDS = 256;

  /// Ends are found four at a time.
  private static final int FOUR = 4;

  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /// Added to a character, it sets the high bit if that is beyond `9`.
  private static final long BEYOND = 0x4646_4646_4646_4646L;

  /// Added to a character, it sets the high bit if that is `-` or beyond.
  private static final long REACHED = 0x5353_5353_5353_5353L;

  /// Multiplied by it, the high bits of eight bytes move into the highest byte.
  private static final long GATHERED = 0x0002_0408_1020_4081L;

  private static final long ALL_EIGHT = 0xFF;

  private final long[] marks = new long[WORDS];
  private final int[] ends = new int[TOGETHER + WORDS * Long.BYTES / 2 + FOUR];
  private int passed;
  private int behind;

  /// The index behind the last byte that was looked at.
  private int looked;

  /// 1 if that byte may be of a number.
  private long inside;

  /// Forgets the text.
  void forget() {
    passed = 0;
    behind = 0;
    looked = 0;
  }

  /// The ends in ascending order.
  int[] ends() {
    return ends;
  }

  /// Finds the ends of the number at an index and of the next ones.
  ///
  /// @param from never below the index of the call before, for the same text
  /// @param end the index behind the last byte
  /// @return how many ends were found
  int find(byte[] bytes, int from, int end) {
    while (passed < behind && ends[passed] <= from) {
      passed++;
    }
    System.arraycopy(ends, passed, ends, 0, behind - passed);
    behind -= passed;
    passed = 0;
    if (looked < from) {
      looked = from;
      inside = 0;
    }
    while (behind < TOGETHER && looked < end) {
      look(bytes, end);
    }
    return behind;
  }

  /// Passes the first ends.
  void pass(int count) {
    passed = count;
  }

  /// Looks at the next bytes. The last seven have no numbers that could be read.
  private void look(byte[] bytes, int end) {
    int words = Math.min(WORDS, (end - looked) / Long.BYTES);
    mark(bytes, looked, marks, words);
    // as if the last number went on
    Arrays.fill(marks, words, Math.min(WORDS, words + Long.BYTES - 1), ALL_EIGHT);
    find(words);
    looked = words == WORDS ? looked + WORDS * Long.BYTES : end;
  }

  private static void mark(byte[] bytes, int from, long[] marks, int words) {
    for (int i = 0; i < words; i++) {
      long x = (long) LONGS.get(bytes, from + Long.BYTES * i);
      long ofNumber = (x + REACHED) & ~((x + BEYOND) | x) & HIGH_BITS;
      marks[i] = (ofNumber * GATHERED) >>> 56;
    }
  }

  private static long together(long[] marks, int from) {
    return marks[from]
        | marks[from + 1] << 8
        | marks[from + 2] << 16
        | marks[from + 3] << 24
        | marks[from + 4] << 32
        | marks[from + 5] << 40
        | marks[from + 6] << 48
        | marks[from + 7] << 56;
  }

  /// Finds four ends of each 64 bytes whether there are as many or not, so that the number of
  /// rounds rarely changes.
  private void find(int words) {
    int[] ends = this.ends;
    int to = behind;
    int at = looked;
    long before = inside;
    for (int word = 0; word < words; word += Long.BYTES) {
      long ofNumber = together(marks, word);
      long left = ~ofNumber & (ofNumber << 1 | before);
      before = ofNumber >>> (Long.SIZE - 1);
      int behind = to + Long.bitCount(left);
      do {
        ends[to] = at + Long.numberOfTrailingZeros(left);
        left &= left - 1;
        ends[to + 1] = at + Long.numberOfTrailingZeros(left);
        left &= left - 1;
        ends[to + 2] = at + Long.numberOfTrailingZeros(left);
        left &= left - 1;
        ends[to + 3] = at + Long.numberOfTrailingZeros(left);
        left &= left - 1;
        to += FOUR;
      } while (left != 0);
      to = behind;
      at += Long.SIZE;
    }
    behind = to;
    inside = before;
  }
}
