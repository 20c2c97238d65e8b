package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.Tile;
import java.util.Arrays;

/// Weight, mean, second central moment and extremes of the values that each of D features has
/// shown.
///
/// | component | meaning                                         | unit                 |
/// |-----------|-------------------------------------------------|----------------------|
/// | `weight`  | W = Σwᵢ (the number of values, where wᵢ = 1)    | none                 |
/// | `freedom` | F = W − Σwᵢ²/W (n − 1, where wᵢ = 1), see [WeightKind] | none          |
/// | `mean`    | Σwᵢxᵢ / W, as an unevaluated sum of two doubles | that of the feature  |
/// | `m2`      | Σwᵢ(xᵢ − mean)²                                 | feature unit squared |
/// | `min`     | least value of positive weight                  | that of the feature  |
/// | `max`     | greatest value of positive weight               | that of the feature  |
///
/// Before any value `min` is +∞ and `max` −∞. Where the values are not known (moments that were
/// given without them) it is the reverse: `min` −∞, `max` +∞, and so it stays whatever comes.
///
/// Missing values (NaN) and values of weight 0 count nowhere. A feature without a value has weight
/// 0, mean 0 and m2 0; [#none] is the identity of [#plus].
///
/// Moments are taken by [#of] in blocks of rows about a value of the batch's own, the mean so far
/// or that of the block, with the correction (Σw(x − c))²/W, and merged by [#plus] after Chan,
/// Golub and LeVeque (1983), <https://doi.org/10.2307/2683386>, for weights Schubert and Gertz
/// (2018), <https://doi.org/10.1145/3221269.3223036>. Nothing is ever subtracted again: `E[x²] −
/// E[x]²` is not computed anywhere.
///
/// Precision: mean and variance of finite data agree with exact arithmetic to about 1e-15 of the
/// mean and 1e-13 of the variance, whatever the offset and however the rows are cut into batches. F
/// is not formed by that subtraction: it is Σwᵢwⱼ over the pairs i ≠ j, divided by W, and so keeps
/// its digits however unequal the weights are. Values whose squares overflow give moments that are
/// not finite, see [#firstNotFinite].
///
/// Immutable and safe for use by many threads.
public final class FeatureMoments {
  public final FeatureColumn weight;
  public final FeatureColumn freedom;
  public final FeatureColumn mean;
  public final FeatureColumn meanLow;
  public final FeatureColumn m2;
  public final FeatureColumn min;
  public final FeatureColumn max;

  /// Takes the arrays over, all of length D; they must not be written to afterwards.
  ///
  /// @param meanLow what is to be added to `mean` for its full precision
  public FeatureMoments(
      double[] weight,
      double[] freedom,
      double[] mean,
      double[] meanLow,
      double[] m2,
      double[] min,
      double[] max) {
    this(
        FeatureColumn.of(weight),
        FeatureColumn.of(freedom),
        FeatureColumn.of(mean),
        FeatureColumn.of(meanLow),
        FeatureColumn.of(m2),
        FeatureColumn.of(min),
        FeatureColumn.of(max));
  }

  /// These columns, all of D features.
  ///
  /// @param meanLow what is to be added to `mean` for its full precision
  public FeatureMoments(
      FeatureColumn weight,
      FeatureColumn freedom,
      FeatureColumn mean,
      FeatureColumn meanLow,
      FeatureColumn m2,
      FeatureColumn min,
      FeatureColumn max) {
    this.weight = weight;
    this.freedom = freedom;
    this.mean = mean;
    this.meanLow = meanLow;
    this.m2 = m2;
    this.min = min;
    this.max = max;
  }

  /// The moments of no value at all.
  public static FeatureMoments none(int features) {
    FeatureColumn zero = FeatureColumn.filled(features, 0);
    return new FeatureMoments(
        zero,
        zero,
        zero,
        zero,
        zero,
        FeatureColumn.filled(features, Double.POSITIVE_INFINITY),
        FeatureColumn.filled(features, Double.NEGATIVE_INFINITY));
  }

  /// F of values of weight 1, of which there are this many `[D]`, not necessarily whole numbers.
  public static FeatureColumn freedomOf(FeatureColumn counts) {
    double[] freedom = counts.toArray();
    for (int j = 0; j < freedom.length; j++) {
      freedom[j] = freedom[j] > 0 ? freedom[j] - 1 : 0;
    }
    return FeatureColumn.of(freedom);
  }

