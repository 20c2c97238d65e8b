package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Prints doubles into bytes, each as the shortest decimal that reads back as the same double. The
/// characters are those of [Double#toString(double)], which are valid JSON.
///
/// [ShortestDecimal] finds the decimal; this class spells it, and leaves to [FixedPoint] what that
/// can spell.
final class NumberWriter {
  /// How many bytes a number may need while it is written; finished it has at most 24.
  static final int ROOM = 32;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LONGEST = ShortestDecimal.LONGEST;

  /// 2^89 / 10^8, rounded up: an exact quotient of what is less than 2^57.
  private static final long HUNDRED_MILLIONTH = 0x55E6_3B88_C230_E77FL;

  /// How many numbers are worked on together.
  private static final int TOGETHER = 256;

  private static final ByteBuffer NULL =
      ByteBuffer.wrap("null".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
  private static final long[] TENS = new long[LONGEST + 1];
  private static final long SIXTEEN_DIGITS = 10_000_000_000_000_000L;

  static {
    TENS[0] = 1;
    for (int i = 1; i <= LONGEST; i++) {
      TENS[i] = 10 * TENS[i - 1];
    }
  }

  /// Its arrays would be dear to make for each answer.
  private static final ThreadLocal<NumberWriter> EACH_THREAD =
      ThreadLocal.withInitial(NumberWriter::new);

  private final FixedPoint fixed = new FixedPoint();

  /// The writer of this thread. It keeps nothing from one call to the next.
  static NumberWriter ofThread() {
    return EACH_THREAD.get();
  }

  /// Writes numbers with commas between them, `null` for NaN, and something else than a comma
  /// between rows.
  ///
  /// @param width how many numbers a row has
  /// @param between three bytes between rows, the first in the lowest byte
  /// @param to has [#ROOM] bytes a number from `at` on
  /// @return the index behind the numbers
  int write(double[] values, int from, int behind, int width, int between, byte[] to, int at) {
    if (behind == from) {
      return at;
    }
    fixed.begin(width, between);
    int next = at;
    for (int start = from; start < behind; start += TOGETHER) {
      int count = Math.min(TOGETHER, behind - start);
      boolean together = count >= FixedPoint.FEW && fixed.take(values, start, count);
      int i = 0;
      while (i < count) {
        if (together) {
          i = fixed.put(values, start, i, count, to, next);
          next = fixed.behind();
        }
        if (i < count) {
          next = fixed.separate(to, one(values[start + i], to, next));
          i++;
        }
      }
    }
    return next - fixed.separator();
  }

  /// Writes a number, or `null` for NaN.
  static int one(double x, byte[] to, int at) {
    long bits = Double.doubleToRawLongBits(x);
    long f = ShortestDecimal.nearest(bits);
    if (f == 0) {
      return special(x, to, at);
    }
    long short16 = (f - SIXTEEN_DIGITS) >> 63;
    int point = ShortestDecimal.power(bits) + LONGEST + (int) short16;
    return digits(f + (9 * f & short16), point, to, signed(x, to, at));
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
    long fraction = bits & (ShortestDecimal.IMPLICIT_ONE - 1);
    if (biased(bits) == 0) {
      return fraction == 0 ? zero(to, next) : subnormal(fraction, to, next);
    }
    int q = exponent(bits);
    long c = significand(bits);
    if (isInteger(q, c)) {
      return decimal(c >> -q, 0, to, next);
    }
    long f = ShortestDecimal.nearest(bits);
    return f == 0
        ? decimal(ShortestDecimal.shortest(q, c), ShortestDecimal.power(q, c), to, next)
        : decimal(f, ShortestDecimal.power(bits), to, next);
  }

  /// Writes a minus, which the first digit overwrites if the number is not negative. A branch would
  /// be hard to predict: normalised numbers have either sign.
  private static int signed(double x, byte[] to, int at) {
    to[at] = '-';
    return at + (int) (Double.doubleToRawLongBits(x) >>> 63);
  }

  private static int biased(long bits) {
    return (int) (bits >>> ShortestDecimal.FRACTION_BITS) & 0x7FF;
  }

  /// q of the normal double c · 2^q.
  private static int exponent(long bits) {
    return biased(bits) + ShortestDecimal.LEAST_BINARY_EXPONENT - 1;
  }

  /// c of the normal double c · 2^q.
  private static long significand(long bits) {
    return (bits & (ShortestDecimal.IMPLICIT_ONE - 1)) | ShortestDecimal.IMPLICIT_ONE;
  }

  /// Whether c · 2^q is an integer whose decimal is c without some of its bits.
  private static boolean isInteger(int q, long c) {
    return q < 0 && q > -53 && Long.numberOfTrailingZeros(c) >= -q;
  }

  /// Writes a subnormal double. The two least doubles are computed ten times as large; otherwise
  /// they would have a single digit.
  private static int subnormal(long c, byte[] to, int at) {
    int q = ShortestDecimal.LEAST_BINARY_EXPONENT;
    long f = ShortestDecimal.shortest(q, c < 3 ? 10 * c : c);
    return decimal(f, ShortestDecimal.power(q, c) - (c < 3 ? 1 : 0), to, at);
  }

  private static int zero(byte[] to, int at) {
    to[at] = '0';
    to[at + 1] = '.';
    to[at + 2] = '0';
    return at + 3;
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
    long last = EightTexts.of(f - upper * 100_000_000);
    int lead = (int) ((upper * 1_441_151_881) >>> 57);
    long middle = EightTexts.of(upper - lead * 100_000_000L);
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
