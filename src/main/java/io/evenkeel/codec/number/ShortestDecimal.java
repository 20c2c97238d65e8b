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

  /// By the biased exponent of a double: the power of ten 10^−k, how many bits c is shifted for it,
  /// and k. All are 0 where there are no normal doubles.
  private static final long[] HIGH = new long[BIASED_EXPONENTS];

  private static final long[] LOW = new long[BIASED_EXPONENTS];
  private static final byte[] SHIFT = new byte[BIASED_EXPONENTS];
  private static final short[] POWER = new short[BIASED_EXPONENTS];

  static {
    for (int biased = 1; biased < BIASED_EXPONENTS - 1; biased++) {
      int q = biased + LEAST_BINARY_EXPONENT - 1;
      // the greatest k with 10^k ≤ 2^q
      int k = (int) ((q * LOG10_OF_2) >> 41);
      HIGH[biased] = PowersOfTen.high(-k);
      LOW[biased] = PowersOfTen.low(-k);
      SHIFT[biased] = (byte) (q + (int) ((-k * LOG2_OF_10) >> 38) + 1);
      POWER[biased] = (short) k;
    }
  }

  private ShortestDecimal() {}

  private static int biased(long bits) {
    return (int) (bits >>> FRACTION_BITS) & (BIASED_EXPONENTS - 1);
  }

  /// k of the decimal that [#nearest] finds.
  static int power(long bits) {
    return POWER[biased(bits)];
  }

  /// The shortest decimal of a normal double c · 2^q, whose neighbours are equally far away, in
  /// units of 10^k.
  ///
  /// k is the greatest with 10^k ≤ 2^q. In units of 10^k the double is x, which has 16 or 17 digits
  /// before the point. x is calculated once, to 64 bits behind the point; it is too small by less
  /// than 2 units of the last bit. The interval that rounds to the double is at least 1 and less
  /// than 10 wide. So the shortest decimal is the multiple of 10 nearest to x if the interval holds
  /// it, and the integer nearest to x otherwise.
  ///
  /// @return f, of 16 or 17 digits, with k from [#power(long)]; 0 if the double is no such number
  ///   or 64 bits do not suffice, so that [#shortest] has to find the decimal
  static long nearest(long bits) {
    long fraction = bits & (IMPLICIT_ONE - 1);
    if (fraction == 0) {
      return 0;
    }
    int biased = biased(bits);
    int h = SHIFT[biased];
    long high = HIGH[biased];
    long scaled = (fraction | IMPLICIT_ONE) << h;
    long carry = Math.unsignedMultiplyHigh(scaled, LOW[biased]);
    long product = scaled * high;
    long rest = product + carry;
    // whether the sum ran over
    long over = ((product & carry) | ((product | carry) & ~rest)) >>> 63;
    long integer = Math.unsignedMultiplyHigh(scaled, high) + over;
    long tens = 10 * Math.multiplyHigh(integer, TENTH);
    // from the multiple of 10 below to x, and from x to either end of the interval, in 2^-59
    long above = (integer - tens) << 59 | rest >>> 5;
    long half = high >>> (6 - h);
    long down = above - half;
    long up = above + half - (10L << 59);
    if (isDoubtful(down) || isDoubtful(up) || isDoubtful(rest - Long.MIN_VALUE)) {
      return 0;
    }
    // signs instead of branches, which would be hard to predict
    long f = integer + (rest >>> 63);
    long inside = (down | ~up) >> 63;
    return f ^ ((f ^ (tens + (10 & ~(up >> 63)))) & inside);
  }

  /// Whether a difference is so small that its sign may be wrong.
  private static boolean isDoubtful(long difference) {
    return (difference + 32) >>> 6 == 0;
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
