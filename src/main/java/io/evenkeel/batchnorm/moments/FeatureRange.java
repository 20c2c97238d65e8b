package io.evenkeel.batchnorm.moments;

import java.util.Arrays;

/// The least and the greatest value of each of D features; +∞ and −∞ for one without a value.
///
/// Normalising is monotone in the value, so these two tell whether any value of a batch would leave
/// the finite numbers.
public final class FeatureRange {
  public final double[] lowest;
  public final double[] highest;
  public final FloatType answered;

  private FeatureRange(double[] lowest, double[] highest, FloatType answered) {
    this.lowest = lowest;
    this.highest = highest;
    this.answered = answered;
  }

  /// The range of a batch `[N × D]` whose moments are known. The rows are read again only if some
  /// have weight 0, because the moments leave their values out.
  ///
  /// @param answered the type in which the normalised values must be finite
  public static FeatureRange of(FeatureBatch batch, FeatureMoments moments, FloatType answered) {
    double[] weights = batch.weights();
    for (int i = 0; weights != null && i < batch.rows(); i++) {
      if (weights[i] == 0) {
        return scan(batch, answered);
      }
    }
    return new FeatureRange(moments.min.values(), moments.max.values(), answered);
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
    return new FeatureRange(lowest, highest, answered);
  }
}
