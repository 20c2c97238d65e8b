package io.evenkeel.batchnorm;

/// One normalisation made ready: y = γ clip((x − μ)/sqrt(σ² + ε)) + β for D features, with μ, σ², γ
/// and β fixed.
///
/// The mean is subtracted in two steps, leading part first, and never folded into a scale and a
/// shift: with |μ| large against σ a folded form loses the digits that matter. The difference is
/// divided, not multiplied by a reciprocal, so that each step is correctly rounded.
///
/// A missing value (NaN) stays missing, or becomes β where missing values are imputed. A constant
/// feature follows [ConstantFeature]. Values may overflow to infinity: see [#firstOverflow].
///
/// Ioffe and Szegedy (2015), <https://arxiv.org/abs/1502.03167>.
///
/// Immutable and safe for use by many threads.
public final class Normalization {
  private final double[] mean;
  private final double[] meanLow;
  private final double[] deviation;
  private final double[] gamma;
  private final double[] beta;
  private final double clip;
  private final boolean impute;

  private Normalization(
      double[] mean,
      double[] meanLow,
      double[] deviation,
      Affine affine,
      NormalizationRules rules) {
    this.mean = mean;
    this.meanLow = meanLow;
    this.deviation = deviation;
    this.gamma = affine.gamma;
    this.beta = affine.beta;
    this.clip = rules.clip().orElse(Double.POSITIVE_INFINITY);
    this.impute = rules.missing() == MissingValues.IMPUTE;
  }

  /// The normalisation by these statistics `[D]`; O(D).
  public static Normalization of(
      MeanAndVariance statistics, Affine affine, NormalizationRules rules) {
    int features = statistics.features();
    double[] mean = new double[features];
    double[] meanLow = new double[features];
    double[] deviation = new double[features];
    for (int j = 0; j < features; j++) {
      deviation[j] = deviation(statistics.mean[j], statistics.variance[j], rules);
      // x / ∞ is 0 for every finite x, but (x − mean) could be infinite itself
      if (rules.center() && deviation[j] != Double.POSITIVE_INFINITY) {
        mean[j] = statistics.mean[j];
        meanLow[j] = statistics.meanLow[j];
      }
    }
    return new Normalization(mean, meanLow, deviation, affine, rules);
  }

  /// What a centred value is divided by; infinite where the normalised value is to be 0.
  static double deviation(double mean, double variance, NormalizationRules rules) {
    ConstantFeature rule = rules.constantFeature();
    if (rule != ConstantFeature.EPSILON && ConstantFeature.isConstant(mean, variance)) {
      return rule == ConstantFeature.ONE ? 1 : Double.POSITIVE_INFINITY;
    }
    return rules.scale() ? Math.sqrt(variance + rules.epsilon()) : 1;
  }

  /// Normalises the first `rows` rows of the row-major `x` into `y`, which may be the same array.
  public void apply(double[] x, double[] y, int rows) {
    int features = mean.length;
    for (int i = 0, at = 0; i < rows; i++, at += features) {
      for (int j = 0; j < features; j++) {
        y[at + j] = apply(j, x[at + j]);
      }
    }
  }

  /// The normalised value of one feature.
  public double apply(int feature, double x) {
    double z = ((x - mean[feature]) - meanLow[feature]) / deviation[feature];
    if (impute && Double.isNaN(z)) {
      z = 0;
    }
    return gamma[feature] * Math.max(-clip, Math.min(clip, z)) + beta[feature];
  }

  /// The least index of a feature that has a value in this range whose normalised value is not
  /// finite, or −1; O(D).
  public int firstOverflow(FeatureRange range) {
    for (int j = 0; j < mean.length; j++) {
      if (range.lowest[j] <= range.highest[j]
          && !(Double.isFinite(apply(j, range.lowest[j]))
              && Double.isFinite(apply(j, range.highest[j])))) {
        return j;
      }
    }
    return -1;
  }
}
