package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Spells decimals whose absolute value is at least 0.001 and below 1,000, as most normalised
/// numbers are: the digits before the point, the point, and up to 19 digits behind it.
///
/// | text                                         | bytes  | array     |
/// |----------------------------------------------|--------|-----------|
/// | minus, digits before the point, point, three | 5 to 8 | `heads`   |
/// | eight digits                                 | 8      | `middles` |
/// | eight digits, of which zeros do not count    | 8      | `lasts`   |
///
/// It takes many decimals, then computes the texts of all, then puts them behind one another. Each
/// of these loops is so short that a processor begins the next number before it has finished the
/// last. Used by one thread at a time.
final class FixedPoint {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LEAST = Double.doubleToRawLongBits(1e-3);
  private static final long SPAN = Double.doubleToRawLongBits(1e3) - LEAST;
  private static final int DIGITS = 19;
  private static final long ZEROS = 0x3030_3030_3030_3030L;
  private static final int THREE_ZEROS = 0x30_3030;

  /// In place of lengths: a number that was not taken.
  private static final int OTHER = -1;

  /// 10^19, unsigned; 10^16 and 10^8.
  private static final long ONE = 0x8AC7_2304_89E8_0000L;

  private static final long SIXTEEN_DIGITS = 10_000_000_000_000_000L;
  private static final long EIGHT_DIGITS = 100_000_000;

  /// 2^115 / 10^16, rounded up: an exact quotient of what is less than 10^19.
  private static final long OF_SIXTEEN_DIGITS = 0x39A5_652F_B113_7857L;

  /// 2^89 / 10^8, rounded up: an exact quotient of what is less than 2^57.
  private static final long OF_EIGHT_DIGITS = 0x55E6_3B88_C230_E77FL;

  /// 2^40 / 10^4, rounded up: an exact quotient of what is less than 10^8.
  private static final long OF_FOUR_DIGITS = 109_951_163;

  /// By the biased exponent of a double: 10^(k+19), with k from [ShortestDecimal#power(long)]. It
  /// is 0 where there are no doubles to be spelled.
  private static final long[] SCALES = new long[1 << 11];

  /// How 0 to 999 are spelled with a point behind them, the first digit in the lowest byte, and in
  /// the highest byte how many characters that is.
  private static final long[] WHOLES = new long[1 << 10];

  /// How 000 to 999 and 0000 to 9999 are spelled, the first digit in the lowest byte. They are
  /// longer than that, so that no index can be beyond them.
  private static final int[] THREE_DIGITS = new int[1 << 10];

  private static final int[] FOUR_DIGITS = new int[1 << 14];

  static {
    for (int i = 0; i < 10_000; i++) {
      FOUR_DIGITS[i] =
          (int) ZEROS | i / 1000 | i / 100 % 10 << 8 | i / 10 % 10 << 16 | i % 10 << 24;
    }
    for (int i = 0; i < 1_000; i++) {
      THREE_DIGITS[i] = FOUR_DIGITS[i] >>> 8;
      int length = i < 10 ? 1 : i < 100 ? 2 : 3;
      int digits = THREE_DIGITS[i] >>> (Byte.SIZE * (3 - length));
      long point = (long) '.' << (Byte.SIZE * length);
      WHOLES[i] = digits | point | (length + 1L) << 56;
    }
    for (long bits = LEAST; bits <= LEAST + SPAN; bits += ShortestDecimal.IMPLICIT_ONE) {
      long scale = 1;
      for (int k = -DIGITS; k < ShortestDecimal.power(bits); k++) {
        scale *= 10;
      }
      SCALES[ShortestDecimal.biased(bits)] = scale;
    }
  }

  private final long[] heads;
  private final long[] middles;
  private final long[] lasts;

  /// In the lowest byte how many bytes the head has, above it how many digits stand behind it.
  private final int[] lengths;

  private int behind;

  /// @param most how many numbers are taken together
  FixedPoint(int most) {
    heads = new long[most];
    middles = new long[most];
    lasts = new long[most];
    lengths = new int[most];
  }

  /// Whether a double can be spelled by this.
  ///
  /// @param bits of the double
  private static boolean isInRange(long bits) {
    return Long.compareUnsigned((bits & Long.MAX_VALUE) - LEAST, SPAN) < 0;
  }

