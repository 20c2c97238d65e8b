package io.evenkeel.batchnorm.moments;

/// How far a batch whose rows entered one after the other has aged the statistics before it. The
/// moments beside it have forgotten already.
///
/// @param factor 2^(−n/h) for its n rows, in [0, 1]: what weight and M2 before it are multiplied by
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
