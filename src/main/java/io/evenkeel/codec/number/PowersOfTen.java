package io.evenkeel.codec.number;

import java.math.BigInteger;

/// The powers of ten for the exponents of doubles, to 128 bits. Reading and printing decimals share
/// them.
///
/// For each q from −342 to 324, h and l are the high and low halves of ⌊10^q / 2^e⌋. The exponent e
/// is the one for which the highest of the 128 bits is 1.
final class PowersOfTen {
  /// The least exponent: below it every number of 19 digits rounds to 0.
  static final int LEAST = -342;

  /// The greatest exponent: printing the least double needs it.
  static final int GREATEST = 324;

  private static final int BITS = 128;
  private static final long[] HIGH = new long[GREATEST - LEAST + 1];
  private static final long[] LOW = new long[GREATEST - LEAST + 1];

  static {
    BigInteger power = BigInteger.ONE;
    for (int q = 0; q <= -LEAST; q++) {
      if (q <= GREATEST) {
        set(q, normalized(power));
      }
      if (q > 0) {
        BigInteger dividend = BigInteger.ONE.shiftLeft(power.bitLength() + BITS);
        set(-q, normalized(dividend.divide(power)));
      }
      power = power.multiply(BigInteger.TEN);
    }
  }

  private PowersOfTen() {}

  private static BigInteger normalized(BigInteger power) {
    return power.shiftRight(power.bitLength() - BITS);
  }

  private static void set(int q, BigInteger bits) {
    HIGH[q - LEAST] = bits.shiftRight(Long.SIZE).longValue();
    LOW[q - LEAST] = bits.longValue();
  }

  /// h, unsigned.
  static long high(int q) {
    return HIGH[q - LEAST];
  }

  /// l, unsigned.
  static long low(int q) {
    return LOW[q - LEAST];
  }
}