  /// Takes the decimals of numbers, of which [#spell] has to make texts before [#put]. The others
  /// are left to the caller.
  ///
  /// @param count of the numbers, from `from` on
  /// @param decimals where the decimals f · 10^k are put, with k from
  ///   [ShortestDecimal#power(long)]; 0 where [ShortestDecimal#nearest] finds none
  void take(double[] values, int from, int count, long[] decimals) {
    long[] heads = this.heads;
    int[] lengths = this.lengths;
    for (int i = 0; i < count; i++) {
      double x = values[from + i];
      long bits = Double.doubleToRawLongBits(x);
      long f = ShortestDecimal.nearest(bits);
      decimals[i] = f;
      if (f == 0 || !isInRange(bits)) {
        lengths[i] = OTHER;
        continue;
      }
      // no decimal has other digits before its point than the double
      int whole = (int) Math.abs(x);
      heads[i] = f * SCALES[ShortestDecimal.biased(bits)] - whole * ONE;
      lengths[i] = whole << 1 | (int) (bits >>> 63);
    }
  }

  /// Computes the texts of the numbers that were taken, from the digits behind the point, in
  /// `heads`, and the digits before it and the sign, in `lengths`.
  void spell(int count) {
    long[] heads = this.heads;
    long[] middles = this.middles;
    long[] lasts = this.lasts;
    int[] lengths = this.lengths;
    for (int i = 0; i < count; i++) {
      int whole = lengths[i];
      if (whole == OTHER) {
        continue;
      }
      long digits = heads[i];
      long three = Math.unsignedMultiplyHigh(digits, OF_SIXTEEN_DIGITS) >>> 51;
      long sixteen = digits - three * SIXTEEN_DIGITS;
      long upper = Math.multiplyHigh(sixteen, OF_EIGHT_DIGITS) >>> 25;
      long middle = ascii(upper);
      long last = ascii(sixteen - upper * EIGHT_DIGITS);
      long pointed = WHOLES[whole >> 1 & (WHOLES.length - 1)];
      int length = (int) (pointed >>> 56);
      int text = THREE_DIGITS[(int) three & (THREE_DIGITS.length - 1)];
      // a branch by the sign would be hard to predict: normalised numbers have either
      int sign = whole & 1;
      long head = (pointed & 0xFF_FFFF_FFFFL) | (long) text << (Byte.SIZE * length);
      heads[i] = head << (Byte.SIZE * sign) | ('-' & -sign);
      middles[i] = middle;
      lasts[i] = last;
      lengths[i] = used(text, middle, last) << Byte.SIZE | length + 3 + sign;
    }
  }

  /// How many digits stand behind the three, without the zeros at the end; negative if the three
  /// end in zeros, too. One digit stays.
  private static int used(int three, long middle, long last) {
    if (last != ZEROS) {
      return 2 * Long.BYTES - (Long.numberOfLeadingZeros(last ^ ZEROS) >>> 3);
    }
    if (middle != ZEROS) {
      return Long.BYTES - (Long.numberOfLeadingZeros(middle ^ ZEROS) >>> 3);
    }
    return Math.max(-2, 1 - Integer.numberOfLeadingZeros(three ^ THREE_ZEROS) / Byte.SIZE);
  }

  /// How a number below 10^8 is spelled with eight digits, the first in the lowest byte.
  static long ascii(long eight) {
    long upper = (eight * OF_FOUR_DIGITS) >>> 40;
    int most = FOUR_DIGITS.length - 1;
    return FOUR_DIGITS[(int) upper & most]
        | (long) FOUR_DIGITS[(int) (eight - upper * 10_000) & most] << Integer.SIZE;
  }

  /// Puts the texts of numbers, each with a comma behind it, up to the first that was not taken.
  ///
  /// @return the index of that number, or `end`
  int put(int from, int end, byte[] to, int at) {
    long[] heads = this.heads;
    long[] middles = this.middles;
    long[] lasts = this.lasts;
    int[] lengths = this.lengths;
    int next = at;
    int i = from;
    for (; i < end; i++) {
      int length = lengths[i];
      if (length == OTHER) {
        break;
      }
      LONGS.set(to, next, heads[i]);
      next += length & 0xFF;
      LONGS.set(to, next, middles[i]);
      LONGS.set(to, next + Long.BYTES, lasts[i]);
      next += length >> Byte.SIZE;
      to[next++] = ',';
    }
    behind = next;
    return i;
  }

  /// The index behind the comma that was put last.
  int behind() {
    return behind;
  }
}
