package io.evenkeel.drift.significance;

/// Student's t distribution.
///
/// The two-sided tail is P(|T| ≥ t) = I_x(ν/2, 1/2) with x = ν / (ν + t²), the regularised
/// incomplete beta function (Abramowitz and Stegun 1964, 26.7.1). It is computed by the continued
/// fraction of DLMF 8.17.22 (<https://dlmf.nist.gov/8.17.E22>) with the method of Lentz (1976,
/// <https://doi.org/10.1364/AO.15.000668>), on the side where it converges fast. Tails far below
/// 1e-16 keep their relative precision, about 1e-11; below 1e-308 they are 0.
///
/// Edges: t = 0 gives 1; t infinite gives 0; t NaN gives 1, which is no evidence.
public final class StudentT {
  private static final int MOST_STEPS = 500;
  private static final double PRECISION = 1e-15;
  private static final double TINY = 1e-300;

  private StudentT() {}

  /// P(|T| ≥ |t|).
  ///
  /// @param freedom ν ≥ 1; need not be a whole number
  public static double twoSided(double t, double freedom) {
    if (Double.isNaN(t) || t == 0) {
      return 1;
    }
    double square = t * t;
    if (Double.isInfinite(square)) {
      return 0;
    }
    double a = freedom / 2;
    double x = freedom / (freedom + square);
    double rest = square / (freedom + square);
    double front =
        Math.exp(
            logGamma(a + 0.5)
                - logGamma(a)
                - 0.5 * Math.log(Math.PI)
                + a * Math.log(x)
                + 0.5 * Math.log(rest));
    return x < (a + 1) / (a + 2.5)
        ? front * fraction(a, 0.5, x) / a
        : 1 - front * fraction(0.5, a, rest) / 0.5;
  }

  private static double fraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / notZero(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m <= MOST_STEPS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / notZero(1 + even * d);
      c = notZero(1 + even / c);
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / notZero(1 + odd * d);
      c = notZero(1 + odd / c);
      h *= d * c;
      if (Math.abs(d * c - 1) < PRECISION) {
        break;
      }
    }
    return h;
  }

  private static double notZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /// ln Γ(z) for z > 0: Stirling's series (DLMF 5.11.1) at z + 8, led back by the recurrence.
  private static double logGamma(double z) {
    double product = 1;
    double y = z;
    for (; y < 8; y++) {
      product *= y;
    }
    double r = 1 / (y * y);
    double series =
        (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188))))) / y;
    return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
  }
}
