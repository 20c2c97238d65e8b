package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.FeatureColumn;

/// Scale γ (gamma) and shift β (beta) of D features: y = γ x̂ + β. Immutable. Has no arrays if all
/// features have the same γ and β.
public final class Affine {
  public final FeatureColumn gamma;
  public final FeatureColumn beta;
  private final boolean identity;

  private Affine(FeatureColumn gamma, FeatureColumn beta) {
    this.gamma = gamma;
    this.beta = beta;
    this.identity = gamma.isFilledWith(1) && beta.isFilledWith(0);
  }

  /// These columns, both of D features.
  public static Affine of(FeatureColumn gamma, FeatureColumn beta) {
    if (gamma.features() != beta.features()) {
      throw new IllegalArgumentException("gamma and beta differ in length");
    }
    return new Affine(gamma, beta);
  }

  /// Copies both arrays, which have the same length D.
  public static Affine of(double[] gamma, double[] beta) {
    return of(FeatureColumn.of(gamma.clone()), FeatureColumn.of(beta.clone()));
  }

  /// γ = 1, β = 0.
  public static Affine identity(int features) {
    return new Affine(FeatureColumn.filled(features, 1), FeatureColumn.filled(features, 0));
  }

  /// The same for this many features: γ = 1, β = 0 for those behind its own.
  public Affine widened(int features) {
    int more = features - features();
    return of(
        gamma.followedBy(FeatureColumn.filled(more, 1)),
        beta.followedBy(FeatureColumn.filled(more, 0)));
  }

  /// Whether this is γ = 1, β = 0 for every feature.
  public boolean isIdentity() {
    return identity;
  }

  /// D.
  public int features() {
    return gamma.features();
  }

  /// γ of a feature.
  public double gamma(int feature) {
    return gamma.get(feature);
  }

  /// β of a feature.
  public double beta(int feature) {
    return beta.get(feature);
  }

  /// A copy of γ `[D]`.
  public double[] gamma() {
    return gamma.toArray();
  }

  /// A copy of β `[D]`.
  public double[] beta() {
    return beta.toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Affine that && gamma.equals(that.gamma) && beta.equals(that.beta);
  }

  @Override
  public int hashCode() {
    return 31 * gamma.hashCode() + beta.hashCode();
  }
}
