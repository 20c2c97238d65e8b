package io.evenkeel.batchnorm.moments;

import java.util.Arrays;

/// The least and the greatest value of each of D features in a batch; +∞ and −∞ for one without a
/// value. Also the least weight of a row: 0 if the values of some row are answered and not counted.
///
/// Normalising is monotone in the value, so these two tell whether any value of a batch would leave
/// the finite numbers.
public final class FeatureRange {
  public final double[] lowest;
  public final double[] highest;
  public final double leastWeight;
  public final FloatType answered;

  private FeatureRange(double[] lowest, double[] highest, double leastWeight, FloatType answered) {
    this.lowest = lowest;
    this.highest = highest;
    this.leastWeight = leastWeight;
    this.answered = answered;
  }

  /// The range of a batch `[N × D]` whose moments are known. The rows are read again only if some
  /// have weight 0, because the moments leave their values out.
  ///
  /// @param answered the type in which the normalised values must be finite
  public static FeatureRange of(FeatureBatch batch, FeatureMoments moments, FloatType answered) {
    double leastWeight = leastWeight(batch);
    return leastWeight == 0
        ? scan(batch, answered)
        : new FeatureRange(moments.min.values(), moments.max.values(), leastWeight, answered);
  }

  private static double leastWeight(FeatureBatch batch) {
    double[] weights = batch.weights();
    double least = weights == null ? 1 : Double.POSITIVE_INFINITY;
    for (int i = 0; weights != null && i < batch.rows(); i++) {
      least = Math.min(least, weights[i]);
    }
    return least;
  }

  private static FeatureRange scan(FeatureBatch batch, FloatType answered) {
    int features = batch.features();
    double[] values = batch.values();
    double[] lowest = new double[features];
    double[] highest = new double[features];
    Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    Arrays.fill(highest, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < batch.rows(); i++) {
      for (int j = 0; j < features; j++) {
        double x = values[i * features + j];
        if (x < lowest[j]) {
          lowest[j] = x;
        }
        if (x > highest[j]) {
          highest[j] = x;
        }
      }
    }
    return new FeatureRange(lowest, highest, 0, answered);
  }
}
