package io.evenkeel.codec.rows;

import io.evenkeel.admission.FiniteValues;
import io.evenkeel.admission.FollowedRows;
import io.evenkeel.admission.ReceivedBatch;
import org.jspecify.annotations.Nullable;

/// Looks at raw numbers as soon as they lie in the array, while they are in the cache: whether all
/// are finite, and in a large body their moments. The batch then need not look at them again.
final class ArrivingNumbers {
  /// A body with room for so many numbers is worth following row by row, 512 KB.
  private static final int LARGE = 1 << 16;

  private final int width;
  private final MemoryShare memory;
  private @Nullable FollowedRows followed;
  private long finite;

  /// @param width D
  ArrivingNumbers(int width, MemoryShare memory) {
    this.width = width;
    this.memory = memory;
  }

  /// Notes that the array has room for so many numbers of a whole body.
  void hasRoom(int numbers) {
    if (followed == null && numbers >= LARGE && FollowedRows.canFollow(width)) {
      memory.take(FollowedRows.bytes());
      followed = new FollowedRows(width);
    }
  }

  /// Looks at numbers that were put.
  void put(double[] values, int from, int count) {
    if (followed == null) {
      finite += FiniteValues.all(values, from, from + count) ? count : 0;
    }
  }

  /// Looks at rows that are whole now.
  ///
  /// @param rows how many whole rows are in the array
  void advance(double[] values, int rows) {
    if (followed != null) {
      followed.advance(values, rows);
    }
  }

  /// Tells the batch of all these rows what was seen.
  void noteIn(ReceivedBatch batch) {
    if (followed != null) {
      followed.noteIn(batch);
    } else if (finite > 0 && finite == (long) batch.rows() * width) {
      batch.seenFinite();
    }
  }
}