  /// The moments of a batch `[N × D]`; O(N D). A batch without gaps and weights has faster loops.
  public static FeatureMoments of(FeatureBatch batch) {
    int features = batch.features();
    if (batch.arrived().isPresent()) {
      return batch.arrived().get();
    }
    if (batch.rows() > 0 && batch.weights() == null && !batch.hasMissing()) {
      return CompleteMoments.of(batch.values(), batch.rows(), features);
    }
    MomentsAccumulator sum = new MomentsAccumulator(features);
    Tile tile = Tile.at(0, features, batch.rows(), Tile.NARROW);
    while (tile.width() > 0) {
      new WeightedMoments(batch, tile).addTo(sum);
      tile = Tile.at(tile.end(), features, batch.rows(), Tile.NARROW);
    }
    return sum.toMoments();
  }

  /// The moments of both samples taken together; O(D). Commutative up to rounding.
  public FeatureMoments plus(FeatureMoments other) {
    MomentsAccumulator sum = new MomentsAccumulator(this);
    sum.add(other);
    return sum.toMoments();
  }

  /// These moments and those of further features behind them; O(D).
  public FeatureMoments followedBy(FeatureMoments others) {
    return new FeatureMoments(
        weight.followedBy(others.weight),
        freedom.followedBy(others.freedom),
        mean.followedBy(others.mean),
        meanLow.followedBy(others.meanLow),
        m2.followedBy(others.m2),
        min.followedBy(others.min),
        max.followedBy(others.max));
  }

  /// These moments for this many features: those behind its own have no value.
  public FeatureMoments widened(int features) {
    return features == features() ? this : followedBy(none(features - features()));
  }

  /// D.
  public int features() {
    return mean.features();
  }

  /// W of a feature.
  public double weight(int feature) {
    return weight.get(feature);
  }

  /// F of a feature; not above 0 where its unbiased variance is not defined, as with one value.
  public double freedom(int feature) {
    return freedom.get(feature);
  }

  /// The mean of a feature, rounded to one double.
  public double mean(int feature) {
    return mean.get(feature);
  }

  /// What is to be added to [#mean] for the mean's full precision.
  public double meanLow(int feature) {
    return meanLow.get(feature);
  }

  /// M2 of a feature.
  public double m2(int feature) {
    return m2.get(feature);
  }

  /// The least value of a feature, +∞ before any.
  public double min(int feature) {
    return min.get(feature);
  }

  /// The greatest value of a feature, −∞ before any.
  public double max(int feature) {
    return max.get(feature);
  }

  /// Whether the feature has shown a value of positive weight.
  public boolean hasValue(int feature) {
    return weight.get(feature) > 0;
  }

  /// The variance of a feature in its unit squared, NaN where it is not defined.
  public double variance(int feature, VarianceEstimator estimator) {
    return estimator.of(weight.get(feature), freedom.get(feature), m2.get(feature));
  }

  /// What this batch itself is normalised by: its mean and biased variance; for a feature without a
  /// value mean 0 and variance 1.
  public MeanAndVariance meanAndVariance(VarianceEstimator estimator) {
    double[] variance = divisors(estimator);
    double[] dividends = m2.values();
    for (int j = 0; j < variance.length; j++) {
      variance[j] = dividends[j] / variance[j];
    }
    for (int j = 0; j < variance.length; j++) {
      if (Double.isNaN(variance[j])) {
        variance[j] = 1;
      }
    }
    return new MeanAndVariance(mean.values(), meanLow.values(), variance);
  }

  private double[] divisors(VarianceEstimator estimator) {
    double[] divisors = new double[features()];
    if (weight.isSame() && freedom.isSame()) {
      Arrays.fill(divisors, estimator.divisor(weight.get(0), freedom.get(0)));
      return divisors;
    }
    for (int j = 0; j < divisors.length; j++) {
      divisors[j] = estimator.divisor(weight.get(j), freedom.get(j));
    }
    return divisors;
  }

  /// The least index of a feature whose moments are not finite, or −1.
  public int firstNotFinite() {
    for (int j = 0; j < features(); j++) {
      if (!(Double.isFinite(mean.get(j))
          && Double.isFinite(m2.get(j))
          && Double.isFinite(freedom.get(j)))) {
        return j;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureMoments that
        && weight.equals(that.weight)
        && freedom.equals(that.freedom)
        && mean.equals(that.mean)
        && meanLow.equals(that.meanLow)
        && m2.equals(that.m2)
        && min.equals(that.min)
        && max.equals(that.max);
  }

  @Override
  public int hashCode() {
    return 31 * mean.hashCode() + m2.hashCode();
  }
}
