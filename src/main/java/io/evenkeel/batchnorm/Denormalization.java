package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.MeanAndVariance;

/// The inverse of [Normalization] by running statistics: x = μ + σ (a⁻¹(y) − β)/γ with σ = sqrt(σ²
/// + ε), the low part of the mean added first.
///
/// There is no inverse if several values have the same normalised value: with a limit of the
/// normalised value, with ReLU, for a feature of γ = 0, and for a constant feature whose normalised
/// value is 0; see [#firstWithoutInverse]. Precision: a few ulp of the larger of |x| and |μ|.
///
/// Immutable and safe for use by many threads.
public final class Denormalization {
  private final double[] mean;
  private final double[] meanLow;
  private final double[] deviation;
  private final Affine affine;
  private final Activation activation;

  /// The inverse of the normalisation by these statistics `[D]`; O(D).
  public Denormalization(MeanAndVariance statistics, Affine affine, NormalizationRules rules) {
    int features = statistics.features();
    mean = rules.center() ? statistics.mean : new double[features];
    meanLow = rules.center() ? statistics.meanLow : new double[features];
    deviation = new double[features];
    for (int j = 0; j < features; j++) {
      deviation[j] = Normalization.deviation(statistics.mean[j], statistics.variance[j], rules);
    }
    this.affine = affine;
    this.activation = rules.activation();
  }

  /// The least index of a feature whose values all have the same normalised value, or −1.
  public int firstWithoutInverse() {
    for (int j = 0; j < deviation.length; j++) {
      if (affine.gamma(j) == 0 || deviation[j] == Double.POSITIVE_INFINITY) {
        return j;
      }
    }
    return -1;
  }

  /// The value whose normalised value is y. NaN if y is NaN or outside the activation's range.
  public double apply(int feature, double y) {
    double z = activation.inverse(y).orElse(Double.NaN);
    double centred = (z - affine.beta(feature)) / affine.gamma(feature) * deviation[feature];
    return (centred + meanLow[feature]) + mean[feature];
  }

  /// Inverts the first `rows` rows of the row-major `y`.
  public double[] apply(double[] y, int rows) {
    int features = mean.length;
    double[] x = new double[rows * features];
    for (int i = 0, at = 0; i < rows; i++) {
      for (int j = 0; j < features; j++, at++) {
        x[at] = apply(j, y[at]);
      }
    }
    return x;
  }
}
