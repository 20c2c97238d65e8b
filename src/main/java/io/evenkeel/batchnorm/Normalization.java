package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.lanes.LaneArrays;
import io.evenkeel.batchnorm.lanes.LaneLoops;
import io.evenkeel.batchnorm.lanes.Tile;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Normalises values of D features by fixed statistics: y = a(γ clip((x − μ)/sqrt(σ² + ε)) + β),
/// with μ, σ², γ, β and the activation a given.
///
/// The mean is subtracted in two steps, leading part first. It is never folded into a scale and a
/// shift: if |μ| is large against σ, a folded form loses the digits that matter. The difference is
/// divided, not multiplied by a reciprocal, so that each step is correctly rounded.
///
/// A missing value (NaN) stays missing, or becomes a(β) if missing values are imputed. A constant
/// feature follows [ConstantFeature]. Values may overflow to infinity: see [#firstOverflow].
///
/// Ioffe and Szegedy (2015), <https://arxiv.org/abs/1502.03167>.
///
/// Immutable and safe for use by many threads.
public final class Normalization {
  private static final double[] NOT_LOOKED_AT = {};

  /// About how many values are normalised in one go, half a second-level cache of them.
  private static final int PORTION = 32_768;

  private static final int FEW_ROWS = 16;

  private final double[] mean;
  private final double[] meanLow;
  private final double[] deviation;
  private final Affine affine;
  private final double clip;
  private final boolean impute;
  private final Activation activation;
  private final @Nullable BatchRenormalization correction;

  private Normalization(
      double[] mean,
      double[] meanLow,
      double[] deviation,
      Affine affine,
      NormalizationRules rules,
      @Nullable BatchRenormalization correction) {
    this.correction = correction;
    this.mean = mean;
    this.meanLow = meanLow;
    this.deviation = deviation;
    this.affine = affine;
    this.clip = rules.clip().orElse(Double.POSITIVE_INFINITY);
    this.impute = rules.missing() == MissingValues.IMPUTE;
    this.activation = rules.activation();
  }

  /// The normalisation by these statistics `[D]`; O(D).
  public static Normalization of(
      MeanAndVariance statistics, Affine affine, NormalizationRules rules) {
    return of(statistics, affine, rules, null);
  }

  /// The normalisation of a batch by its own statistics, corrected by batch renormalization; O(D).
  public static Normalization of(
      MeanAndVariance batch,
      BatchRenormalization correction,
      Affine affine,
      NormalizationRules rules) {
    return of(batch, affine, rules, correction);
  }

  private static Normalization of(
      MeanAndVariance statistics,
      Affine affine,
      NormalizationRules rules,
      @Nullable BatchRenormalization correction) {
    int features = statistics.features();
    double[] deviation = roots(statistics.variance, rules);
    boolean zeroes = false;
    for (int j = 0; rules.constantFeature() != ConstantFeature.EPSILON && j < features; j++) {
      if (ConstantFeature.isConstant(statistics.mean[j], statistics.variance[j])) {
        deviation[j] = deviation(statistics.mean[j], statistics.variance[j], rules);
        zeroes |= deviation[j] == Double.POSITIVE_INFINITY;
      }
    }
    if (rules.center() && !zeroes) {
      return new Normalization(
          statistics.mean, statistics.meanLow, deviation, affine, rules, correction);
    }
    double[] mean = new double[features];
    double[] meanLow = new double[features];
    for (int j = 0; j < features; j++) {
      // x / ∞ is 0 for every finite x, but (x − mean) could be infinite itself
      if (rules.center() && deviation[j] != Double.POSITIVE_INFINITY) {
        mean[j] = statistics.mean[j];
        meanLow[j] = statistics.meanLow[j];
      }
    }
    return new Normalization(mean, meanLow, deviation, affine, rules, correction);
  }

  private static double[] roots(double[] variance, NormalizationRules rules) {
    double[] roots = new double[variance.length];
    double epsilon = rules.epsilon();
    for (int j = 0; j < roots.length; j++) {
      roots[j] = Math.sqrt(variance[j] + epsilon);
    }
    if (!rules.scale()) {
      Arrays.fill(roots, 1);
    }
    return roots;
  }

  /// The divisor of a centred value; infinite if the normalised value is 0 by
  /// [ConstantFeature#ZERO].
  public static double deviation(double mean, double variance, NormalizationRules rules) {
    ConstantFeature rule = rules.constantFeature();
    if (rule != ConstantFeature.EPSILON && ConstantFeature.isConstant(mean, variance)) {
      return rule == ConstantFeature.ONE ? 1 : Double.POSITIVE_INFINITY;
    }
    return rules.scale() ? Math.sqrt(variance + rules.epsilon()) : 1;
  }

