package io.evenkeel.batchnorm.lanes;

/// The arrays that the loops over lanes work in, one set for each thread. Fresh arrays lie in no
/// cache, and would cost a batch of a hundred rows as much as its arithmetic.
///
/// Each array of a thread has room for the widest [Tile]. Its contents belong to one call. A thread
/// that has ever normalised keeps 100 KB.
public final class LaneArrays {
  private static final ThreadLocal<LaneArrays> OF_THREAD =
      ThreadLocal.withInitial(() -> new LaneArrays(Tile.WIDE));

  /// Half a page more, so that arrays that lie one behind the other do not share the same sets of
  /// the cache.
  private static final int ASIDE = 256;

  public final double[] x;
  public final double[] y;
  public final double[] centre;
  public final double[] first;
  public final double[] second;
  public final double[] min;
  public final double[] max;
  public final double[] mean;
  public final double[] low;
  public final double[] m2;

  private LaneArrays(int lanes) {
    int length = lanes + ASIDE;
    x = new double[length];
    y = new double[length];
    centre = new double[length];
    first = new double[length];
    second = new double[length];
    min = new double[length];
    max = new double[length];
    mean = new double[length];
    low = new double[length];
    m2 = new double[length];
  }

  /// Arrays of the caller's own, to go on with later, maybe on another thread. They have room for
  /// one tile and take about [#bytes].
  public static LaneArrays of(Tile tile) {
    return new LaneArrays(tile.lanes());
  }

  /// About how many bytes the arrays for so many lanes take.
  public static long bytes(int lanes) {
    return 10L * Double.BYTES * (lanes + ASIDE);
  }

  public static LaneArrays ofThread() {
    return OF_THREAD.get();
  }
}
