package io.evenkeel.codec.number;

/// Finds the shortest decimals of many doubles together, for [FixedPoint]: with the arithmetic of
/// doubles alone and without a branch, in loops that are short enough for the compiler to make
/// vectors of them. So each loop does one step, and arrays take the results from step to step. A
/// loop of all steps would be compiled number by number.
///
/// A double x = c · 2^q whose neighbours are equally far away has the k of [ShortestDecimal]. b is
/// −(k + 1): so many digits behind the point has a decimal that is one digit shorter than the
/// longest. For 2^-10 ≤ x < 2^20 it is from 9 to 18, and q + b is at least −44.
///
/// | array    | given         | [#products]  | [#integers]      | [#lastDigits]       | [#eights] |
/// |----------|---------------|--------------|------------------|---------------------|-----------|
/// | `xs`     | x             |              |                  |                     |           |
/// | `units`  | 10^(b-8)      |              |                  |                     | v         |
/// | `scales` | 10^(18-b)     |              |                  |                     | t         |
/// | `halves` | 2^(q-1) · 10^b |             |                  | 1 if known, else 0  |           |
/// | `highs`  |               | x · 10^b     | n, the nearest integer |               |           |
/// | `lows`   |               | its low part | rest             | digit               |           |
///
/// Here v = ⌊x · 10^8⌋ and t = (10 n + digit) · 10^(18-b) − v · 10^11. [#carries] makes the digits
/// of them. Every value but v is exact:
///
/// - 10^b has at most 42 bits. The product of two doubles is the sum of two doubles, which Dekker's
///   algorithm finds without a fused multiplication: Java computes that very slowly on processors
///   that lack it.
/// - x · 10^b is less than 2^53 and a multiple of 2^(q+b). So the rest, which is at most 1, has at
///   most 45 bits, and ten times the rest at most 48. Half the width of the interval that rounds to
///   x, 2^(q-1) · 10^b, is a multiple of 2^-45 and less than 1/2.
/// - If the interval holds n, n is the shortest decimal and digit is 0. Otherwise the decimal is 10
///   n + digit with digit = rint(10 · rest). The decimal is not known if ten times the rest is just
///   between two digits. The rest is never just half the width, as (2 c ± 1) · 5^b is odd; only
///   where all is 0 is it so.
/// - v is the first digits of the decimal, or one more or less: neither rounding x · 10^8 nor
///   rounding x to the decimal changes it by as much as 1/50. t is more or less by 10^11 then,
///   which is carried.
/// - Factors such as 1e-11 are not exact. So 1/2 is added before the product is rounded down, which
///   is more than the error.
///
/// The decimal has the same digits before the point as the double: an integer between both would be
/// a double that is nearer to the decimal.
///
/// References: Dekker (1971), <https://doi.org/10.1007/BF01397083>; [ShortestDecimal].
final class FixedPointDigits {
  private static final long LEAST = Double.doubleToRawLongBits(1e-3);
  private static final long SPAN = Double.doubleToRawLongBits(1e6) - LEAST;

  /// By the biased exponent of a double: 10^(b-8), 10^(18-b) and 2^(q-1) · 10^b; 0 where no digits
  /// are found.
  private static final double[] UNITS = new double[1 << 11];

  private static final double[] SCALES = new double[1 << 11];
  private static final double[] HALVES = new double[1 << 11];

  private static final double SPLIT = (1 << 27) + 1;
  private static final double EIGHT_DIGITS = 1e8;
  private static final double ELEVEN_DIGITS = 1e11;

  /// Added to three digits that were not found.
  private static final double UNKNOWN = -1e4;

  static {
    for (long bits = LEAST; bits <= LEAST + SPAN; bits += ShortestDecimal.IMPLICIT_ONE) {
      int biased = ShortestDecimal.biased(bits);
      int b = -ShortestDecimal.power(bits) - 1;
      UNITS[biased] = power(b - 8);
      SCALES[biased] = power(18 - b);
      HALVES[biased] = Math.ulp(Double.longBitsToDouble(bits)) / 2 * power(b);
    }
  }

  private final double[] xs;
  private final double[] units;
  private final double[] scales;
  private final double[] halves;
  private final double[] highs;
  private final double[] lows;

  /// @param most how many numbers are taken together
  FixedPointDigits(int most) {
    xs = new double[most];
    units = new double[most];
    scales = new double[most];
    halves = new double[most];
    highs = new double[most];
    lows = new double[most];
  }

