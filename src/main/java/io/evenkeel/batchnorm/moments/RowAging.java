package io.evenkeel.batchnorm.moments;

/// How far a batch ages the statistics before it, if its rows entered one after the other. The
/// batch's own moments have aged already.
///
/// @param factor 2^(−n/h) for its n rows, in [0, 1]: multiplies the weight and M2 before it
/// @param count the sum of the weights of each feature's values, without forgetting `[D]`
public record RowAging(double factor, FeatureColumn count) {

  /// The aging of a batch whose first rows these are and whose last are `later`.
  RowAging before(RowAging later) {
    double[] counts = count.toArray();
    for (int j = 0; j < counts.length; j++) {
      counts[j] += later.count.get(j);
    }
    return new RowAging(factor * later.factor, FeatureColumn.of(counts));
  }
}
