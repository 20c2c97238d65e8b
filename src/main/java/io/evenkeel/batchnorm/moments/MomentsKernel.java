package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.Tile;

/// Takes the moments of a matrix `[N × D]` by the fastest loops its values allow.
final class MomentsKernel {
  private MomentsKernel() {}

  static FeatureMoments momentsOf(FeatureBatch batch) {
    int features = batch.features();
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
}
