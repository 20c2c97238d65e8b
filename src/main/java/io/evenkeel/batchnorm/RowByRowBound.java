package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.moments.RowAging;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.PooledStatistics;

/// Proves that all normalised rows of a batch will be finite if [RowByRow] makes them, without the
/// rows: from the statistics before the batch, its moments and its range. O(D). It never accepts a
/// batch with a row that is not finite; it may leave a batch unproven whose rows are all finite.
///
/// Notation for one feature: W, F, M2 and m are weight, freedom, second moment and mean before the
/// batch; Wₖ, mₖ, vₖ those and the variance that normalise some value x of it; C is the weight of
/// the batch's values; f = 2^(−n/h) ages the statistics by all n rows; w is the weight of x.
///
/// **Distance.** Each mean is a weighted mean of m and values of the batch, so it lies between the
/// least and the greatest of these, and |x − mₖ| ≤ R, the width of that interval. Before any value
/// m is 0.
///
/// **Variance.** Without forgetting M2 never falls, because a merge only adds; with forgetting Mₖ
/// and Wₖ shrink by the same factor g ≥ f, so Mₖ ≥ g M2 and Wₖ ≤ g W + C. As F ≤ W:
///
/// ```
/// vₖ ≥ g M2 / (g W + C) ≥ f M2 / (f W + C) = V          |x̂| ≤ R / sqrt(V + ε)
/// ```
///
/// Unless a constant feature is left to epsilon, a variance that divides is not 0, hence at least
/// the least double. So for batches of ordinary numbers answered as binary64 nothing else is
/// needed.
///
/// **Share.** With `order` `after`, x itself is part of the variance. Let A be the weight just
/// before x (faded) and d the distance of x from the mean then. The merge gives x − mₖ = d A/Wₖ and
/// adds d² A w/Wₖ to M2, so
///
/// ```
/// x̂² ≤ (d A/Wₖ)² / (d² A w/Wₖ²) = A / w ≤ (W + C) / w
/// ```
///
/// whatever the values are. This needs centring, and no row of weight 0.
///
/// **Divisor 1.** The deviation is 1 for a constant feature under [ConstantFeature#ONE], where vₖ ≤
/// (4 ulp(mₖ))²; then |x − mₖ| ≤ sqrt(A/w) 4 ulp(mₖ) by the share, else R. It is at least 1 while
/// the variance is not defined. The first value is its own mean then if it enters first, else the
/// bound is R.
///
/// **Overflow.** A batch stays unproven if R or M2 + R² C is not finite. So no Mₖ overflows, and no
/// step is NaN.
///
/// **Rounding.** Rounding is monotone, so computed sums of squares never fall either. A step moves
/// the mean by at most half of d and errs by 2⁻⁵² d at most; over fewer than 2³¹ rows that is less
/// than R, so R counts twice, and the low part of m is added to it. Each fading errs by 2⁻⁵³ of M2
/// and W; V counts a quarter, and not at all where f M2 is close to the numbers that lose digits.
/// If d² or the added square underflows, its error is below the least double, and so is the square
/// of what x − mₖ may be beyond the share, over min(1, w); the share counts fourfold, with at least
/// 1 for W + C and at most 1 for w. The affine step and the answer's number type are applied to the
/// bound as to a value, and both round monotonically.
public final class RowByRowBound {
  /// Products below this may have lost digits.
  private static final double LEAST_EXACT = 0x1p-1000;

  private final PooledStatistics before;
  private final RowAging aging;
  private final FeatureRange range;
  private final Order order;
  private final NormalizationRules rules;

  private RowByRowBound(
      PooledStatistics before,
      RowAging aging,
      FeatureRange range,
      Order order,
      NormalizationRules rules) {
    this.before = before;
    this.aging = aging;
    this.range = range;
    this.order = order;
    this.rules = rules;
  }

