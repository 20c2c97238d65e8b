package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.MeanAndVariance;
import java.util.Optional;

/// The inverse of [Normalization] by running statistics, value by value: x = μ + σ (a⁻¹(y) − β)/γ
/// with σ = sqrt(σ² + ε), the low part of the mean added first.
///
/// Some values y have no inverse; [#noInverse] tells why:
///
/// | case                                   | values with an inverse                |
/// |----------------------------------------|---------------------------------------|
/// | activation                             | those of [Activation#inverse]         |
/// | clip c                                 | strictly between a(β − γc) and a(β + γc) |
/// | γ = 0, or a constant feature that is normalised to 0 | a(β), if the feature is constant: x = μ |
///
/// A limit or a(β) that was rounded to 4 or 2 bytes counts as that limit or a(β). Precision: a few
/// ulp of the larger of |x| and |μ|.
///
/// Immutable and safe for use by many threads.
public final class Denormalization {
  /// The reason why a value has no inverse.
  public enum NoInverse {
    /// The activation gives the value for no input or for many.
    ACTIVATION,
    /// The value is a limit of the clip, which many inputs give, or beyond it.
    CLIP,
    /// γ is 0, so that all inputs give one value.
    GAMMA,
    /// The feature is constant, so that all inputs give one value, which this one is not.
    CONSTANT
  }

  private final MeanAndVariance statistics;
  private final Affine affine;
  private final NormalizationRules rules;
  private final Activation activation;
  private final double[] mean;
  private final double[] meanLow;
  private final double[] deviation;
  private final double clip;

  /// The inverse of the normalisation by these statistics `[D]`; O(D).
  public Denormalization(MeanAndVariance statistics, Affine affine, NormalizationRules rules) {
    int features = statistics.features();
    this.statistics = statistics;
    this.affine = affine;
    this.rules = rules;
    activation = rules.activation();
    clip = rules.clip().orElse(Double.POSITIVE_INFINITY);
    mean = rules.center() ? statistics.mean : new double[features];
    meanLow = rules.center() ? statistics.meanLow : new double[features];
    deviation = new double[features];
    for (int j = 0; j < features; j++) {
      deviation[j] = Normalization.deviation(statistics.mean[j], statistics.variance[j], rules);
    }
  }

  /// The value whose normalised value is y. NaN if y is NaN or has no inverse.
  public double apply(int feature, double y) {
    if (givesOneValue(feature)) {
      return isTheConstant(feature, y)
          ? statistics.meanLow[feature] + statistics.mean[feature]
          : Double.NaN;
    }
    if (clip != Double.POSITIVE_INFINITY && !isInsideClip(feature, y)) {
      return Double.NaN;
    }
    double z = activation.inverse(y).orElse(Double.NaN);
    double centred = (z - affine.beta(feature)) / affine.gamma(feature) * deviation[feature];
    return (centred + meanLow[feature]) + mean[feature];
  }

  /// Why a value has no inverse; empty if it has one, and if it is NaN.
  public Optional<NoInverse> noInverse(int feature, double y) {
    if (Double.isNaN(y)) {
      return Optional.empty();
    }
    if (givesOneValue(feature)) {
      if (isTheConstant(feature, y)) {
        return Optional.empty();
      }
      return Optional.of(affine.gamma(feature) == 0 ? NoInverse.GAMMA : NoInverse.CONSTANT);
    }
    if (activation.inverse(y).isEmpty()) {
      return Optional.of(NoInverse.ACTIVATION);
    }
    return isInsideClip(feature, y) ? Optional.empty() : Optional.of(NoInverse.CLIP);
  }

  /// The normalised value of all inputs whose value before γ and β is z.
  public double answerTo(int feature, double z) {
    return activation.apply(affine.gamma(feature) * z + affine.beta(feature));
  }

  private boolean givesOneValue(int feature) {
    return affine.gamma(feature) == 0 || deviation[feature] == Double.POSITIVE_INFINITY;
  }

  private boolean isTheConstant(int feature, double y) {
    return ConstantFeature.isConstant(statistics.mean[feature], statistics.variance[feature])
        && isRounded(answerTo(feature, 0), y);
  }

  /// Compares with the normalised values of the limits. To compare the values before γ and β would
  /// let a limit pass whose way there and back was rounded.
  private boolean isInsideClip(int feature, double y) {
    double one = answerTo(feature, -clip);
    double other = answerTo(feature, clip);
    return y > Math.min(one, other)
        && y < Math.max(one, other)
        && !isRounded(one, y)
        && !isRounded(other, y);
  }

  /// Whether y is z as a number of 8, 4 or 2 bytes. A number so small that 2 bytes lose its digits
  /// is not compared in 2 bytes.
  private static boolean isRounded(double z, double y) {
    if (!(Math.abs(y - z) <= 0x1p-10 * Math.abs(z))) {
      return false;
    }
    return y == z || y == (float) z || y == Float.float16ToFloat(Float.floatToFloat16((float) z));
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

  /// The limit of the values before γ and β; infinite if there is none.
  public double clip() {
    return clip;
  }

  /// The rules of the normalisation.
  public NormalizationRules rules() {
    return rules;
  }
}
