package io.evenkeel.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Prints doubles as the shortest decimal that reads back as the same double, straight into bytes:
/// character by character what [Double#toString(double)] says, which is valid JSON.
///
/// The algorithm is Schubfach: of the decimals of two lengths inside the interval that rounds to
/// the double, the shorter one, and of two of one length the nearer. Reference: Giulietti (2022),
/// "The Schubfach way to render doubles",
/// <https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f>.
final class NumberWriter {
  /// The room that a number may need while it is written; none is longer than 24 bytes.
  static final int ROOM = 32;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int FRACTION_BITS = 52;
  private static final long IMPLICIT_ONE = 1L << FRACTION_BITS;
  private static final int LEAST_BINARY_EXPONENT = -1074;
  private static final long LOW_63 = Long.MAX_VALUE;
  private static final int LONGEST = 17;
  private static final long[] TENS = new long[LONGEST + 1];

  static {
    TENS[0] = 1;
    for (int i = 1; i <= LONGEST; i++) {
      TENS[i] = 10 * TENS[i - 1];
    }
  }

  private NumberWriter() {}

  /// Writes a finite number.
  ///
  /// @param to has [#ROOM] bytes from `at` on
  /// @return the index behind the number
  static int write(double x, byte[] to, int at) {
    long bits = Double.doubleToRawLongBits(x);
    int next = at;
    if (bits < 0) {
      to[next++] = '-';
    }
    long fraction = bits & (IMPLICIT_ONE - 1);
    int biased = (int) (bits >>> FRACTION_BITS) & 0x7FF;
    if (biased == 0) {
      return fraction == 0 ? zero(to, next) : subnormal(fraction, to, next);
    }
    int q = biased + LEAST_BINARY_EXPONENT - 1;
    long c = fraction | IMPLICIT_ONE;
    if (q < 0 && q > -53 && Long.numberOfTrailingZeros(c) >= -q) {
      return decimal(c >> -q, 0, to, next);
    }
    return shortest(q, c, 0, to, next);
  }

  /// Of the two least doubles ten times as much is looked at: they would have one digit else.
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

  /// Writes c · 2^q · 10^dk: figure 9 of the paper, with its names.
  private static int shortest(int q, long c, int dk, byte[] to, int at) {
    long out = c & 1;
    long cb = c << 2;
    boolean regular = c != IMPLICIT_ONE || q == LEAST_BINARY_EXPONENT;
    long cbl = regular ? cb - 2 : cb - 1;
    // ⌊log₁₀ 2^q⌋, or ⌊log₁₀ ¾ 2^q⌋
    int k = (int) ((q * 661_971_961_083L - (regular ? 0 : 274_743_187_321L)) >> 41);
    int h = q + (int) ((-k * 913_124_641_741L) >> 38) + 2;
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
      // which of the decimals is taken cannot be foretold: signs instead of branches
      long shorter = 10 * Math.multiplyHigh(s, 115_292_150_460_684_698L << 4);
      long down = (shorter << 2) - (vbl + out);
      long up = (vbr - out) - ((shorter + 10) << 2);
      long one = (down ^ up) >> 63;
      f ^= (f ^ (shorter + (10 & ~(up >> 63)))) & one;
    }
    return decimal(f, k + dk, to, at);
  }

  /// The decimal of full length: the only one of two neighbours within the interval, or the nearer.
  private static long longer(long s, long vb, long least, long greatest) {
    long down = (s << 2) - least;
    long up = greatest - ((s + 1) << 2);
    long one = (down ^ up) >> 63;
    long beyondMiddle = (s << 2) + 2 - vb - (s & 1);
    return s + (((one & ~up) | (~one & beyondMiddle)) >>> 63);
  }

  /// The product of a power of 126 bits and a number of 64, less the lowest bits, of which the last
  /// one kept tells whether any was set.
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
    // as 17 digits: one, eight, eight
    long digits = f * TENS[LONGEST - length];
    long upper = digits / 100_000_000;
    long last = ascii((int) (digits - upper * 100_000_000));
    int lead = (int) (upper / 100_000_000);
    long middle = ascii((int) (upper - lead * 100_000_000L));
    int point = e + length;
    if (point > 0 && point <= 7) {
      return plain(lead, middle, last, point, to, at);
    }
    int next = at;
    if (point > -3 && point <= 0) {
      LONGS.set(to, next, 0x3030_3030_3030_2E30L);
      next += 2 - point;
      to[next] = (byte) ('0' + lead);
      return tail(middle, last, to, next + 1, 0);
    }
    to[next] = (byte) ('0' + lead);
    to[next + 1] = '.';
    next = tail(middle, last, to, next + 2, 1);
    to[next++] = 'E';
    return exponent(point - 1, to, next);
  }

  /// Digits with a point behind the first few of them.
  private static int plain(int lead, long middle, long last, int point, byte[] to, int at) {
    if (point == 1) {
      to[at] = (byte) ('0' + lead);
      to[at + 1] = '.';
      return tail(middle, last, to, at + 2, 1);
    }
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
  /// @param least how many stay, be they zeros
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
    long fours = eight / 10_000 | (long) (eight % 10_000) << 32;
    long hundreds = ((fours * 5_243) >>> 19) & 0x0000_007F_0000_007FL;
    long pairs = hundreds | (fours - 100 * hundreds) << 16;
    long tens = ((pairs * 103) >>> 10) & 0x000F_000F_000F_000FL;
    return (tens | (pairs - 10 * tens) << 8) + 0x3030303030303030L;
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
