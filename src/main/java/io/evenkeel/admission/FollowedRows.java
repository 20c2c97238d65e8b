package io.evenkeel.admission;

import io.evenkeel.batchnorm.moments.ArrivingMoments;

/// Rows without weights that are followed while a codec puts them into an array: their moments are
/// taken while the numbers lie in the cache. Used by one thread at a time.
public final class FollowedRows {
  private final ArrivingMoments moments;

  /// @param features D, which [#canFollow]
  public FollowedRows(int features) {
    moments = new ArrivingMoments(features);
  }

  /// Whether rows of D features can be followed.
  public static boolean canFollow(int features) {
    return ArrivingMoments.canFollow(features);
  }

  /// About how many bytes it takes at most beside the rows.
  public static long bytes() {
    return ArrivingMoments.bytes();
  }

  /// Takes in rows that have come.
  ///
  /// @param rows how many whole rows are in the array
  public void advance(double[] values, int rows) {
    moments.advance(values, rows);
  }

  /// Notes the moments in the batch of all these rows, if every value is finite.
  public void noteIn(ReceivedBatch batch) {
    moments.finish(batch.values(), batch.rows()).ifPresent(batch::arrived);
  }
}
