package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Prints doubles whose absolute value is at least 0.001 and below 1,000,000, as most normalised
/// numbers are: the digits before the point, the point, and up to 19 digits behind it. It leaves to
/// the caller all others, powers of two, and the few whose decimal [FixedPointDigits] does not
/// find.
///
/// | text                                         | bytes  | array     |
/// |----------------------------------------------|--------|-----------|
/// | minus, digits before the point, point        | 2 to 8 | `wholes`  |
/// | eight digits                                 | 8      | `middles` |
/// | eight digits                                 | 8      | `lasts`   |
/// | three digits, of which zeros do not count    | 3      | `threes`  |
///
/// It takes many numbers, makes the digits of all and their texts, then puts these behind one
/// another. Each of these loops is so short that a processor begins the next number before it has
/// finished the last, or that one instruction does many numbers. Used by one thread at a time.
final class FixedPoint {
  /// How many numbers are worth the loops. The compiler makes vectors of none that often end early.
  static final int FEW = 64;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /// How many bytes stand between rows.
  private static final int BETWEEN = 3;

  /// How 0 to 999 are spelled with a point behind them, the first digit in the lowest byte, and in
  /// the highest byte how many characters that is; behind each the same with a minus before it.
  private static final long[] WHOLES = new long[1 << 11];

  /// How 000 to 999 are spelled, the first digit in the lowest byte, and in the highest how many of
  /// 19 digits there are when these are the last and zeros do not count; 0 for 000. It is longer
  /// than that, so that no index can be beyond it.
  private static final int[] THREE_DIGITS = new int[1 << 10];

  static {
    for (int i = 0; i < 1_000; i++) {
      int three = EightTexts.four(i) >>> Byte.SIZE;
      int length = i < 10 ? 1 : i < 100 ? 2 : 3;
      long point = (long) '.' << (Byte.SIZE * length);
      long text = three >>> (Byte.SIZE * (3 - length)) | point;
      WHOLES[i << 1] = text | (length + 1L) << 56;
      WHOLES[i << 1 | 1] = text << Byte.SIZE | '-' | (length + 2L) << 56;
      int used = i == 0 ? 0 : i % 100 == 0 ? 17 : i % 10 == 0 ? 18 : 19;
      THREE_DIGITS[i] = three | used << 24;
    }
  }

  private FixedPointDigits digits = new FixedPointDigits(0);
  private EightTexts eights = new EightTexts(0);
  private long[] middles = new long[0];
  private long[] lasts = middles;
  private int[] wholes = new int[0];
  private int[] threes = wholes;

  private int width;
  private int between;
  private int left;
  private int behind;

  /// Begins rows.
  ///
  /// @param width how many numbers a row has
  /// @param between three bytes between rows, the first in the lowest byte
  void begin(int width, int between) {
    this.width = width;
    this.between = between;
    left = width;
  }

  /// Takes numbers and makes their texts.
  ///
  /// @param count of the numbers, from `from` on
  /// @return whether [#put] can print most of them
  boolean take(double[] values, int from, int count) {
    room(count);
    int others = digits.take(values, from, count);
    if (others > count >> 1) {
      return false;
    }
    digits.find(count);
    eights.spell(digits.firsts(), middles, count);
    eights.spell(digits.seconds(), lasts, count);
    toInts(digits.wholes(), wholes, count);
    toInts(digits.threes(), threes, count);
    return true;
  }

  private void room(int most) {
    if (threes.length < most) {
      digits = new FixedPointDigits(most);
      eights = new EightTexts(most);
      middles = new long[most];
      lasts = new long[most];
      wholes = new int[most];
      threes = new int[most];
    }
  }

  private static void toInts(double[] from, int[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (int) from[i];
    }
  }

  /// Puts the texts of numbers, each with a comma or the end of its row behind it, up to the first
  /// whose text is not known.
  ///
  /// @param values the numbers that were taken, from `start` on
  /// @return the index of that number, or `end`
  int put(double[] values, int start, int from, int end, byte[] to, int at) {
    long[] middles = this.middles;
    long[] lasts = this.lasts;
    int[] wholes = this.wholes;
    int[] threes = this.threes;
    int left = this.left;
    int next = at;
    int i = from;
    for (; i < end && threes[i] >= 0; i++) {
      // a branch by the sign would be hard to predict: normalised numbers have either
      int sign = (int) (Double.doubleToRawLongBits(values[start + i]) >>> 63);
      int whole = wholes[i];
      if (whole < 1_000) {
        long text = WHOLES[(whole << 1 | sign) & (WHOLES.length - 1)];
        LONGS.set(to, next, text);
        next += (int) (text >>> 56);
      } else {
        next = great(whole, sign, to, next);
      }
      long middle = middles[i];
      long last = lasts[i];
      int three = THREE_DIGITS[threes[i] & (THREE_DIGITS.length - 1)];
      LONGS.set(to, next, middle);
      LONGS.set(to, next + Long.BYTES, last);
      INTS.set(to, next + 2 * Long.BYTES, three);
      int used = Math.max(three >>> 24, Long.BYTES + used(last));
      next += used > Long.BYTES ? used : Math.max(1, used(middle));
      to[next++] = ',';
      if (--left == 0) {
        left = width;
        INTS.set(to, next - 1, between);
        next += BETWEEN - 1;
      }
    }
    this.left = left;
    behind = next;
    return i;
  }

  /// How many of eight digits there are without the zeros at their end.
  private static int used(long text) {
    return Long.BYTES - (Long.numberOfLeadingZeros(text ^ EightTexts.ZEROS) >>> 3);
  }

  /// Puts the digits before the point and the point, of at least 1,000.
  private static int great(int whole, int sign, byte[] to, int at) {
    int thousands = whole / 1_000;
    long text = WHOLES[thousands << 1 | sign];
    int next = at + (int) (text >>> 56) - 1;
    LONGS.set(to, at, text);
    INTS.set(to, next, THREE_DIGITS[whole - thousands * 1_000]);
    to[next + 3] = '.';
    return next + 4;
  }

  /// Puts a comma or the end of a row behind a number of the caller.
  int separate(byte[] to, int at) {
    to[at] = ',';
    if (--left > 0) {
      return at + 1;
    }
    left = width;
    INTS.set(to, at, between);
    return at + BETWEEN;
  }

  /// Behind the number that was put last.
  int behind() {
    return behind;
  }

  /// How many bytes the separator has that was put last.
  int separator() {
    return left == width ? BETWEEN : 1;
  }
}
