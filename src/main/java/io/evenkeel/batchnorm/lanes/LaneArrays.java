package io.evenkeel.batchnorm.lanes;

import java.util.ArrayList;
import java.util.List;

/// The arrays that the loops over lanes work in, one set for each thread. Fresh arrays lie in no
/// cache, and would cost a batch of a hundred rows as much as its arithmetic.
///
/// The contents belong to one call. A thread that has ever normalised keeps 145 KB, and another 90
/// KB once a batch was wider than [Tile#STRIP].
public final class LaneArrays {
  /// How many strips a loop takes side by side at most.
  public static final int STRIPS = 4;

  private static final ThreadLocal<List<LaneArrays>> OF_THREAD =
      ThreadLocal.withInitial(() -> new ArrayList<>(List.of(new LaneArrays(Tile.WIDE))));

  /// Arrays that lie one behind the other begin half a page and a line of the cache apart. So not
  /// all of them want the same sets of the cache, and all lie alike on its lines.
  private static final int APART = 2048 + 64;

  private static final int PAGE = 4096;

  /// The head of an array, in bytes.
  private static final int HEAD = 16;

  public final double[] x;
  public final double[] y;
  public final double[] u;
  public final double[] v;
  public final double[] centre;
  public final double[] first;
  public final double[] second;
  public final double[] min;
  public final double[] max;
  public final double[] mean;
  public final double[] low;
  public final double[] m2;
  public final OrderedBits extremes;

  private LaneArrays(int lanes) {
    int length = (apart(lanes) - HEAD) / Double.BYTES;
    x = new double[length];
    y = new double[length];
    u = new double[length];
    v = new double[length];
    centre = new double[length];
    first = new double[length];
    second = new double[length];
    min = new double[length];
    max = new double[length];
    mean = new double[length];
    low = new double[length];
    m2 = new double[length];
    extremes = new OrderedBits(length);
  }

  /// Arrays of the caller's own, to go on with later, maybe on another thread. They have room for
  /// one tile and take about [#bytes].
  public static LaneArrays of(Tile tile) {
    return new LaneArrays(tile.lanes());
  }

  /// About how many bytes the arrays for so many lanes take.
  public static long bytes(int lanes) {
    return 14L * apart(lanes);
  }

  private static int apart(int lanes) {
    int pages = Math.ceilDiv(Math.max(0, lanes * Double.BYTES + HEAD - APART), PAGE);
    return pages * PAGE + APART;
  }

  /// The arrays of this thread for one of the strips that are taken side by side.
  ///
  /// @param strip below [#STRIPS]
  public static LaneArrays ofThread(int strip) {
    List<LaneArrays> strips = OF_THREAD.get();
    while (strips.size() <= strip) {
      strips.add(new LaneArrays(Tile.STRIP));
    }
    return strips.get(strip);
  }

  /// The arrays of this thread, for any tile.
  public static LaneArrays ofThread() {
    return ofThread(0);
  }
}
