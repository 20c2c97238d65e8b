package io.evenkeel.batchnorm.lanes;

/// The arrays that the loops over lanes work in, one set for each thread. Fresh arrays lie in no
/// cache, and would cost a batch of a hundred rows as much as its arithmetic.
///
/// Each array has room for the widest [Tile]. Its contents belong to one call. A thread that has
/// ever normalised keeps 100 KB.
public final class LaneArrays {
  private static final ThreadLocal<LaneArrays> OF_THREAD = ThreadLocal.withInitial(LaneArrays::new);

  /// Half a page more, so that arrays that lie one behind the other do not share the same sets of
  /// the cache.
  private static final int ASIDE = 256;

  public final double[] x = lanes();
  public final double[] y = lanes();
  public final double[] centre = lanes();
  public final double[] first = lanes();
  public final double[] second = lanes();
  public final double[] min = lanes();
  public final double[] max = lanes();
  public final double[] mean = lanes();
  public final double[] low = lanes();
  public final double[] m2 = lanes();

  private LaneArrays() {}

  public static LaneArrays ofThread() {
    return OF_THREAD.get();
  }

  private static double[] lanes() {
    return new double[Tile.WIDE + ASIDE];
  }
}
