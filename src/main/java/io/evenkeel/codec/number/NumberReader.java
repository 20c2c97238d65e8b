package io.evenkeel.codec.number;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/// Reads the decimal numbers of JSON from bytes. Each is correctly rounded to the nearest double
/// (ties to even), in one pass and without allocating.
///
/// | decimal                                        | way                                           |
/// |------------------------------------------------|-----------------------------------------------|
/// | w · 10^q with w ≤ 10^15 and −22 ≤ q ≤ 22        | one exact multiplication or division          |
/// | up to 19 significant digits                    | w times the 128-bit power of ten              |
/// | more digits                                    | the library FastDoubleParser                  |
///
/// A number beyond the largest double becomes ±∞; a number below half the least double becomes ±0.
/// References: Clinger (1990), <https://doi.org/10.1145/93548.93557>; Lemire (2021),
/// <https://doi.org/10.1002/spe.2984>; Mushtak and Lemire (2023),
/// <https://doi.org/10.1002/spe.3198>, who prove that the second way never needs a fallback. Used
/// by one thread at a time.
public final class NumberReader {
  /// [#read] returns this if the bytes end inside the number or directly behind it.
  public static final int CUT_OFF = -1;

  /// [#read] returns this if the bytes are no number; [#fault] tells where.
  public static final int MALFORMED = -2;

  private static final int MOST_DIGITS = 19;

  /// Above it, and above 2^53, one exact operation does not suffice. It is less than 2^53, because
  /// numbers of 16 digits are on either side of that, and a branch by it would be hard to predict.
  private static final long MOST_EXACT = 1_000_000_000_000_000L;

  private static final int MOST_EXPONENT = 99_999;
  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private double value;
  private int fault;

  /// The number that was read last.
  public double value() {
    return value;
  }

  /// The index at which the bytes stopped being a number.
  public int fault() {
    return fault;
  }

  /// Reads the number that begins at an index with a digit or a minus.
  ///
  /// @param end the index behind the last byte
  /// @param whole whether the number may end with the bytes
  /// @return the index behind the number, or [#CUT_OFF], or [#MALFORMED]
  public int read(byte[] bytes, int from, int end, boolean whole) {
    int at = from;
    boolean negative = bytes[at] == '-';
    if (negative) {
      at++;
    }
    int first = at;
    long w = 0;
    int digit;
    while (at < end && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
      w = w * 10 + digit;
      at++;
    }
    int digits = at - first;
    if (digits == 0) {
      return stopped(at, end, whole);
    }
    if (digits > 1 && bytes[first] == '0') {
      return malformed(first + 1);
    }
    int exponent = 0;
    if (at < end && bytes[at] == '.') {
      at++;
      int fraction = at;
      if (end - at >= 2 * Long.BYTES) {
        long eight = EightDigits.at(bytes, at);
        int more = EightDigits.count(eight);
        w = EightDigits.behind(w, eight, more);
        at += more;
        if (more == Long.BYTES) {
          eight = EightDigits.at(bytes, at);
          more = EightDigits.count(eight);
          w = EightDigits.behind(w, eight, more);
          at += more;
        }
      }
      while (at < end && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
        w = w * 10 + digit;
        at++;
      }
      exponent = fraction - at;
      if (exponent == 0) {
        return stopped(at, end, whole);
      }
      digits -= exponent;
    }
    if (at < end && (bytes[at] | 0x20) == 'e') {
      at++;
      boolean down = at < end && bytes[at] == '-';
      if (down || (at < end && bytes[at] == '+')) {
        at++;
      }
      int power = 0;
      int begin = at;
      while (at < end && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
        power = Math.min(power * 10 + digit, MOST_EXPONENT);
        at++;
      }
      if (at == begin) {
        return stopped(at, end, whole);
      }
      exponent += down ? -power : power;
    }
    if (at == end && !whole) {
      return CUT_OFF;
    }
    value =
        digits <= MOST_DIGITS || significant(bytes, first, digits) <= MOST_DIGITS
            ? (negative ? -magnitude(w, exponent) : magnitude(w, exponent))
            : JavaDoubleParser.parseDouble(bytes, from, at - from);
    return at;
  }

  private int stopped(int at, int end, boolean whole) {
    return at == end && !whole ? CUT_OFF : malformed(at);
  }

  private int malformed(int at) {
    fault = at;
    return MALFORMED;
  }

  /// How many of the digits come after the leading zeros.
  private static int significant(byte[] bytes, int first, int digits) {
    int at = first;
    int left = digits;
    while (left > 0 && (bytes[at] == '0' || bytes[at] == '.')) {
      left -= bytes[at] == '0' ? 1 : 0;
      at++;
    }
    return left;
  }

  /// The double nearest to w · 10^q.
  ///
  /// @param w unsigned, at most 19 digits
  static double magnitude(long w, int q) {
    if (w >= 0 && w <= MOST_EXACT && q >= -22 && q <= 22) {
      return q < 0 ? w / EXACT_POWERS[-q] : w * EXACT_POWERS[q];
    }
    if (w == 0 || q < PowersOfTen.LEAST) {
      return 0;
    }
    return q > 308 ? Double.POSITIVE_INFINITY : product(w, q);
  }

  private static double product(long w, int q) {
    int zeros = Long.numberOfLeadingZeros(w);
    long m = w << zeros;
    long power = PowersOfTen.high(q);
    long high = Math.unsignedMultiplyHigh(m, power);
    long low = m * power;
    if ((high & 0x1FF) == 0x1FF) {
      // the proof has the reciprocals of powers of five below 2^64 rounded up
      boolean rounded = q < 0 && q >= -27;
      // the 55 bits that count could still change by what the lower half of the power adds
      long carry = Math.unsignedMultiplyHigh(m, PowersOfTen.low(q) + (rounded ? 1 : 0));
      low += carry;
      if (Long.compareUnsigned(low, carry) < 0) {
        high++;
      }
    }
    int upper = (int) (high >>> 63);
    int shift = upper + 9;
    long mantissa = high >>> shift;
    // ⌊q log₂ 10⌋ + 63, and the bias
    int binary = (((152_170 + 65_536) * q) >> 16) + 63 + upper - zeros + 1023;
    if (binary <= 0) {
      return subnormal(mantissa, binary);
    }
    boolean halfway = Long.compareUnsigned(low, 1) <= 0 && q >= -4 && q <= 23;
    if (halfway && (mantissa & 3) == 1 && mantissa << shift == high) {
      mantissa &= ~1L;
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    if (mantissa >= 1L << 53) {
      mantissa = 1L << 52;
      binary++;
    }
    return binary >= 0x7FF
        ? Double.POSITIVE_INFINITY
        : Double.longBitsToDouble((mantissa & ~(1L << 52)) | (long) binary << 52);
  }

  private static double subnormal(long mantissa, int binary) {
    if (1 - binary >= Long.SIZE) {
      return 0;
    }
    long shifted = mantissa >>> (1 - binary);
    return Double.longBitsToDouble((shifted + (shifted & 1)) >>> 1);
  }
}
