package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.LaneArrays;
import io.evenkeel.batchnorm.lanes.Tile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The moments of a batch without weights, taken while its rows arrive and lie in the cache. They
/// have the bits of [FeatureMoments#of], however the rows come.
///
/// They also tell whether every value is finite: a minimum or a maximum is not, if any value is
/// not.
///
/// Not safe for use by more than one thread at a time.
public final class ArrivingMoments {
  private final int features;
  private @Nullable CompleteMoments taken;

  /// @param features D, which [#canFollow]
  public ArrivingMoments(int features) {
    this.features = features;
  }

  /// Whether rows of D features can be followed: wider ones are read strip by strip.
  public static boolean canFollow(int features) {
    return features > 0 && features <= Tile.NARROW;
  }

  /// About how many bytes one takes at most.
  public static long bytes() {
    return LaneArrays.bytes(Tile.NARROW);
  }

  /// Takes in rows that have come.
  ///
  /// @param x row-major; may be another array than before, with the same rows
  /// @param rows how many whole rows are there
  public void advance(double[] x, int rows) {
    if (taken == null && rows >= Tile.settledAt(features)) {
      Tile tile = Tile.at(0, features, rows, Tile.NARROW);
      taken = new CompleteMoments(x, tile, LaneArrays.of(tile), x.length);
    }
    if (taken != null) {
      taken.advance(x, rows);
    }
  }

  /// The moments of all rows, after which nothing can be taken in; empty if some value is not
  /// finite or there are fewer rows than the loops take side by side.
  public Optional<FeatureMoments> finish(double[] x, int rows) {
    advance(x, rows);
    return Optional.ofNullable(taken)
        .map(all -> all.finish(x, rows))
        .filter(ArrivingMoments::isOfFinite);
  }

  private static boolean isOfFinite(FeatureMoments moments) {
    for (int j = 0; j < moments.features(); j++) {
      if (!Double.isFinite(moments.min(j)) || !Double.isFinite(moments.max(j))) {
        return false;
      }
    }
    return true;
  }
}
