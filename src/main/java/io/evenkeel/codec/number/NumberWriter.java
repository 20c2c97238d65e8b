package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Prints doubles into bytes, each as the shortest decimal that reads back as the same double. The
/// characters are those of [Double#toString(double)], which are valid JSON.
///
/// Of all decimals that round to the double, the shortest is printed; of two that are equally
/// short, the nearer. One product of 64 and 128 bits finds it. For the few doubles that need more
/// bits the algorithm Schubfach does. Reference: Giulietti (2022), "The Schubfach way to render
/// doubles", <https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f>.
final class NumberWriter {
  /// How many bytes a number may need while it is written; finished it has at most 24.
  static final int ROOM = 32;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /// How many bytes stand between rows.
  private static final int BETWEEN = 3;

  private static final int FRACTION_BITS = 52;
  private static final long IMPLICIT_ONE = 1L << FRACTION_BITS;
  private static final int LEAST_BINARY_EXPONENT = -1074;
  private static final long LOW_63 = Long.MAX_VALUE;
  private static final int LONGEST = 17;

  /// log₁₀ 2 times 2^41; the next constant is log₂ 10 times 2^38.
  private static final long LOG10_OF_2 = 661_971_961_083L;

  private static final long LOG2_OF_10 = 913_124_641_741L;

  /// 2^64 / 10, and 2^89 / 10^8, rounded up: exact quotients of what is less than 2^57.
  private static final long TENTH = 0x1999_9999_9999_999AL;

  private static final long HUNDRED_MILLIONTH = 0x55E6_3B88_C230_E77FL;

  /// How many numbers are worked on together.
  private static final int TOGETHER = 64;