  /// 10^n, exact up to n = 22.
  private static double power(int n) {
    return Double.parseDouble("1e" + n);
  }

  /// Takes numbers.
  ///
  /// @param count of the numbers, from `from` on
  /// @return how many of them have no digits that [#find] could find
  int take(double[] values, int from, int count) {
    double[] xs = this.xs;
    double[] units = this.units;
    double[] scales = this.scales;
    double[] halves = this.halves;
    int others = 0;
    for (int i = 0; i < count; i++) {
      double x = values[from + i];
      long bits = Double.doubleToRawLongBits(x);
      // the tables have 0 there
      int biased = 0;
      if (isInRange(bits)) {
        biased = ShortestDecimal.biased(bits);
      } else {
        x = 0;
        others++;
      }
      xs[i] = Math.abs(x);
      units[i] = UNITS[biased];
      scales[i] = SCALES[biased];
      halves[i] = HALVES[biased];
    }
    return others;
  }

  private static boolean isInRange(long bits) {
    return Long.compareUnsigned((bits & Long.MAX_VALUE) - LEAST, SPAN) < 0
        && (bits & (ShortestDecimal.IMPLICIT_ONE - 1)) != 0;
  }

  /// Finds the digits of the first `count` numbers that were taken.
  void find(int count) {
    products(xs, units, highs, lows, count);
    integers(highs, lows, count);
    lastDigits(lows, halves, count);
    eights(xs, units, scales, highs, lows, count);
    carries(xs, units, scales, halves, count);
  }

  /// The digits before the point, once they are found.
  double[] wholes() {
    return halves;
  }

  /// The first eight digits behind the point.
  double[] firsts() {
    return units;
  }

  /// The eight digits behind them.
  double[] seconds() {
    return scales;
  }

  /// The three digits behind these; negative if the decimal was not found.
  double[] threes() {
    return xs;
  }

  private static void products(
      double[] xs, double[] units, double[] highs, double[] lows, int count) {
    for (int i = 0; i < count; i++) {
      double x = xs[i];
      double power = units[i] * EIGHT_DIGITS;
      double high = x * power;
      double x27 = x * SPLIT;
      double x1 = x27 - (x27 - x);
      double x2 = x - x1;
      double power27 = power * SPLIT;
      double power1 = power27 - (power27 - power);
      double power2 = power - power1;
      highs[i] = high;
      lows[i] = x2 * power2 - (((high - x1 * power1) - x2 * power1) - x1 * power2);
    }
  }

  /// The rest is rounded as well: a high part that ends in 1/2 may be rounded to the wrong side.
  private static void integers(double[] highs, double[] lows, int count) {
    for (int i = 0; i < count; i++) {
      double high = highs[i];
      double n = Math.rint(high);
      double rest = (high - n) + lows[i];
      double more = Math.rint(rest);
      highs[i] = n + more;
      lows[i] = rest - more;
    }
  }

  /// What lies between −1/2 and 1/2 is rounded up to 1 if it is positive, otherwise to 0: in place
  /// of a branch. `halves` are 1 then if the decimal is known, otherwise 0.
  private static void lastDigits(double[] lows, double[] halves, int count) {
    for (int i = 0; i < count; i++) {
      double rest = lows[i];
      double beyond = Math.abs(rest) - halves[i];
      double tenths = rest * 10;
      double digit = Math.rint(tenths);
      lows[i] = digit * Math.ceil(beyond);
      halves[i] = Math.ceil(Math.abs(beyond) * (0.5 - Math.abs(tenths - digit)));
    }
  }

  private static void eights(
      double[] xs, double[] units, double[] scales, double[] highs, double[] lows, int count) {
    for (int i = 0; i < count; i++) {
      double v = Math.floor(xs[i] * EIGHT_DIGITS);
      double scale = scales[i];
      scales[i] = (highs[i] - v * units[i]) * (scale * 10) + lows[i] * scale;
      units[i] = v;
    }
  }

  private static void carries(
      double[] xs, double[] units, double[] scales, double[] halves, int count) {
    for (int i = 0; i < count; i++) {
      double t = scales[i];
      double carry = Math.floor((t + 0.5) * 1e-11);
      double whole = Math.floor(xs[i]);
      units[i] = units[i] + carry - whole * EIGHT_DIGITS;
      t -= carry * ELEVEN_DIGITS;
      double second = Math.floor((t + 0.5) * 1e-3);
      scales[i] = second;
      xs[i] = t - second * 1e3 + (1 - halves[i]) * UNKNOWN;
      halves[i] = whole;
    }
  }
}
