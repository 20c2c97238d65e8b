package io.evenkeel.batchnorm.gradients;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.moments.FeatureColumn;

/// One step of gradient descent on γ and β, with an L1 penalty on γ that drives the scales of
/// features nobody needs to 0 (Network Slimming).
///
/// ```
/// SUBGRADIENT   γ ← γ − lr (dγ + l1 sign γ),  sign 0 = 0
/// PROXIMAL      u = γ − lr dγ,  γ ← sign(u) max(|u| − lr l1, 0)
/// both          β ← β − lr dβ
/// ```
///
/// Only the proximal step reaches exact zeros; the subgradient step jumps over them. A zero is
/// always +0. With l1 = 0 both are the plain step. A step may overflow, see [#firstNotFinite].
///
/// Liu et al. (2017), <https://arxiv.org/abs/1708.06519>; the proximal operator of the L1 norm:
/// Parikh and Boyd (2014), section 6.5.2, <https://doi.org/10.1561/2400000003>.
///
/// Immutable and safe for use by many threads.
public final class AffineStep {

  /// How the penalty enters the step.
  public enum Method {
    /// Soft thresholding after the step.
    PROXIMAL,
    /// Its subgradient is added to the gradient.
    SUBGRADIENT
  }

  private final double[] gammaGradient;
  private final double[] betaGradient;
  private final double learningRate;
  private final double l1;
  private final Method method;

  private AffineStep(
      double[] gammaGradient,
      double[] betaGradient,
      double learningRate,
      double l1,
      Method method) {
    this.gammaGradient = gammaGradient;
    this.betaGradient = betaGradient;
    this.learningRate = learningRate;
    this.l1 = l1;
    this.method = method;
  }

  /// A step along these gradients `[D]`, which are copied.
  ///
  /// @param learningRate lr > 0, finite
  /// @param l1 weight of the penalty, ≥ 0, finite
  /// @throws IllegalArgumentException where a number is out of its range or the lengths differ
  public static AffineStep of(
      double[] gammaGradient,
      double[] betaGradient,
      double learningRate,
      double l1,
      Method method) {
    if (gammaGradient.length != betaGradient.length) {
      throw new IllegalArgumentException("the gradients of gamma and beta differ in length");
    }
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learning rate " + learningRate + " is not above 0");
    }
    if (!(l1 >= 0 && l1 < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("l1 " + l1 + " is not 0 or above");
    }
    return new AffineStep(gammaGradient.clone(), betaGradient.clone(), learningRate, l1, method);
  }

  /// D.
  public int features() {
    return gammaGradient.length;
  }

  /// γ and β after the step; O(D).
  ///
  /// @throws IllegalArgumentException where these are not of D features
  public Affine apply(Affine affine) {
    if (affine.features() != features()) {
      throw new IllegalArgumentException(
          "gradients of %d features, gamma of %d".formatted(features(), affine.features()));
    }
    double[] gamma = new double[features()];
    double[] beta = new double[features()];
    for (int j = 0; j < gamma.length; j++) {
      gamma[j] = gamma(affine.gamma(j), gammaGradient[j]);
      beta[j] = affine.beta(j) - learningRate * betaGradient[j] + 0.0; // never −0
    }
    return Affine.of(FeatureColumn.of(gamma), FeatureColumn.of(beta));
  }

  private double gamma(double gamma, double gradient) {
    return switch (method) {
      case PROXIMAL -> {
        double u = gamma - learningRate * gradient;
        double magnitude = Math.max(Math.abs(u) - learningRate * l1, 0);
        yield magnitude == 0 ? 0 : Math.copySign(magnitude, u);
      }
      case SUBGRADIENT ->
          gamma - learningRate * (gradient + l1 * Math.signum(gamma)) + 0.0; // never −0
    };
  }

  /// The penalty l1 Σ|γ|; infinite where it is beyond the doubles.
  public static double penalty(Affine affine, double l1) {
    double sum = 0;
    for (double gamma : affine.gamma()) {
      sum += Math.abs(gamma);
    }
    if (l1 == 0 || Double.isFinite(sum)) {
      return l1 == 0 ? 0 : l1 * sum;
    }
    double penalty = 0;
    for (double gamma : affine.gamma()) {
      penalty += l1 * Math.abs(gamma);
    }
    return penalty;
  }

  /// The penalty of gamma by this step's l1.
  public double penalty(Affine affine) {
    return penalty(affine, l1);
  }

  /// The least index of a feature whose γ or β is not finite, or −1.
  public static int firstNotFinite(Affine affine) {
    for (int j = 0; j < affine.features(); j++) {
      if (!(Double.isFinite(affine.gamma(j)) && Double.isFinite(affine.beta(j)))) {
        return j;
      }
    }
    return -1;
  }
}
