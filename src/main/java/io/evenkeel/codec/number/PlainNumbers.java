package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Reads plain decimals that stand behind one another with a comma and at most one space between
/// them, and those of the next rows, as most numbers of JSON do. A decimal is plain if it has no
/// exponent, at most eighteen digits behind the point, and at most seven characters before it, or
/// eight if it has no point. [NumberReader] reads any other.
///
/// | step                                                       | class          | vectors |
/// |------------------------------------------------------------|----------------|---------|
/// | where numbers end                                          | [NumberEnds]   | yes     |
/// | where a number begins and has its point; its parts         | this           | no      |
/// | whether these are digits, the number of each, the value    | [DecimalParts] | yes     |
///
/// Each step does many numbers. No step needs the result of the number before, so a processor works
/// on many at once. Used by one thread at a time.
public final class PlainNumbers {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /// How many bytes behind the end of a number may be looked at.
  private static final int ROOM = 32;

  private static final int STRIDE = DecimalParts.STRIDE;
  private static final int MOST_BEHIND_POINT = 18;
  private static final int NO_ROW = -1;

  private static final long ZEROS = 0x3030_3030_3030_3030L;
  private static final long POINTS = 0x2E2E_2E2E_2E2E_2E2EL;
  private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
  private static final double[] SIGNS = {1, -1};

  /// The reader of each thread that nobody uses. Its arrays would be dear to make for each text.
  private static final ThreadLocal<@Nullable PlainNumbers> IDLE = new ThreadLocal<>();

  /// By how many digits there are behind the point, and by part: the bits that are values of
  /// digits.
  private static final long[] DIGITS = new long[32 * 4];

  static {
    for (int digits = 1; digits <= MOST_BEHIND_POINT; digits++) {
      for (int part = 0; part < 3; part++) {
        int ofPart = Math.clamp(digits - part * 8, 0, 8);
        long bytes = ofPart == 8 ? -1 : (1L << (ofPart * 8)) - 1;
        DIGITS[digits * 4 + part] = bytes & 0x0F0F_0F0F_0F0F_0F0FL;
      }
    }
  }

  private final NumberEnds ends = new NumberEnds();
  private final DecimalParts decimals = new DecimalParts();
  private final double[] values = new double[NumberEnds.TOGETHER];
  private final int[] lasts = new int[NumberEnds.TOGETHER];
  private int rows;
  private int behind;

  /// The index of the number that should end the row.
  private int last;

  private int width;
  private char between;

  PlainNumbers() {}

  /// Lends a thread its reader for a text, or another one while it is lent. The bytes must not
  /// change until [#giveBack].
  public static PlainNumbers lend() {
    PlainNumbers idle = IDLE.get();
    IDLE.set(null);
    PlainNumbers plain = idle == null ? new PlainNumbers() : idle;
    plain.begin();
    return plain;
  }

  /// Begins another text.
  void begin() {
    ends.forget();
  }

  /// Gives the reader back.
  public void giveBack() {
    IDLE.set(this);
  }

  /// The numbers that were read last.
  public double[] values() {
    return values;
  }

  /// The index behind the number that was read last.
  public int behind() {
    return behind;
  }

  /// How many rows have ended before the number that was read last, each where it had all its
  /// numbers.
  public int rows() {
    return rows;
  }

  /// The index behind the bracket of the last of these rows.
  public int behindRows() {
    return ends.ends()[lasts[rows - 1]] + 1;
  }

  /// Reads numbers, up to the first that is not plain or stands so near to the end that it may go
  /// on behind it.
  ///
  /// @param left how many numbers the row lacks; the next row is not read if it has others
  /// @param width how many numbers the next rows have
  /// @param between the character between the bracket of a row and that of the next, which a space
  ///   may follow
  /// @return how many numbers were read
  public int read(byte[] bytes, int from, int end, int left, int width, char between) {
    int[] ends = this.ends.ends();
    int count = Math.min(this.ends.find(bytes, from, end), NumberEnds.TOGETHER);
    while (count > 0 && ends[count - 1] > end - ROOM) {
      count--;
    }
    rows = 0;
    last = left - 1;
    this.width = width;
    this.between = between;
    count = take(bytes, from, count);
    count = decimals.values(values, count);
    while (rows > 0 && lasts[rows - 1] >= count - 1) {
      rows--;
    }
    if (count > 0) {
      behind = ends[count - 1];
    }
    this.ends.pass(count);
    return count;
  }

  /// Takes the parts of numbers.
  ///
  /// @return how many were taken
  private int take(byte[] bytes, int from, int count) {
    int[] ends = this.ends.ends();
    long[] parts = decimals.parts();
    double[] signs = decimals.signs();
    int start = from;
    int i = 0;
    while (i < count) {
      long head = (long) LONGS.get(bytes, start);
      // 1 if the first character is a minus, without a branch, which would be hard to predict
      int minus = ((((int) head & 0xFF) ^ '-') - 1) >>> (Integer.SIZE - 1);
      long text = head >>> (minus << 3);
      // the high bit of each byte before and with the first point
      long point = ~((text ^ POINTS) + LOW_BITS) & ~LOW_BITS;
      int before = Long.numberOfTrailingZeros(point);
      int at = start + minus + (before >>> 3);
      int end = ends[i];
      int digits = end - at - 1;
      if (Integer.compareUnsigned(digits - 1, MOST_BEHIND_POINT) >= 0) {
        int length = end - start - minus;
        if (digits >= 0 || length <= 0 || length > Long.BYTES - minus) {
          break;
        }
        before = length * Byte.SIZE + Byte.SIZE - 1;
        digits = 0;
      } else if (point == 0) {
        break;
      }
      if ((text & 0xF0FF) == 0x3030) {
        // a zero and another digit
        break;
      }
      int mask = (digits & 31) << 2;
      parts[i] = (text ^ ZEROS) << (Long.SIZE + Byte.SIZE - 1 - before);
      parts[i + STRIDE] = (long) LONGS.get(bytes, at + 1) & DIGITS[mask];
      parts[i + 2 * STRIDE] = (long) LONGS.get(bytes, at + 9) & DIGITS[mask + 1];
      parts[i + 3 * STRIDE] = (long) LONGS.get(bytes, at + 17) & DIGITS[mask + 2];
      signs[i] = SIGNS[minus & 1];
      int next = (int) INTS.get(bytes, end);
      if ((next & 0xFFFF) == (',' | ' ' << 8)) {
        start = end + 2;
      } else if ((next & 0xFF) == ',') {
        start = end + 1;
      } else {
        start = nextRow(bytes, end, next, i);
        if (start == NO_ROW) {
          // the array ends, or the number goes on
          i += (next & 0xFF) == ']' ? 1 : 0;
          break;
        }
      }
      i++;
    }
    return i;
  }

  /// Begins the next row, if one is behind the number that should end this row.
  ///
  /// @param next the characters behind the number
  /// @return the index of the first number of the next row
  private int nextRow(byte[] bytes, int end, int next, int index) {
    int open = end + ((next >>> 16 & 0xFF) == ' ' ? 3 : 2);
    boolean ends = index == last && (next & 0xFFFF) == (']' | between << 8);
    if (!ends || bytes[open] != '[') {
      return NO_ROW;
    }
    lasts[rows++] = index;
    last += width;
    return open + 1;
  }
}