  /// The least index of a feature some of whose normalised values may be not finite, or −1: then
  /// all of them are finite in the type of the answer, but for missing ones.
  ///
  /// @param before the statistics before the first row
  /// @param batch its moments as [RowByRow#momentsOf] takes them
  /// @param range that of its values
  public static int firstUnproven(
      PooledStatistics before,
      BatchMoments batch,
      FeatureRange range,
      Order order,
      Affine affine,
      NormalizationRules rules) {
    RowByRowBound bound = new RowByRowBound(before, before.agedBy(batch), range, order, rules);
    double clip = rules.clip().orElse(Double.POSITIVE_INFINITY);
    for (int j = 0; j < before.features(); j++) {
      double greatest = Math.min(clip, bound.of(j));
      double z = Math.abs(affine.gamma(j)) * greatest + Math.abs(affine.beta(j));
      if (!(range.answered.isFinite(rules.activation().apply(z))
          && range.answered.isFinite(rules.activation().apply(-z)))) {
        return j;
      }
    }
    return -1;
  }

  /// A bound of |x̂| before clipping, infinite if there is none; NaN if x̂ itself may be NaN.
  private double of(int j) {
    if (!(range.lowest[j] <= range.highest[j])) {
      return 0;
    }
    FeatureMoments moments = before.moments();
    double mean = moments.mean(j);
    double low = moments.meanLow(j);
    double least = Math.min(range.lowest[j], mean);
    double greatest = Math.max(range.highest[j], mean);
    double width = 2 * (greatest - least + Math.abs(low));
    double sumOfSquares = moments.m2(j) + width * width * aging.count().get(j);
    boolean sample = moments.freedom(j) <= 2 * moments.weight(j);
    if (!(sample && Double.isFinite(width) && Double.isFinite(sumOfSquares))) {
      return Double.NaN;
    }
    double far = Math.max(Math.abs(least), Math.abs(greatest));
    double distance = rules.center() ? width : far;
    if (!rules.scale()) {
      return distance;
    }
    double variance = leastVariance(j);
    double root = leastRoot(variance);
    if (root == 0) {
      return Double.NaN;
    }
    double share = mean + low == mean ? share(j) : Double.POSITIVE_INFINITY;
    return Math.max(
        ofDivisorOne(j, distance, 8 * Math.ulp(far), variance, share),
        Math.min(distance / root, share));
  }

  /// V, less what rounding may take.
  private double leastVariance(int j) {
    double kept = aging.factor() * before.moments().m2(j);
    double weight = aging.factor() * before.moments().weight(j) + aging.count().get(j);
    return kept > LEAST_EXACT ? kept / Math.max(weight, Double.MIN_NORMAL) / 4 : 0;
  }

  private double leastRoot(double variance) {
    boolean mayVanish = rules.constantFeature() == ConstantFeature.EPSILON;
    return Math.sqrt(Math.max(variance, mayVanish ? 0 : Double.MIN_VALUE) + rules.epsilon());
  }

  /// The bound by the share, infinite where it does not hold.
  private double share(int j) {
    if (!rules.center() || order == Order.BEFORE || !(range.leastWeight > 0)) {
      return Double.POSITIVE_INFINITY;
    }
    double total = before.moments().weight(j) + aging.count().get(j);
    return 4 * Math.sqrt(Math.max(1, total) / Math.min(1, range.leastWeight));
  }

  /// A bound for the values that are divided by 1, or by more because no variance is defined.
  ///
  /// @param ulps twice the deviation up to which a feature is constant, at the greatest mean
  private double ofDivisorOne(int j, double distance, double ulps, double variance, double share) {
    if (!alwaysDefined(j, share)) {
      return distance;
    }
    if (rules.constantFeature() != ConstantFeature.ONE || variance > ulps * ulps) {
      return 0;
    }
    return Math.min(distance, Math.max(1, share * ulps));
  }

  /// Whether the variance is defined for each value but a first one that is its own mean.
  private boolean alwaysDefined(int j, double share) {
    boolean biased = before.estimator() == VarianceEstimator.BIASED;
    if (share < Double.POSITIVE_INFINITY) {
      return biased || before.moments().freedom(j) >= 0;
    }
    return before.moments().hasValue(j)
        && (biased || aging.factor() * before.moments().freedom(j) > LEAST_EXACT);
  }
}
