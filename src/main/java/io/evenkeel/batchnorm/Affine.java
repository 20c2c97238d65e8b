package io.evenkeel.batchnorm;

import java.util.Arrays;

/// Scale γ (gamma) and shift β (beta) of D features: y = γ x̂ + β. Immutable.
public final class Affine {
  final double[] gamma;
  final double[] beta;
  private final boolean identity;

  private Affine(double[] gamma, double[] beta) {
    this.gamma = gamma;
    this.beta = beta;
    this.identity = isIdentity(gamma, beta);
  }

  /// Copies both arrays, which have the same length D.
  public static Affine of(double[] gamma, double[] beta) {
    if (gamma.length != beta.length) {
      throw new IllegalArgumentException("gamma and beta differ in length");
    }
    return new Affine(gamma.clone(), beta.clone());
  }

  /// γ = 1, β = 0.
  public static Affine identity(int features) {
    double[] ones = new double[features];
    Arrays.fill(ones, 1);
    return new Affine(ones, new double[features]);
  }

  /// Whether this is γ = 1, β = 0 for every feature.
  public boolean isIdentity() {
    return identity;
  }

  private static boolean isIdentity(double[] gamma, double[] beta) {
    for (int j = 0; j < gamma.length; j++) {
      if (gamma[j] != 1 || Double.doubleToRawLongBits(beta[j]) != 0) {
        return false;
      }
    }
    return true;
  }

  /// D.
  public int features() {
    return gamma.length;
  }

  /// γ of a feature.
  public double gamma(int feature) {
    return gamma[feature];
  }

  /// β of a feature.
  public double beta(int feature) {
    return beta[feature];
  }

  /// A copy of γ `[D]`.
  public double[] gamma() {
    return gamma.clone();
  }

  /// A copy of β `[D]`.
  public double[] beta() {
    return beta.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Affine that
        && Arrays.equals(gamma, that.gamma)
        && Arrays.equals(beta, that.beta);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(gamma) + Arrays.hashCode(beta);
  }
}
