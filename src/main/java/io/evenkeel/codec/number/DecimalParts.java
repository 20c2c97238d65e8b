package io.evenkeel.codec.number;

/// The digits of many plain decimals, in parts of at most eight, and their values. It reads and
/// rounds them in loops without a branch, which the compiler makes vectors of. Used by one thread
/// at a time.
///
/// | part      | digits                          | value | in [#parts] from               |
/// |-----------|---------------------------------|-------|--------------------------------|
/// | whole     | at most eight before the point  | I     | 0, as characters less `0`      |
/// | first     | eight behind the point          | A     | [#STRIDE], as values of digits |
/// | second    | the eight behind them           | B     | 2 · [#STRIDE], the same        |
/// | third     | two behind these                | C     | 3 · [#STRIDE], the same        |
///
/// The first digit is in the lowest byte. Digits that a decimal does not have are zeros: before the
/// whole part, behind the others.
///
/// The decimal is x = I + F / P with F = A · 10^10 + B · 10^2 + C and P = 10^18. It is rounded in
/// these steps:
///
/// | step                                  | error                                          |
/// |---------------------------------------|------------------------------------------------|
/// | a = A · 10^10, b = B · 10^2 + C       | none: they have 51 and 34 bits                 |
/// | h = a + b rounded, l = b − (h − a)    | none in h + l, because a is 0 or above b       |
/// | q = h · 10^-18                        | two roundings, made good by r                  |
/// | r = h − q · P, fused                  | none: r is less than 2^43 times 2^18 ulp(q)    |
/// | d = (r + l) · 10^-18                  | three roundings: less than 2^-51 of d          |
/// | s = I + q rounded, e = q − (s − I)    | none in s + e, because I is 0 or not below q   |
/// | s + (e + d)                           | the rounding of e + d, and of the result       |
///
/// The result is the double nearest to x, for these reasons. A middle between two doubles is m ·
/// 2^-j, where m is odd and 2^-j is half the step between them. Next to x, j is at least 26,
/// because x is below 10^8. x is w / 10^k with k ≤ 18, so the distance of the middle from x is |w ·
/// 2^(j−k) − m · 5^k| / (2^j · 5^k). The numerator is an odd integer, so the distance is at least
/// 2^-j / 5^18, more than 2^-42 · 2^-j. And |d| is less than 8 · 2^-j, |e| at most 2 · 2^-j, so the
/// errors of d and of e + d are together less than 2^-47 · 2^-j. No middle lies between x and s +
/// (e + d), so both round alike.
///
/// The remainder needs a fused multiply-add, which 64-bit ARM has and x86-64 since 2013. Without it
/// Java computes the same result slowly. References: Markstein (1990),
/// <https://doi.org/10.1147/rd.341.0111>; Dekker (1971), <https://doi.org/10.1007/BF01397083>.
final class DecimalParts {
  /// Where the next parts begin. It is no power of two, so that the parts of a decimal do not
  /// compete for the same lines of the cache.
  static final int STRIDE = NumberEnds.TOGETHER + 8;

  private static final int PARTS = 4;

  /// How many decimals are worth the loops. The compiler makes no vectors where loops often end
  /// early.
  private static final int FEW = 16;

  private static final double P = 1e18;
  private static final long OTHERS = 0x8080_8080_8080_8080L;

  private final long[] parts = new long[PARTS * STRIDE];
  private final double[] signs = new double[STRIDE];
  private final double[] numbers = new double[PARTS * STRIDE];

  /// The parts of all decimals.
  long[] parts() {
    return parts;
  }

  /// 1 or −1 by decimal.
  double[] signs() {
    return signs;
  }

  /// Makes the values of decimals, up to the first of which some part has other characters than
  /// digits.
  ///
  /// @return how many there are
  int values(double[] values, int count) {
    if (count < FEW || digits(count) != 0) {
      return oneByOne(values, count);
    }
    round(numbers, signs, values, count);
    return count;
  }

  /// @return 0 if all are digits
  private long digits(int count) {
    long others = twoDigits(parts, numbers, count);
    for (int part = 0; part < PARTS - 1; part++) {
      others |= digits(parts, numbers, part * STRIDE, part * STRIDE + count);
    }
    return others & OTHERS;
  }

  /// The same, one decimal at a time.
  private int oneByOne(double[] values, int count) {
    int i = 0;
    for (; i < count; i++) {
      long whole = parts[i];
      long first = parts[i + STRIDE];
      long second = parts[i + 2 * STRIDE];
      long third = parts[i + 3 * STRIDE];
      if (((other(whole) | other(first) | other(second) | other(third)) & OTHERS) != 0) {
        break;
      }
      values[i] =
          signs[i] * nearest(digits(whole), digits(first), digits(second), twoDigits(third));
    }
    return i;
  }

  /// Sets the high bit of a byte that is no digit, and perhaps of those behind it.
  private static long other(long part) {
    return (part + 0x7676_7676_7676_7676L) | part;
  }

  private static long digits(long[] parts, double[] numbers, int from, int to) {
    long others = 0;
    for (int i = from; i < to; i++) {
      others |= other(parts[i]);
      numbers[i] = digits(parts[i]);
    }
    return others;
  }

  private static long twoDigits(long[] parts, double[] numbers, int count) {
    long others = 0;
    for (int i = 3 * STRIDE; i < 3 * STRIDE + count; i++) {
      others |= other(parts[i]);
      numbers[i] = twoDigits(parts[i]);
    }
    return others;
  }

  /// The number that has these eight digits. It goes by pairs and fours; factors of more than 32
  /// bits would be slow in vectors.
  private static double digits(long eight) {
    long pairs = ((eight << 3) + (eight << 1) + (eight >>> 8)) & 0x00FF_00FF_00FF_00FFL;
    long fours = (pairs << 6) + (pairs << 5) + (pairs << 2) + (pairs >>> 16);
    return (int) ((fours & 0xFFFF) * 10_000 + ((fours >>> 32) & 0xFFFF));
  }

  private static double twoDigits(long two) {
    return (int) ((two & 0xF) * 10 + (two >>> 8));
  }

  private static void round(double[] numbers, double[] signs, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] =
          signs[i]
              * nearest(
                  numbers[i],
                  numbers[i + STRIDE],
                  numbers[i + 2 * STRIDE],
                  numbers[i + 3 * STRIDE]);
    }
  }

  private static double nearest(double whole, double first, double second, double third) {
    double a = first * 1e10;
    double b = second * 100 + third;
    double h = a + b;
    double l = b - (h - a);
    double q = h * 1e-18;
    double r = Math.fma(-q, P, h);
    double d = (r + l) * 1e-18;
    double s = whole + q;
    double e = q - (s - whole);
    return s + (e + d);
  }
}
