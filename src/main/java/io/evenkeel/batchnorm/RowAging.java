package io.evenkeel.batchnorm;

/// How far a batch whose rows entered one after the other has aged the statistics before it,
/// feature by feature: `factor` = 2^(−n/h) for the n rows in which the feature had a value, and
/// `count`, the sum of their weights without forgetting. The moments beside it have forgotten
/// already.
public final class RowAging {
  final double[] factor;
  final double[] count;

  /// Takes both arrays over, of length D; they must not be written to afterwards.
  public RowAging(double[] factor, double[] count) {
    this.factor = factor;
    this.count = count;
  }

  /// D.
  public int features() {
    return factor.length;
  }

  /// What the weight and M2 of a feature before this batch are multiplied by, in [0, 1].
  public double factor(int feature) {
    return factor[feature];
  }

  /// The sum of the weights of a feature's values in this batch.
  public double count(int feature) {
    return count[feature];
  }

  /// The aging of a batch whose first rows these are and whose last are `later`.
  RowAging before(RowAging later) {
    double[] factors = factor.clone();
    double[] counts = count.clone();
    for (int j = 0; j < factors.length; j++) {
      factors[j] *= later.factor[j];
      counts[j] += later.count[j];
    }
    return new RowAging(factors, counts);
  }
}
