package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.LaneArrays;
import io.evenkeel.batchnorm.lanes.LaneLoops;
import io.evenkeel.batchnorm.lanes.Tile;
import java.util.Arrays;

/// The moments of a strip of a batch in which no value is missing and every row weighs 1, in one
/// pass.
///
/// The rows are taken in blocks about c, the mean of the N rows before them. A block of n rows adds
///
/// ```
/// S₁ = Σ(x − c)    S₂ = Σ(x − c)²    mean = c + S₁/(N+n)    M2 += S₂ − S₁²/(N+n)
/// ```
///
/// which is the merge of Chan, Golub and LeVeque with a block whose own mean is never formed. What
/// is subtracted cannot cancel: S₁² ≤ n S₂, so at least N/(N+n) of S₂ remains, a sixteenth where n
/// ≤ 15 N, whatever the data. The first row is a block by itself, and the blocks grow fifteenfold
/// from there; if that row is an outlier, the later blocks lie about a better c. The part of the
/// mean below c's last bit is carried along (`low` in the code).
///
/// Not safe for use by more than one thread.
final class CompleteMoments {
  private static final int GROWTH = 15;

  /// In rows for each lane: a lane's sum has that many terms, and no more rounding than they make.
  private static final int LARGEST_BLOCK = 256;

  private final Tile tile;
  private final LaneArrays lanes = LaneArrays.ofThread();
  private int rows;

  /// What the strips make together `[D]`.
  private static final class Whole {
    private final double[] mean;
    private final double[] low;
    private final double[] m2;
    private final double[] min;
    private final double[] max;

    private Whole(int features) {
      mean = new double[features];
      low = new double[features];
      m2 = new double[features];
      min = new double[features];
      max = new double[features];
    }
  }

  private CompleteMoments(Tile tile) {
    this.tile = tile;
  }

  /// The moments of a matrix of at least one row.
  static FeatureMoments of(double[] x, int rows, int features) {
    Whole whole = new Whole(features);
    Tile tile = Tile.at(0, features, rows, Tile.NARROW);
    while (tile.width() > 0) {
      new CompleteMoments(tile).read(x, rows, whole);
      tile = Tile.at(tile.end(), features, rows, Tile.NARROW);
    }
    return new FeatureMoments(
        FeatureColumn.filled(features, rows),
        FeatureColumn.filled(features, rows - 1),
        FeatureColumn.of(whole.mean),
        FeatureColumn.of(whole.low),
        FeatureColumn.of(whole.m2),
        FeatureColumn.of(whole.min),
        FeatureColumn.of(whole.max));
  }

  private void read(double[] x, int end, Whole into) {
    int width = tile.load(x, 0, 1, lanes.mean);
    Arrays.fill(lanes.low, 0, width, 0);
    Arrays.fill(lanes.m2, 0, width, 0);
    tile.spread(lanes.mean, lanes.min);
    tile.spread(lanes.mean, lanes.max);
    rows = 1;
    while (rows < end) {
      int block = Math.min(GROWTH * rows, LARGEST_BLOCK * tile.groups());
      addBlock(x, Math.min(block, end - rows));
    }
    tile.foldExtremes(lanes.min, lanes.max, lanes.x, lanes.y);
    tile.store(lanes.mean, width, into.mean, 0);
    tile.store(lanes.low, width, into.low, 0);
    tile.store(lanes.m2, width, into.m2, 0);
    tile.store(lanes.min, width, into.min, 0);
    tile.store(lanes.max, width, into.max, 0);
  }

  private void addBlock(double[] x, int block) {
    tile.spread(lanes.mean, lanes.centre);
    Arrays.fill(lanes.first, 0, tile.lanes(), 0);
    Arrays.fill(lanes.second, 0, tile.lanes(), 0);
    int end = rows + block;
    gather(x, end);
    tile.foldSums(lanes.first, lanes.x);
    tile.foldSums(lanes.second, lanes.x);
    LaneLoops.mergeBlock(
        lanes.mean, lanes.low, lanes.m2, lanes.first, lanes.second, rows, end, tile.width());
    rows = end;
  }

  private void gather(double[] x, int end) {
    LaneArrays a = lanes;
    int row = rows;
    for (int pair = 2 * tile.groups(); row + pair <= end; row += pair) {
      int taken = tile.load(x, row, tile.groups(), a.x);
      tile.load(x, row + tile.groups(), tile.groups(), a.y);
      LaneLoops.addSums(a.x, a.y, a.centre, a.first, a.second, taken);
      LaneLoops.addExtremes(a.x, a.y, a.min, a.max, taken);
    }
    for (; row < end; row += tile.groups()) {
      int taken = tile.load(x, row, end - row, a.x);
      LaneLoops.addSums(a.x, a.centre, a.first, a.second, taken);
      LaneLoops.addExtremes(a.x, a.min, a.max, taken);
    }
  }
}
