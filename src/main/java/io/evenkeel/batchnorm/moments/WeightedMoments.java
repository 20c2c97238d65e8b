package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.DoubleDouble;
import io.evenkeel.batchnorm.lanes.LaneArrays;
import io.evenkeel.batchnorm.lanes.LaneLoops;
import io.evenkeel.batchnorm.lanes.Tile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The moments of a strip of a batch in which values may be missing and rows have weights.
///
/// Weights and gaps can make any part of a block count for nothing, so the bound of
/// [CompleteMoments] does not hold here. Each block is read twice, from the cache: once for its
/// mean c = x₀ + Σw(x − x₀)/W, once for S₁ = Σw(x − c) and S₂ = Σw(x − c)², from which its mean is
/// c + S₁/W and its M2 is S₂ − S₁²/W; the blocks are merged. F W of a block is 2 Σwᵢwⱼ over i < j;
/// if the weights are frequencies, F is W − 1.
///
/// x₀ is the feature's first value of the greatest weight: it is at most √(W/w₀) deviations away
/// from the mean, so that x − x₀ keeps the digits that count. (A value of tiny weight may be as far
/// away as it likes.) A value that is missing or of weight 0 enters the loops as x₀ with weight 0,
/// which changes neither the sums nor the batch's extremes.
final class WeightedMoments {
  private static final int BLOCK = 32;

  private final FeatureBatch batch;
  private final Tile tile;
  private final boolean frequencies;
  private final double[] origin = new double[Tile.NARROW];
  private final double[] w = new double[Tile.NARROW];
  private final double[] weight = new double[Tile.NARROW];
  private final double[] pairs = new double[Tile.NARROW];
  private final double[] x;
  private final double[] centre;
  private final double[] first;
  private final double[] second;
  private final double[] min;
  private final double[] max;

  WeightedMoments(FeatureBatch batch, Tile tile) {
    this.batch = batch;
    this.tile = tile;
    this.frequencies = batch.weightKind() == WeightKind.FREQUENCY;
    LaneArrays lanes = LaneArrays.ofThread();
    x = lanes.x;
    centre = lanes.centre;
    first = lanes.first;
    second = lanes.second;
    min = lanes.min;
    max = lanes.max;
  }

  /// Adds the strip's moments to those of the features it holds.
  void addTo(MomentsAccumulator sum) {
    findOrigin();
    int block = BLOCK * tile.groups();
    for (int row = 0; row < batch.rows(); row += block) {
      int end = Math.min(batch.rows(), row + block);
      findCentre(row, end);
      gather(row, end);
      mergeInto(sum);
    }
  }

  /// Looks for each feature's first value of the greatest weight, and stops once all are known.
  private void findOrigin() {
    Arrays.fill(weight, 0);
    int wanted = tile.width();
    double greatest = greatestWeight();
    for (int i = 0; i < batch.rows() && wanted > 0; i++) {
      double rowWeight = batch.weight(i);
      for (int j = 0; j < tile.width(); j++) {
        double value = batch.values()[i * tile.features() + tile.from() + j];
        if (rowWeight > weight[j] && !Double.isNaN(value)) {
          origin[j] = value;
          weight[j] = rowWeight;
          if (rowWeight == greatest) {
            wanted--;
          }
        }
      }
    }
    tile.repeat(origin);
  }

  private double greatestWeight() {
    double[] weights = batch.weights();
    return weights == null ? 1 : Arrays.stream(weights).max().orElse(0);
  }

  private void findCentre(int from, int end) {
    for (double[] lanes : new double[][] {weight, pairs, first}) {
      Arrays.fill(lanes, 0);
    }
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    for (int row = from; row < end; row += tile.groups()) {
      int lanes = load(row, end);
      LaneLoops.addWeights(w, weight, pairs, lanes);
      LaneLoops.addWeighted(x, w, origin, first, lanes);
      LaneLoops.addExtremes(x, min, max, lanes);
    }
    tile.foldWeights(weight, pairs, x, w);
    tile.foldSums(first, x);
    tile.foldExtremes(min, max, x, w);
    for (int j = 0; j < tile.width(); j++) {
      centre[j] = weight[j] > 0 ? origin[j] + first[j] / weight[j] : origin[j];
    }
    tile.repeat(centre);
  }

  private void gather(int from, int end) {
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
    for (int row = from; row < end; row += tile.groups()) {
      int lanes = load(row, end);
      LaneLoops.addWeightedSums(x, w, centre, first, second, lanes);
    }
    tile.foldSums(first, x);
    tile.foldSums(second, x);
  }

  private void mergeInto(MomentsAccumulator sum) {
    for (int j = 0; j < tile.width(); j++) {
      if (weight[j] > 0) {
        double rest = first[j] / weight[j];
        double mean = centre[j] + rest;
        double low = DoubleDouble.sumError(centre[j], rest, mean);
        double m2 = Math.max(0, second[j] - first[j] * rest);
        int feature = tile.from() + j;
        double freedom = frequencies ? weight[j] - 1 : 2 * pairs[j] / weight[j];
        sum.merge(feature, weight[j], freedom, mean, low, m2, min[j], max[j]);
      }
    }
  }

  /// The next rows into the lanes, each with its weight; what does not count becomes x₀ of weight
  /// 0.
  private int load(int row, int end) {
    int lanes = tile.load(batch.values(), row, end - row, x);
    double @Nullable [] weights = batch.weights();
    for (int at = 0, i = row; at < lanes; at += tile.width(), i++) {
      double rowWeight = weights == null ? 1 : weights[i];
      Arrays.fill(w, at, at + tile.width(), rowWeight);
      if (rowWeight == 0) {
        System.arraycopy(origin, 0, x, at, tile.width());
      }
    }
    if (batch.hasMissing()) {
      leaveOutMissing(lanes);
    }
    return lanes;
  }

  private void leaveOutMissing(int lanes) {
    for (int j = 0; j < lanes; j++) {
      if (Double.isNaN(x[j])) {
        x[j] = origin[j];
        w[j] = 0;
      }
    }
  }
}
