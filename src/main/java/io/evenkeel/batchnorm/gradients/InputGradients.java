package io.evenkeel.batchnorm.gradients;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureSums;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The backward pass to the rows of a batch that was normalised by one mean and one root for each
/// feature: x̂ = r u + d, u = (x − μ)/s.
///
/// There are two passes over the rows. The first writes dx = r γ/s · dy′ and adds up the sums. The
/// second, only if the statistics depend on the rows, subtracts the gradient through mean and root.
/// The formulas and their edges are in [Gradients].
///
/// Not safe for use by more than one thread.
final class InputGradients {
  private final double[] mean;
  private final double[] meanLow;
  private final double[] deviation;
  private final double[] r;
  private final double[] d;

  /// r γ/s `[D]`, 0 where x̂ is to be 0.
  private final double[] factor;

  /// W `[D]`, null where the statistics are constant.
  private final double @Nullable [] weight;

  /// Whether the root moves with the rows `[D]`, and not the mean alone.
  private final boolean[] rootMoves;

  InputGradients(BackwardForm.Constant form, Affine affine, NormalizationRules rules) {
    this(form.statistics(), null, ones(affine), new double[affine.features()], affine, rules);
  }

  InputGradients(BackwardForm.Pooled form, Affine affine, NormalizationRules rules) {
    this(
        form.pooled().meanAndVariance(VarianceEstimator.BIASED),
        form.pooled().weight.values(),
        ones(affine),
        new double[affine.features()],
        affine,
        rules);
  }

  InputGradients(BackwardForm.Renormalized form, Affine affine, NormalizationRules rules) {
    this(
        form.batch().meanAndVariance(VarianceEstimator.BIASED),
        form.batch().weight.values(),
        form.r(),
        form.d().clone(),
        affine,
        rules);
  }

  private InputGradients(
      MeanAndVariance statistics,
      double @Nullable [] weight,
      double[] r,
      double[] d,
      Affine affine,
      NormalizationRules rules) {
    int features = affine.features();
    this.mean = statistics.mean.clone();
    this.meanLow = statistics.meanLow.clone();
    this.deviation = new double[features];
    this.r = r;
    this.d = d;
    this.factor = new double[features];
    this.weight = weight;
    this.rootMoves = new boolean[features];
    for (int j = 0; j < features; j++) {
      deviation[j] = Normalization.deviation(mean[j], statistics.variance[j], rules);
      factor[j] = affine.gamma(j) * r[j] / deviation[j];
      rootMoves[j] =
          rules.constantFeature() == ConstantFeature.EPSILON
              || !ConstantFeature.isConstant(mean[j], statistics.variance[j]);
      if (deviation[j] == Double.POSITIVE_INFINITY) {
        mean[j] = 0; // x / ∞ is 0 for every finite x, but (x − mean) could be infinite itself
        meanLow[j] = 0;
        d[j] = 0;
      }
    }
  }

  private static double[] ones(Affine affine) {
    double[] ones = new double[affine.features()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /// dx `[N × D]`.
  ///
  /// @param sums takes dγ and dβ
  double[] of(FeatureBatch batch, double[] dy, AffineGradients sums) {
    double[] dx = new double[batch.rows() * batch.features()];
    FeatureSums direct = new FeatureSums(batch.features());
    FeatureSums standardized = new FeatureSums(batch.features());
    for (int row = 0; row < batch.rows(); row++) {
      for (int j = 0, at = row * mean.length; j < mean.length; j++, at++) {
        double x = batch.values()[at];
        if (Double.isNaN(x)) {
          dx[at] = sums.reachingMissing(j, dy[at]);
        } else {
          double u = standardize(x, j);
          double passed = sums.reaching(j, r[j] * u + d[j], dy[at]);
          dx[at] = factor[j] * passed + 0.0; // never −0
          direct.add(j, passed);
          standardized.add(j, passed * u);
        }
      }
    }
    if (weight != null) {
      subtractMoved(batch, weight, direct.totals(), throughRoot(standardized), sums, dx);
    }
    return dx;
  }

  private double[] throughRoot(FeatureSums standardized) {
    double[] sums = standardized.totals();
    for (int j = 0; j < sums.length; j++) {
      sums[j] = rootMoves[j] ? sums[j] : 0;
    }
    return sums;
  }

  /// dx −= r γ/s · (wᵢ/W) (Σdy′ + u Σ(dy′ u)) where x̂ moves with the statistics.
  private void subtractMoved(
      FeatureBatch batch,
      double[] weight,
      double[] throughMean,
      double[] throughRoot,
      AffineGradients clip,
      double[] dx) {
    for (int row = 0; row < batch.rows(); row++) {
      double w = batch.weight(row);
      for (int j = 0, at = row * mean.length; w > 0 && j < mean.length; j++, at++) {
        double u = standardize(batch.values()[at], j);
        if (clip.isFree(r[j] * u + d[j])) { // a missing value is NaN, and not free
          dx[at] -= factor[j] * (w / weight[j] * (throughMean[j] + u * throughRoot[j]));
        }
      }
    }
  }

  private double standardize(double x, int j) {
    return ((x - mean[j]) - meanLow[j]) / deviation[j];
  }
}
