package io.evenkeel.batchnorm.lanes;

import java.nio.DoubleBuffer;

/// A strip of columns of a matrix `[N × D]`, and how its rows are laid side by side for the loops.
///
/// The loops go over **lanes**: an array in which lane `g · width + j` belongs to column `from +
/// j`. If rows are short, several of them (`groups`) lie in the lanes one after the other, as in
/// the matrix, so that a loop is never much shorter than [#LANES]. The sums of the lanes are folded
/// onto the columns afterwards. If rows are long, the matrix is cut into strips, so that all lanes
/// stay in the cache.
///
/// @param features D
/// @param from the first column
/// @param width how many columns
/// @param groups how many rows side by side, a power of two; 1 unless the strip is the whole width
public record Tile(int features, int from, int width, int groups) {
  /// Long enough for the loops, short enough for seven arrays of it in the first-level cache. Which
  /// values share a lane depends on it, and so do the last bits of sums.
  private static final int LANES = 256;

  /// The widest strip of one row for the loops of sums and extremes, which go over nine arrays.
  /// Makes no difference to any bit, as a strip of a part of the columns has one group.
  public static final int STRIP = 256;

  /// The widest strip for loops that use many arrays.
  public static final int NARROW = 512;

  /// The widest strip for loops that use few arrays.
  public static final int WIDE = 1024;

  /// The most lanes that several rows take in loops that keep no sums.
  private static final int MANY_LANES = 512;

  /// Strips begin at such columns, so that they begin on a line of the cache alike.
  private static final int COLUMNS = 8;

  /// How many rows a matrix must have at least so that more rows make no other [Tile] of it.
  public static int settledAt(int features) {
    return Math.max(1, LANES / Math.max(1, features));
  }

  /// The strip of a matrix of this shape that begins at a column; of width 0 behind the last.
  ///
  /// @param widest [#STRIP] or [#NARROW]
  public static Tile at(int from, int features, int rows, int widest) {
    return at(from, features, rows, widest, LANES);
  }

  /// The same for loops that keep no sums, and so may lay more rows side by side.
  public static Tile wideAt(int from, int features, int rows) {
    return at(from, features, rows, WIDE, MANY_LANES);
  }

  private static Tile at(int from, int features, int rows, int widest, int lanes) {
    int width = Math.min(widthOfStrips(features, widest), features - from);
    if (width < features || width == 0) {
      return new Tile(features, from, width, 1);
    }
    int groups = Math.clamp(rows, 1, Math.max(1, lanes / width));
    return new Tile(features, from, width, Integer.highestOneBit(groups));
  }

  /// As few strips as possible, of about one width: a last strip of few columns would cost as much
  /// as a wide one.
  private static int widthOfStrips(int features, int widest) {
    int strips = Math.ceilDiv(Math.max(1, features), widest);
    return strips == 1 ? features : Math.ceilDiv(Math.ceilDiv(features, strips), COLUMNS) * COLUMNS;
  }

  /// The column behind this strip.
  public int end() {
    return from + width;
  }

  /// How many lanes there are.
  public int lanes() {
    return width * groups;
  }

  /// Copies up to `groups` rows into the lanes.
  ///
  /// @return how many lanes are taken
  public int load(double[] matrix, int row, int rows, double[] lanes) {
    int taken = Math.min(rows, groups) * width;
    System.arraycopy(matrix, row * features + from, lanes, 0, taken);
    return taken;
  }

  /// Copies the first lanes back into the matrix.
  public void store(double[] lanes, int taken, double[] matrix, int row) {
    System.arraycopy(lanes, 0, matrix, row * features + from, taken);
  }

  /// Copies the first lanes into the matrix that a buffer holds.
  public void store(double[] lanes, int taken, DoubleBuffer matrix, int row) {
    matrix.put(row * features + from, lanes, 0, taken);
  }

  /// The strip's part of an array `[D]`, repeated for each group, in `lanes`; or the array itself
  /// if one group takes all of it.
  public double[] of(double[] perFeature, double[] lanes) {
    if (groups == 1 && width == features) {
      return perFeature;
    }
    System.arraycopy(perFeature, from, lanes, 0, width);
    repeat(lanes);
    return lanes;
  }

  /// Copies one group of lanes to all groups of others.
  public void spread(double[] group, double[] lanes) {
    System.arraycopy(group, 0, lanes, 0, width);
    repeat(lanes);
  }

  /// Copies the first group to all others.
  public void repeat(double[] lanes) {
    for (int filled = width; filled < lanes(); filled *= 2) {
      System.arraycopy(lanes, 0, lanes, filled, filled);
    }
  }

  /// Adds the weights of all groups onto the first, and with them Σwᵢwⱼ over the pairs of values:
  /// those of both halves, and Wₐ W_b between them. Overwrites the lanes and both scratches.
  public void foldWeights(double[] weight, double[] pairs, double[] scratch, double[] other) {
    for (int half = lanes() / 2; half >= width && groups > 1; half /= 2) {
      System.arraycopy(weight, half, scratch, 0, half);
      System.arraycopy(pairs, half, other, 0, half);
      LaneLoops.foldWeights(scratch, other, weight, pairs, half);
    }
  }

  /// Adds all groups onto the first; half of them at a time, so that the loops stay long.
  /// Overwrites the lanes and `scratch`.
  public void foldSums(double[] lanes, double[] scratch) {
    for (int half = lanes() / 2; half >= width && groups > 1; half /= 2) {
      System.arraycopy(lanes, half, scratch, 0, half);
      LaneLoops.add(scratch, lanes, half);
    }
  }

  /// Folds the extremes of all groups onto the first, in the same way: minima onto minima, maxima
  /// onto maxima. A group without a value holds +∞ and −∞.
  public void foldExtremes(double[] min, double[] max, double[] scratch, double[] other) {
    for (int half = lanes() / 2; half >= width && groups > 1; half /= 2) {
      System.arraycopy(min, half, scratch, 0, half);
      System.arraycopy(max, half, other, 0, half);
      LaneLoops.foldExtremes(scratch, other, min, max, half);
    }
  }
}
