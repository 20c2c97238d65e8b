package io.evenkeel.batchnorm;

/// The treatment of a feature without variance.
///
/// For [#ONE] and [#ZERO] a feature is constant if var ≤ (4 ulp(|mean|))². Rounding alone can reach
/// this bound, and the bound does not grow with the number of rows.
public enum ConstantFeature {
  /// Nothing special: epsilon keeps the root from 0.
  EPSILON,
  /// It is divided by 1.
  ONE,
  /// Its normalised value is 0.
  ZERO;

  /// Whether a feature of this mean and variance counts as constant: its variance is at most (4 ulp
  /// of the mean)².
  public static boolean isConstant(double mean, double variance) {
    double atLeast = mean * 0x1p-50; // an ulp is at most 2⁻⁵² of the mean, and dearer to find
    if (variance > atLeast * atLeast) {
      return false;
    }
    double bound = 4 * Math.ulp(mean);
    return variance <= bound * bound;
  }
}