  private static final ByteBuffer NULL =
      ByteBuffer.wrap("null".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
  private static final long[] TENS = new long[LONGEST + 1];

  /// How 0000 to 9999 are spelled, the first digit in the lowest byte.
  private static final int[] FOUR_DIGITS = new int[10_000];

  static {
    for (int i = 0; i < FOUR_DIGITS.length; i++) {
      FOUR_DIGITS[i] = 0x30303030 | i / 1000 | i / 100 % 10 << 8 | i / 10 % 10 << 16 | i % 10 << 24;
    }
    TENS[0] = 1;
    for (int i = 1; i <= LONGEST; i++) {
      TENS[i] = 10 * TENS[i - 1];
    }
  }

  private final long[] decimals = new long[TOGETHER];
  private final int[] points = new int[TOGETHER];

  /// Writes numbers with commas between them, `null` for NaN, and something else than a comma
  /// between rows.
  ///
  /// It computes the decimals of a group of numbers, then writes their digits. Each of these two
  /// loops is so short that a processor begins the next number before it has finished the last.
  ///
  /// @param width how many numbers a row has
  /// @param between three bytes between rows, the first in the lowest byte
  /// @param to has [#ROOM] bytes a number from `at` on
  /// @return the index behind the numbers
  int write(double[] values, int from, int behind, int width, int between, byte[] to, int at) {
    int next = at;
    int left = width;
    for (int start = from; start < behind; start += TOGETHER) {
      int count = Math.min(TOGETHER, behind - start);
      for (int i = 0; i < count; i++) {
        long bits = Double.doubleToRawLongBits(values[start + i]);
        long f = isPlain(bits) ? nearest(exponent(bits), significand(bits)) : 0;
        long short16 = (f - TENS[16]) >> 63;
        decimals[i] = f + (9 * f & short16);
        points[i] = tens(exponent(bits)) + LONGEST + (int) short16;
      }
      for (int i = 0; i < count; i++) {
        double x = values[start + i];
        next =
            decimals[i] == 0
                ? special(x, to, next)
                : digits(decimals[i], points[i], to, signed(x, to, next));
        left--;
        if (left == 0 && start + i + 1 < behind) {
          INTS.set(to, next, between);
          next += BETWEEN;
          left = width;
        } else {
          to[next++] = ',';
        }
      }
    }
    return behind > from ? next - 1 : next;
  }

  private static int special(double x, byte[] to, int at) {
    if (Double.isNaN(x)) {
      NULL.get(0, to, at, NULL.limit());
      return at + NULL.limit();
    }
    return write(x, to, at);
  }

  /// Writes a finite number.
  ///
  /// @param to has [#ROOM] bytes from `at` on
  /// @return the index behind the number
  static int write(double x, byte[] to, int at) {
    long bits = Double.doubleToRawLongBits(x);
    int next = signed(x, to, at);
    long fraction = bits & (IMPLICIT_ONE - 1);
    if (biased(bits) == 0) {
      return fraction == 0 ? zero(to, next) : subnormal(fraction, to, next);
    }
    int q = exponent(bits);
    long c = significand(bits);
    if (isInteger(q, c)) {
      return decimal(c >> -q, 0, to, next);
    }
    long f = isPlain(bits) ? nearest(q, c) : 0;
    return f == 0 ? shortest(q, c, 0, to, next) : decimal(f, tens(q), to, next);
  }

  /// Writes a minus, which the first digit overwrites if the number is not negative. A branch would
  /// be hard to predict: normalised numbers have either sign.
  private static int signed(double x, byte[] to, int at) {
    to[at] = '-';
    return at + (int) (Double.doubleToRawLongBits(x) >>> 63);
  }

  private static int biased(long bits) {
    return (int) (bits >>> FRACTION_BITS) & 0x7FF;
  }

  /// q of the normal double c · 2^q.
  private static int exponent(long bits) {
    return biased(bits) + LEAST_BINARY_EXPONENT - 1;
  }

  /// c of the normal double c · 2^q.
  private static long significand(long bits) {
    return (bits & (IMPLICIT_ONE - 1)) | IMPLICIT_ONE;
  }

  /// Whether c · 2^q is an integer whose decimal is c without some of its bits.
  private static boolean isInteger(int q, long c) {
    return q < 0 && q > -53 && Long.numberOfTrailingZeros(c) >= -q;
  }

  /// Whether a double is finite, normal, equally far away from both its neighbours, and no integer.
  private static boolean isPlain(long bits) {
    int biased = biased(bits);
    return biased != 0
        && biased != 0x7FF
        && (bits & (IMPLICIT_ONE - 1)) != 0
        && !isInteger(exponent(bits), significand(bits));
  }

  /// The greatest k with 10^k ≤ 2^q.
  private static int tens(int q) {
    return (int) ((q * LOG10_OF_2) >> 41);
  }

  /// The shortest decimal of c · 2^q, whose neighbours are equally far away, in units of 10^k.
  ///
  /// k is the greatest with 10^k ≤ 2^q. In units of 10^k the double is x, which has 16 or 17 digits
  /// before the point. x is calculated once, to 64 bits behind the point; it is too small by less
  /// than 2 units of the last bit. The interval that rounds to the double is at least 1 and less
  /// than 10 wide. So the shortest decimal is the multiple of 10 nearest to x if the interval holds
  /// it, and the integer nearest to x otherwise.
  ///
  /// @return 0 if 64 bits do not suffice and [#shortest] has to find the decimal
  private static long nearest(int q, long c) {
    int k = tens(q);
    int h = q + (int) ((-k * LOG2_OF_10) >> 38) + 1;
    long high = PowersOfTen.high(-k);
    long scaled = c << h;
    long carry = Math.unsignedMultiplyHigh(scaled, PowersOfTen.low(-k));
    long product = scaled * high;
    long fraction = product + carry;
    // whether the sum ran over
    long over = ((product & carry) | ((product | carry) & ~fraction)) >>> 63;
    long integer = Math.unsignedMultiplyHigh(scaled, high) + over;
    long tens = 10 * Math.multiplyHigh(integer, TENTH);
    // from the multiple of 10 below to x, and from x to either end of the interval, in 2^-59
    long above = (integer - tens) << 59 | fraction >>> 5;
    long half = high >>> (6 - h);
    long down = above - half;
    long up = above + half - (10L << 59);
    if (isDoubtful(down) || isDoubtful(up) || isDoubtful(fraction - Long.MIN_VALUE)) {
      return 0;
    }
    // signs instead of branches, which would be hard to predict
    long f = integer + (fraction >>> 63);
    long inside = (down | ~up) >> 63;
    return f ^ ((f ^ (tens + (10 & ~(up >> 63)))) & inside);
  }

  /// Whether a difference is so small that its sign may be wrong.
  private static boolean isDoubtful(long difference) {
    return (difference + 32) >>> 6 == 0;
  }

  /// Writes a subnormal double. The two least doubles are computed ten times as large; otherwise
  /// they would have a single digit.
  private static int subnormal(long c, byte[] to, int at) {
    return c < 3
        ? shortest(LEAST_BINARY_EXPONENT, 10 * c, -1, to, at)
        : shortest(LEAST_BINARY_EXPONENT, c, 0, to, at);
  }

  private static int zero(byte[] to, int at) {
    to[at] = '0';
    to[at + 1] = '.';
    to[at + 2] = '0';
    return at + 3;
  }

  /// Writes c · 2^q · 10^dk by figure 9 of the paper, with its names.
  private static int shortest(int q, long c, int dk, byte[] to, int at) {
    long out = c & 1;
    long cb = c << 2;
    boolean regular = c != IMPLICIT_ONE || q == LEAST_BINARY_EXPONENT;
    long cbl = regular ? cb - 2 : cb - 1;
    // ⌊log₁₀ 2^q⌋, or ⌊log₁₀ ¾ 2^q⌋
    int k = (int) ((q * LOG10_OF_2 - (regular ? 0 : 274_743_187_321L)) >> 41);
    int h = q + (int) ((-k * LOG2_OF_10) >> 38) + 2;
    long high = PowersOfTen.high(-k);
    long low = PowersOfTen.low(-k);
    // the power's highest 126 bits, plus 1, as two halves of 63
    long g0 = (((low >>> 2) | (high << 62)) & LOW_63) + 1;
    long g1 = high >>> 1;
    if (g0 < 0) {
      g0 = 0;
      g1++;
    }
    long vb = scaled(g1, g0, cb << h);
    long vbl = scaled(g1, g0, cbl << h);
    long vbr = scaled(g1, g0, (cb + 2) << h);
    long s = vb >> 2;
    long f = longer(s, vb, vbl + out, vbr - out);
    if (s >= 100) {
      // signs instead of branches, which would be hard to predict
      long shorter = 10 * Math.multiplyHigh(s, TENTH);
      long down = (shorter << 2) - (vbl + out);
      long up = (vbr - out) - ((shorter + 10) << 2);
      long one = (down ^ up) >> 63;
      f ^= (f ^ (shorter + (10 & ~(up >> 63)))) & one;
    }
    return decimal(f, k + dk, to, at);
  }

  /// The decimal of full length: of the two neighbours of the double the one inside the interval,
  /// otherwise the nearer.
  private static long longer(long s, long vb, long least, long greatest) {
    long down = (s << 2) - least;
    long up = greatest - ((s + 1) << 2);
    long one = (down ^ up) >> 63;
    long beyondMiddle = (s << 2) + 2 - vb - (s & 1);
    return s + (((one & ~up) | (~one & beyondMiddle)) >>> 63);
  }

  /// The product of a power of 126 bits and a number of 64 bits without its lowest bits. The last
  /// kept bit is set if any of those was.
  private static long scaled(long g1, long g0, long cp) {
    long x1 = Math.multiplyHigh(g0, cp);
    long y0 = g1 * cp;
    long y1 = Math.multiplyHigh(g1, cp);
    long z = (y0 >>> 1) + x1;
    long w = y1 + (z >>> 63);
    return w | ((z & LOW_63) + LOW_63) >>> 63;
  }

  /// Writes f · 10^e.
  ///
  /// @param f at most 17 digits, not 0
  private static int decimal(long f, int e, byte[] to, int at) {
    int length = ((Long.SIZE - Long.numberOfLeadingZeros(f)) * 1_233) >> 12;
    length += (int) ((TENS[length] - 1 - f) >>> 63);
    return digits(f * TENS[LONGEST - length], e + length, to, at);
  }

  /// Writes the 17 digits of f, the point behind the first `point` of them.
  private static int digits(long f, int point, byte[] to, int at) {
    // one, eight, eight
    long upper = Math.multiplyHigh(f, HUNDRED_MILLIONTH) >>> 25;
    long last = ascii((int) (f - upper * 100_000_000));
    int lead = (int) ((upper * 1_441_151_881) >>> 57);
    long middle = ascii((int) (upper - lead * 100_000_000L));
    if (point > -3 && point <= 1) {
      // 0.00d…, 0.0d…, 0.d… or d.… without branches, which would be hard to predict
      LONGS.set(to, at, 0x3030_3030_3030_2E30L);
      int one = point & ~(point >> 31) & 1;
      int first = at + ((2 - point) & (one - 1));
      to[first] = (byte) ('0' + lead);
      return tail(middle, last, to, first + 1 + one, one);
    }
    if (point > 0 && point <= 7) {
      return plain(lead, middle, last, point, to, at);
    }
    int next = at;
    to[next] = (byte) ('0' + lead);
    to[next + 1] = '.';
    next = tail(middle, last, to, next + 2, 1);
    to[next++] = 'E';
    return exponent(point - 1, to, next);
  }

  /// Digits with a point behind the first two to seven of them.
  private static int plain(int lead, long middle, long last, int point, byte[] to, int at) {
    to[at + 1] = (byte) ('0' + lead);
    int end = tail(middle, last, to, at + 2, point);
    for (int i = at; i < at + point; i++) {
      to[i] = to[i + 1];
    }
    to[at + point] = '.';
    return end;
  }

  /// Writes sixteen digits without the zeros at their end.
  ///
  /// @param least how many digits stay even if they are zeros
  private static int tail(long middle, long last, byte[] to, int at, int least) {
    LONGS.set(to, at, middle);
    LONGS.set(to, at + Long.BYTES, last);
    long zeros = 0x3030303030303030L;
    int used =
        last == zeros
            ? Long.BYTES - Long.numberOfLeadingZeros(middle ^ zeros) / Byte.SIZE
            : 2 * Long.BYTES - Long.numberOfLeadingZeros(last ^ zeros) / Byte.SIZE;
    return at + Math.max(used, least);
  }

  /// Eight digits, the first in the lowest byte.
  private static long ascii(int eight) {
    int upper = eight / 10_000;
    return FOUR_DIGITS[upper] | (long) FOUR_DIGITS[eight - upper * 10_000] << 32;
  }

  private static int exponent(int power, byte[] to, int at) {
    int next = at;
    int left = power;
    if (left < 0) {
      to[next++] = '-';
      left = -left;
    }
    if (left >= 100) {
      to[next++] = (byte) ('0' + left / 100);
    }
    if (left >= 10) {
      to[next++] = (byte) ('0' + left / 10 % 10);
    }
    to[next++] = (byte) ('0' + left % 10);
    return next;
  }
}