  /// Normalises the first `rows` rows of the row-major `x` into `y`, which may be the same array.
  public void apply(double[] x, double[] y, int rows) {
    apply(x, y, 0, rows);
  }

  /// Normalises the rows from `from` to before `behind` of the row-major `x` into the same rows of
  /// `y`, which may be the same array.
  public void apply(double[] x, double[] y, int from, int behind) {
    apply(x, from, behind, (tile, lanes, taken, row) -> tile.store(lanes, taken, y, row));
  }

  /// Normalises the rows from `from` to before `behind` of the row-major `x` into a buffer, the
  /// first of them at its index 0.
  public void apply(double[] x, DoubleBuffer y, int from, int behind) {
    apply(x, from, behind, (tile, lanes, taken, row) -> tile.store(lanes, taken, y, row - from));
  }

  /// Takes normalised rows.
  private interface Target {
    void store(Tile tile, double[] lanes, int taken, int row);
  }

  /// Goes over portions of the rows, the last ones first: those were read or written last, by the
  /// moments or the reader of a body, and so the cache still holds them.
  private void apply(double[] x, int from, int behind, Target y) {
    double[] gamma = affine.isIdentity() ? NOT_LOOKED_AT : affine.gamma.values();
    double[] beta = affine.isIdentity() ? NOT_LOOKED_AT : affine.beta.values();
    int step = Math.max(FEW_ROWS, PORTION / Math.max(1, mean.length));
    for (int end = behind; end > from; end -= step) {
      int row = Math.max(from, end - step);
      Tile tile = Tile.wideAt(0, mean.length, end - row);
      while (tile.width() > 0) {
        apply(x, y, row, end, tile, gamma, beta);
        tile = Tile.wideAt(tile.end(), mean.length, end - row);
      }
    }
  }

  private void apply(
      double[] x, Target y, int from, int behind, Tile tile, double[] gamma, double[] beta) {
    LaneArrays arrays = LaneArrays.ofThread();
    double[] means = tile.of(mean, arrays.mean);
    double[] lows = tile.of(meanLow, arrays.low);
    double[] deviations = tile.of(deviation, arrays.second);
    boolean identity = affine.isIdentity();
    double[] gammas = identity ? gamma : tile.of(gamma, arrays.min);
    double[] betas = identity ? beta : tile.of(beta, arrays.max);
    double[] factors = correction == null ? gamma : tile.of(correction.r, arrays.first);
    double[] shifts = correction == null ? beta : tile.of(correction.d, arrays.y);
    double[] z = arrays.x;
    for (int row = from; row < behind; row += tile.groups()) {
      int lanes = tile.load(x, row, behind - row, z);
      LaneLoops.standardize(z, means, lows, deviations, lanes);
      if (correction != null) {
        LaneLoops.scaleAndShift(z, factors, shifts, lanes);
      }
      if (impute) {
        LaneLoops.zeroMissing(z, lanes);
      }
      if (clip != Double.POSITIVE_INFINITY) {
        LaneLoops.clip(z, clip, lanes);
      }
      if (!identity) {
        LaneLoops.scaleAndShift(z, gammas, betas, lanes);
      }
      activation.apply(z, lanes);
      y.store(tile, z, lanes, row);
    }
  }

  /// The normalised value of one feature, with the same bits as in a whole batch.
  public double apply(int feature, double x) {
    double z = ((x - mean[feature]) - meanLow[feature]) / deviation[feature];
    if (correction != null) {
      z = correction.r[feature] * z + correction.d[feature];
    }
    if (impute && Double.isNaN(z)) {
      z = 0;
    }
    return activation.apply(
        affine.gamma(feature) * Math.max(-clip, Math.min(clip, z)) + affine.beta(feature));
  }

  /// The least index of a feature for which the normalised value of some value in this range is not
  /// finite, or −1; O(D).
  public int firstOverflow(FeatureRange range) {
    for (int j = 0; j < mean.length; j++) {
      if (range.lowest[j] <= range.highest[j]
          && !(range.answered.isFinite(apply(j, range.lowest[j]))
              && range.answered.isFinite(apply(j, range.highest[j])))) {
        return j;
      }
    }
    return -1;
  }
}
