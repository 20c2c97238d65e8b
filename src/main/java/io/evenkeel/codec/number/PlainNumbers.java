package io.evenkeel.codec.number;

/// Reads plain decimals that stand behind one another with a comma and at most one space between
/// them, as most numbers of JSON do. A decimal is plain if it has no exponent, at most nine digits
/// before the point and at most nineteen in all, which make an integer below 9 · 10^18.
/// [NumberReader] reads any other.
///
/// It reads the digits of many decimals, then rounds them. Each of these two loops is so short that
/// a processor begins the next number before it has finished the last, and the compiler makes
/// vectors of the second. Used by one thread at a time.
///
/// A decimal is w / p, where w is the integer of its digits and p is ±10^k with k ≤ 18, so p is a
/// double. It is rounded in these steps:
///
/// | step                         | error                                             |
/// |------------------------------|---------------------------------------------------|
/// | h = w rounded, l = w − h     | none in h + l, because l has at most ten bits     |
/// | q = h / p rounded            | made good by r                                    |
/// | r = h − q · p, fused         | none: the remainder of a rounded quotient         |
/// | d = (r + l) / p              | two roundings: less than 2^-51 of d               |
/// | q + d                        | the rounding of the result                        |
///
/// The result is the double nearest to w / p, for these reasons. A middle between two doubles is m
/// · 2^-j, where m is odd and 2^-j is half the step between them. Next to w / p, j is at least 23,
/// because w / p is below 10^9. The distance of the middle from w / p is |w · 2^(j−k) − m · 5^k| /
/// (2^j · 5^k). The numerator is an odd integer, so the distance is at least 2^-j / 5^18, more than
/// 2^-42 · 2^-j. And d is less than 8 · 2^-j, so its error is less than 2^-48 · 2^-j. No middle
/// lies between w / p and q + d, so both round alike.
///
/// The remainder needs a fused multiply-add, which 64-bit ARM has and x86-64 since 2013. Without it
/// Java computes the same result slowly. Reference for the remainder: Markstein (1990),
/// <https://doi.org/10.1147/rd.341.0111>.
public final class PlainNumbers {
  /// How many numbers are read together.
  private static final int TOGETHER = 64;

  /// How many bytes may be looked at from the beginning of a number on.
  private static final int ROOM = 32;

  private static final int MOST_BEFORE_POINT = 9;
  private static final int MOST_DIGITS = 19;
  private static final int NOT_PLAIN = -1;

  /// Next to 2^63 the difference between an integer and its double would overflow.
  private static final long TOO_MANY = 9_000_000_000_000_000_000L;

  /// Where the negative powers begin.
  private static final int MINUS = 32;

  /// p by the number of digits behind the point.
  private static final double[] POWERS = powers();

  private final double[] values = new double[TOGETHER];
  private final long[] digits = new long[TOGETHER];
  private final double[] powers = new double[TOGETHER];

  private int behind;

  /// The numbers that were read last.
  public double[] values() {
    return values;
  }

  /// The index behind the number that was read last.
  public int behind() {
    return behind;
  }

  /// Reads numbers, up to the first that is not plain or stands so near to the end that it may go
  /// on behind it.
  ///
  /// @param from the index of the first number
  /// @param end the index behind the last byte
  /// @return how many numbers were read
  public int read(byte[] bytes, int from, int end) {
    int count = scan(bytes, from, end - ROOM);
    round(digits, powers, values, count);
    return count;
  }

  private static double[] powers() {
    double[] powers = new double[2 * MINUS];
    double power = 1;
    for (int scale = 0; scale < MOST_DIGITS; scale++) {
      powers[scale] = power;
      powers[scale + MINUS] = -power;
      power *= 10;
    }
    return powers;
  }

  /// All values in plain steps, of which the compiler makes vectors.
  private static void round(long[] digits, double[] powers, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      long w = digits[i];
      double p = powers[i];
      double h = (double) w;
      double l = (double) (w - (long) h);
      double q = h / p;
      double r = Math.fma(-q, p, h);
      values[i] = q + (r + l) / p;
    }
  }

  private int scan(byte[] bytes, int from, int last) {
    int start = from;
    int count = 0;
    while (count < TOGETHER && start <= last) {
      int at = plain(bytes, start, count);
      if (at == NOT_PLAIN) {
        break;
      }
      behind = at;
      count++;
      if (bytes[at] != ',') {
        break;
      }
      start = at + (bytes[at + 1] == ' ' ? 2 : 1);
    }
    return count;
  }

  /// @return the index behind the number
  private int plain(byte[] bytes, int start, int index) {
    int minus = bytes[start] == '-' ? 1 : 0;
    int first = start + minus;
    if (!isDigit(bytes[first])) {
      return NOT_PLAIN;
    }
    int digit = bytes[first] - '0';
    long w = digit;
    int at = first + 1;
    if (bytes[at] != '.') {
      at = behindDigits(bytes, first);
      w = integer(bytes, first, at);
    }
    int scale = 0;
    if (bytes[at] == '.') {
      int fraction = at + 1;
      long eight = EightDigits.at(bytes, fraction);
      int more = EightDigits.count(eight);
      if (more < Long.BYTES) {
        w = EightDigits.behind(w, eight, more);
        at = fraction + more;
      } else {
        // a constant, so that the next load need not wait for the count
        w = EightDigits.behind(w, eight, Long.BYTES);
        at = fraction + Long.BYTES;
        eight = EightDigits.at(bytes, at);
        more = EightDigits.count(eight);
        w = EightDigits.behind(w, eight, more);
        at += more;
        // a loop would be compiled as one that runs often
        if (isDigit(bytes[at])) {
          w = w * 10 + bytes[at++] - '0';
          if (isDigit(bytes[at])) {
            w = w * 10 + bytes[at++] - '0';
          }
        }
      }
      scale = at - fraction;
      if (scale == 0 || at - first > MOST_DIGITS + 1) {
        return NOT_PLAIN;
      }
    }
    if (goesOn(bytes[at]) || Long.compareUnsigned(w, TOO_MANY) >= 0) {
      return NOT_PLAIN;
    }
    digits[index] = w;
    powers[index] = POWERS[scale + minus * MINUS];
    return at;
  }

  /// The index behind the digits before the point: one digit if it is 0.
  private static int behindDigits(byte[] bytes, int first) {
    int most = first + (bytes[first] == '0' ? 1 : MOST_BEFORE_POINT);
    int at = first;
    while (at < most && isDigit(bytes[at])) {
      at++;
    }
    return at;
  }

  private static long integer(byte[] bytes, int from, int behind) {
    long w = 0;
    for (int i = from; i < behind; i++) {
      w = w * 10 + bytes[i] - '0';
    }
    return w;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean goesOn(byte b) {
    return isDigit(b) || (b | 0x20) == 'e';
  }
}
