package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.LaneArrays;
import io.evenkeel.batchnorm.lanes.LaneLoops;
import io.evenkeel.batchnorm.lanes.OrderedBits;
import io.evenkeel.batchnorm.lanes.Tile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
/// Rows may be read as they come: [#advance] leaves out what depends on the rows that follow, so
/// that the moments have the same bits however the rows came.
///
/// Not safe for use by more than one thread.
final class CompleteMoments {
  private static final int GROWTH = 15;

  /// In rows for each lane: a lane's sum has that many terms, and no more rounding than they make.
  private static final int LARGEST_BLOCK = 256;

  /// How many rows of a strip are read before some of the next one.
  private static final int ROWS = 32;

  private final Tile tile;
  private final LaneArrays lanes;

  /// Whether the extremes are taken as integers.
  private final boolean ordered;

  /// How many rows are merged.
  private int rows;

  /// Behind the rows whose sums are taken: those of the block at `rows`.
  private int next;

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

    private FeatureMoments moments(int rows) {
      return new FeatureMoments(
          FeatureColumn.filled(mean.length, rows),
          FeatureColumn.filled(mean.length, rows - 1),
          FeatureColumn.of(mean),
          FeatureColumn.of(low),
          FeatureColumn.of(m2),
          FeatureColumn.of(min),
          FeatureColumn.of(max));
    }
  }

  /// The moments of a matrix whose first row is there.
  ///
  /// @param numbers about how many numbers the matrix has
  CompleteMoments(double[] x, Tile tile, LaneArrays lanes, long numbers) {
    this.tile = tile;
    ordered = OrderedBits.pays(numbers);
    this.lanes = lanes;
    begin(x);
  }

  /// The moments of a matrix of at least one row.
  static FeatureMoments of(double[] x, int rows, int features) {
    Whole whole = new Whole(features);
    for (int from = 0; from < features; ) {
      from = addStrips(x, rows, from, whole);
    }
    return whole.moments(rows);
  }

  /// Takes some strips side by side, a few rows of each in turn: so the matrix is read nearly in
  /// its order. One strip after the other would read a part of each row, which the memory is slow
  /// at.
  ///
  /// @return the column behind the last of them
  private static int addStrips(double[] x, int rows, int from, Whole whole) {
    boolean few = rows <= ROWS;
    int most = few ? 1 : LaneArrays.STRIPS;
    List<CompleteMoments> strips = new ArrayList<>(most);
    int end = from;
    long numbers = (long) rows * whole.mean.length;
    while (strips.size() < most && end < whole.mean.length) {
      Tile tile = Tile.at(end, whole.mean.length, rows, few ? Tile.NARROW : Tile.STRIP);
      strips.add(new CompleteMoments(x, tile, LaneArrays.ofThread(strips.size()), numbers));
      end = tile.end();
    }
    for (int known = ROWS; strips.size() > 1 && known < rows; known += ROWS) {
      for (CompleteMoments strip : strips) {
        strip.advance(x, known);
      }
    }
    for (CompleteMoments strip : strips) {
      strip.finish(x, rows, whole);
    }
    return end;
  }

  /// The moments of a matrix of which this is the only strip, and of which the first rows may have
  /// been read.
  FeatureMoments finish(double[] x, int end) {
    Whole whole = new Whole(tile.features());
    finish(x, end, whole);
    return whole.moments(end);
  }

  private void begin(double[] x) {
    int width = tile.load(x, 0, 1, lanes.mean);
    Arrays.fill(lanes.low, 0, width, 0);
    Arrays.fill(lanes.m2, 0, width, 0);
    tile.spread(lanes.mean, lanes.min);
    tile.spread(lanes.mean, lanes.max);
    if (ordered) {
      lanes.extremes.begin(lanes.min, tile.lanes());
    }
    rows = 1;
    next = 1;
  }

  private void finish(double[] x, int end, Whole into) {
    advance(x, end);
    if (rows < end) {
      closeBlock(x, end);
    }
    if (ordered) {
      lanes.extremes.finish(lanes.min, lanes.max, tile.lanes());
    }
    int width = tile.width();
    tile.foldExtremes(lanes.min, lanes.max, lanes.x, lanes.y);
    tile.store(lanes.mean, width, into.mean, 0);
    tile.store(lanes.low, width, into.low, 0);
    tile.store(lanes.m2, width, into.m2, 0);
    tile.store(lanes.min, width, into.min, 0);
    tile.store(lanes.max, width, into.max, 0);
  }

  /// Reads rows as far as it makes no difference whether more rows follow: whole blocks, and pairs
  /// of loads of the block behind them.
  ///
  /// @param known how many rows are there
  void advance(double[] x, int known) {
    while (rows < known) {
      if (next == rows) {
        tile.spread(lanes.mean, lanes.centre);
        Arrays.fill(lanes.first, 0, tile.lanes(), 0);
        Arrays.fill(lanes.second, 0, tile.lanes(), 0);
      }
      long behind = rows + Math.min(GROWTH * (long) rows, LARGEST_BLOCK * (long) tile.groups());
      gatherPairs(x, (int) Math.min(behind, known));
      if (behind > known) {
        return;
      }
      closeBlock(x, (int) behind);
    }
  }

  /// Merges the open block, which ends here.
  private void closeBlock(double[] x, int end) {
    gatherRest(x, end);
    tile.foldSums(lanes.first, lanes.x);
    tile.foldSums(lanes.second, lanes.x);
    LaneLoops.mergeBlock(
        lanes.mean, lanes.low, lanes.m2, lanes.first, lanes.second, rows, end, tile.width());
    rows = end;
  }

  private void gatherPairs(double[] x, int end) {
    LaneArrays a = lanes;
    int row = next;
    int groups = tile.groups();
    for (int four = 4 * groups; row + four <= end; row += four) {
      int taken = tile.load(x, row, groups, a.x);
      tile.load(x, row + groups, groups, a.y);
      tile.load(x, row + 2 * groups, groups, a.u);
      tile.load(x, row + 3 * groups, groups, a.v);
      LaneLoops.addSums(a.x, a.y, a.u, a.v, a.centre, a.first, a.second, taken);
      addExtremes(a.x, a.y, taken);
      addExtremes(a.u, a.v, taken);
    }
    for (int pair = 2 * groups; row + pair <= end; row += pair) {
      int taken = tile.load(x, row, tile.groups(), a.x);
      tile.load(x, row + tile.groups(), tile.groups(), a.y);
      LaneLoops.addSums(a.x, a.y, a.centre, a.first, a.second, taken);
      addExtremes(a.x, a.y, taken);
    }
    next = row;
  }

  private void gatherRest(double[] x, int end) {
    LaneArrays a = lanes;
    for (int row = next; row < end; row += tile.groups()) {
      int taken = tile.load(x, row, end - row, a.x);
      LaneLoops.addSums(a.x, a.centre, a.first, a.second, taken);
      addExtremes(a.x, a.x, taken);
    }
    next = end;
  }

  private void addExtremes(double[] x, double[] y, int taken) {
    if (ordered) {
      lanes.extremes.add(x, y, taken);
    } else {
      LaneLoops.addExtremes(x, y, lanes.min, lanes.max, taken);
    }
  }
}
