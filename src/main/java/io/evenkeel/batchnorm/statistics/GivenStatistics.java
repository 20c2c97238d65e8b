package io.evenkeel.batchnorm.statistics;

import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;

/// Running statistics of D features that a framework's layer or an operator gives, in place of
/// batches.
///
/// | component  | meaning                                                            |
/// |------------|--------------------------------------------------------------------|
/// | `count`    | how many values of weight 1 they stand for, 0 where that is unknown |
/// | `mean`     | running mean, leading part                                         |
/// | `meanLow`  | what is to be added to it for its full precision, often 0          |
/// | `variance` | running variance, by the normalizer's own estimator                |
/// | `min`      | least value, NaN where it is not known                             |
/// | `max`      | greatest value, NaN where it is not known                          |
/// | `batches`  | how many batches they stand for, where batches are averaged         |
@SuppressWarnings("ArrayRecordComponent") // handed on to the one state that is made of it
public record GivenStatistics(
    double[] count,
    double[] mean,
    double[] meanLow,
    double[] variance,
    double[] min,
    double[] max,
    double[] batches) {

  /// Replaces extremes that are not known, and those of features without a value, by the numbers
  /// that [FeatureMoments] uses.
  public GivenStatistics {
    min = min.clone();
    max = max.clone();
    for (int j = 0; j < min.length; j++) {
      boolean hasValue = count[j] > 0 || batches[j] > 0;
      min[j] = extreme(min[j], hasValue, Double.NEGATIVE_INFINITY);
      max[j] = extreme(max[j], hasValue, Double.POSITIVE_INFINITY);
    }
  }

  private static double extreme(double given, boolean hasValue, double unknown) {
    if (!hasValue) {
      return -unknown;
    }
    return Double.isNaN(given) ? unknown : given;
  }

  /// D.
  public int features() {
    return mean.length;
  }

  /// The greatest count, as a number of rows.
  public long rows() {
    return greatest(count);
  }

  /// The greatest number of batches.
  public long greatestBatches() {
    return greatest(batches);
  }

  private static long greatest(double[] numbers) {
    double most = 0;
    for (double each : numbers) {
      most = Math.max(most, each);
    }
    return Math.round(most);
  }

  /// Moments with these statistics: M2 is chosen so that its division gives the variance to the
  /// last bit, if there is such a double.
  ///
  /// One value of weight 1 has no unbiased variance, which shows as 1. If another variance is given
  /// for so small a weight, it counts as that of two values of half the weight.
  FeatureMoments moments(VarianceEstimator estimator) {
    FeatureColumn weight = FeatureColumn.of(count.clone());
    double[] freedom = FeatureMoments.freedomOf(weight).toArray();
    double[] m2 = new double[features()];
    for (int j = 0; j < m2.length; j++) {
      if (isOfParts(estimator, weight.get(j), freedom[j], variance[j])) {
        freedom[j] = weight.get(j) / 2;
      }
      double divisor = estimator.divisor(weight.get(j), freedom[j]);
      m2[j] = Double.isNaN(divisor) ? 0 : dividend(variance[j], divisor);
    }
    return new FeatureMoments(
        weight,
        FeatureColumn.of(freedom),
        FeatureColumn.of(mean),
        FeatureColumn.of(meanLow),
        FeatureColumn.of(m2),
        FeatureColumn.of(min),
        FeatureColumn.of(max));
  }

  private static boolean isOfParts(
      VarianceEstimator estimator, double weight, double freedom, double variance) {
    return estimator == VarianceEstimator.UNBIASED && weight > 0 && freedom <= 0 && variance != 1;
  }

  private static double dividend(double quotient, double divisor) {
    double product = quotient * divisor;
    for (double near : new double[] {product, Math.nextUp(product), Math.nextDown(product)}) {
      if (near / divisor == quotient) {
        return near;
      }
    }
    return product;
  }
}
