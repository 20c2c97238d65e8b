package io.evenkeel.batchnorm.gradients;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.FeatureSums;

/// The backward pass through y = a(γ clip(x̂) + β), value after value: what reaches x̂, and the
/// sums that are the gradients of γ and β.
///
/// Not safe for use by more than one thread.
final class AffineGradients {
  private final double[] gamma;
  private final double[] beta;
  private final double clip;
  private final boolean impute;
  private final Activation activation;
  private final FeatureSums gammaSum;
  private final FeatureSums betaSum;

  AffineGradients(Affine affine, NormalizationRules rules) {
    this.gamma = affine.gamma.values();
    this.beta = affine.beta.values();
    this.clip = rules.clip().orElse(Double.POSITIVE_INFINITY);
    this.impute = rules.missing() == MissingValues.IMPUTE;
    this.activation = rules.activation();
    this.gammaSum = new FeatureSums(affine.features());
    this.betaSum = new FeatureSums(affine.features());
  }

  /// What reaches a normalised value: dy′ = dy a′(γ clip(x̂) + β), which is counted into dβ and,
  /// times clip(x̂), into dγ; but 0 where the clip holds the value.
  ///
  /// NaN where γ clip(x̂) + β is not finite: what overflows forward is not hidden by an activation
  /// that is bounded.
  ///
  /// @param xHat before the clip
  double reaching(int j, double xHat, double dy) {
    double clipped = Math.max(-clip, Math.min(clip, xHat));
    double z = gamma[j] * clipped + beta[j];
    double passed = dy * (activation.derivative(z) + 0 * z);
    betaSum.add(j, passed);
    gammaSum.add(j, passed * clipped);
    return isFree(xHat) ? passed : 0;
  }

  /// What reaches a missing value: NaN, or 0 where it was imputed, which counts as x̂ = 0.
  double reachingMissing(int j, double dy) {
    if (!impute) {
      return Double.NaN;
    }
    reaching(j, 0, dy);
    return 0;
  }

  /// Whether the clip lets a normalised value move; at the limit it does, as the frameworks have
  /// it.
  boolean isFree(double xHat) {
    return Math.abs(xHat) <= clip;
  }

  /// dγ `[D]`.
  double[] ofGamma() {
    return gammaSum.totals();
  }

  /// dβ `[D]`.
  double[] ofBeta() {
    return betaSum.totals();
  }
}
