package io.evenkeel.batchnorm;

/// Running statistics of D features that were not made from batches here but are given: by a
/// framework's layer, or by an operator.
///
/// | component  | meaning                                                            |
/// |------------|--------------------------------------------------------------------|
/// | `count`    | how many values of weight 1 they stand for, 0 where that is unknown |
/// | `mean`     | running mean, leading part                                         |
/// | `meanLow`  | what is to be added to it for its full precision, often 0          |
/// | `variance` | running variance, by the normalizer's own estimator                |
/// | `min`      | least value, +∞ where that is unknown                              |
/// | `max`      | greatest value, −∞ where that is unknown                           |
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

  /// Moments that show these statistics by this estimator: M2 is chosen so that dividing it gives
  /// the variance back to the last bit, wherever there is such a double.
  FeatureMoments moments(VarianceEstimator estimator) {
    double[] weight = count.clone();
    double[] m2 = new double[features()];
    for (int j = 0; j < m2.length; j++) {
      double divisor = estimator.divisor(weight[j], weight[j]);
      m2[j] = Double.isNaN(divisor) ? 0 : dividend(variance[j], divisor);
    }
    return new FeatureMoments(weight, weight, mean, meanLow, m2, min, max);
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
