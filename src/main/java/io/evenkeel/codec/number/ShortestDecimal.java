package io.evenkeel.codec.number;

/// Finds the shortest decimal f · 10^k that reads back as a double c · 2^q. Of all decimals that
/// round to the double it is the shortest; of two that are equally short, the nearer.
///
/// One product of 64 and 128 bits finds it. For the few doubles that need more bits the algorithm
/// Schubfach does. Reference: Giulietti (2022), "The Schubfach way to render doubles",
/// <https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f>.
final class ShortestDecimal {
  /// The most digits of f.
  static final int LONGEST = 17;

  static final int FRACTION_BITS = 52;
  static final long IMPLICIT_ONE = 1L << FRACTION_BITS;
  static final int LEAST_BINARY_EXPONENT = -1074;
  private static final int BIASED_EXPONENTS = 1 << 11;
  private static final long LOW_63 = Long.MAX_VALUE;

  /// log₁₀ 2 times 2^41; the next constant is log₂ 10 times 2^38.
  private static final long LOG10_OF_2 = 661_971_961_083L;

  private static final long LOG2_OF_10 = 913_124_641_741L;

  /// 2^64 / 10, rounded up: an exact quotient of what is less than 2^57.
  private static final long TENTH = 0x1999_9999_9999_999AL;

  /// By the biased exponent of a double: the upper and lower half of 2^q / 10^(k+1) in 2^-128,
  /// rounded down, and k. All are 0 where there are no normal doubles.
  private static final long[] HIGH = new long[BIASED_EXPONENTS];

  private static final long[] LOW = new long[BIASED_EXPONENTS];
  private static final short[] POWER = new short[BIASED_EXPONENTS];

  static {
    for (int biased = 1; biased < BIASED_EXPONENTS - 1; biased++) {
      int q = biased + LEAST_BINARY_EXPONENT - 1;
      // the greatest k with 10^k ≤ 2^q
      int k = (int) ((q * LOG10_OF_2) >> 41);
      long high = PowersOfTen.high(-k - 1);
      long low = PowersOfTen.low(-k - 1);
      // at most 3 bits: the ratio is at least 1/10
      int shift = -q - 1 - (int) ((-(k + 1) * LOG2_OF_10) >> 38);
      HIGH[biased] = high >>> shift;
      LOW[biased] = low >>> shift | high << 1 << (Long.SIZE - 1 - shift);
      POWER[biased] = (short) k;
    }
  }

  private ShortestDecimal() {}

  /// The exponent of a double as its bits have it.
  static int biased(long bits) {
    return (int) (bits >>> FRACTION_BITS) & (BIASED_EXPONENTS - 1);
  }

  /// k of the decimal that [#nearest] finds.
  static int power(long bits) {
    return POWER[biased(bits)];
  }

  /// The shortest decimal of a normal double c · 2^q, whose neighbours are equally far away, in
  /// units of 10^k.
  ///
  /// k is the greatest with 10^k ≤ 2^q. In units of 10^(k+1) the double is x = c · r, which has 15
  /// or 16 digits before the point. x is calculated once, to 64 bits behind the point; it is too
  /// small by less than 2 units of the last bit. The interval that rounds to the double reaches
  /// from x by r / 2, at least 1/20 and less than 1/2, to either side. So the shortest decimal is
  /// the integer nearest to x if the interval holds it. Otherwise it has one digit behind the
  /// point, the nearest.
  ///
  /// @return f, of 16 or 17 digits, with k from [#power(long)]; 0 if the double is no such number
  ///   or 64 bits do not suffice, so that [#shortest] has to find the decimal
  static long nearest(long bits) {
    long fraction = bits & (IMPLICIT_ONE - 1);
    if (fraction == 0) {
      return 0;
    }
    int biased = biased(bits);
    long c = fraction | IMPLICIT_ONE;
    long high = HIGH[biased];
    long low = LOW[biased];
    long integer = Math.unsignedMultiplyHigh(c, high);
    // the bits behind the point: at least 0 up to the middle, then negative
    long rest = c * high;
    // r is exact for doubles from 2^-37 to 2^53
    if (low != 0) {
      long carry = Math.unsignedMultiplyHigh(c, low);
      rest += carry;
      if (Long.compareUnsigned(rest, carry) < 0) {
        integer++;
      }
    }
    // from the end of the interval to the nearest integer, in 2^-64
    long beyond = Math.abs(rest) - (high >>> 1);
    // the nearest digit in 2^-60
    long digit = (rest >>> 4) * 10 + (1L << 59);
    if ((beyond + 16) >>> 5 == 0 || ((digit + 64) & ((1L << 60) - 1)) >>> 7 == 0) {
      return 0;
    }
    // signs instead of branches, which would be hard to predict
    long inside = beyond >> 63;
    return 10 * (integer - ((rest >> 63) & inside)) + ((digit >>> 60) & ~inside);
  }

  /// The shortest decimal of c · 2^q by figure 9 of the paper, with its names.
  ///
  /// @return f; [#power(int, long)] is its k
  static long shortest(int q, long c) {
    long out = c & 1;
    long cb = c << 2;
    long cbl = isRegular(q, c) ? cb - 2 : cb - 1;
    int k = power(q, c);
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
    return f;
  }

  /// Whether both neighbours are equally far away.
  private static boolean isRegular(int q, long c) {
    return c != IMPLICIT_ONE || q == LEAST_BINARY_EXPONENT;
  }

  /// k of the decimal that [#shortest] finds: ⌊log₁₀ 2^q⌋, or ⌊log₁₀ ¾ 2^q⌋.
  static int power(int q, long c) {
    return (int) ((q * LOG10_OF_2 - (isRegular(q, c) ? 0 : 274_743_187_321L)) >> 41);
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
}
