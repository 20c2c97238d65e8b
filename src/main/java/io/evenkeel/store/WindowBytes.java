package io.evenkeel.store;

import io.evenkeel.batchnorm.FeatureMoments;
import io.evenkeel.batchnorm.MomentsWindow;
import io.evenkeel.batchnorm.WindowKind;
import java.sql.SQLException;
import java.util.List;

/// The part of [StateBytes] and [SnapshotBytes] that says which batches are in a window: `first`
/// (8), `boundary` (8) and `next` (8), the ordinals that [MomentsWindow] draws. The moments of the
/// batches are rows of their own, so that a batch does not write those before it again.
final class WindowBytes {
  private WindowBytes() {}

  /// Where the moments of the batches of a window are.
  @FunctionalInterface
  interface Entries {
    /// Those from one ordinal up to another, the oldest first.
    ///
    /// @throws MalformedBytesException where one of them is missing or damaged
    List<FeatureMoments> read(long first, long next) throws SQLException;
  }

  static void put(ByteOutput out, MomentsWindow window) {
    out.putLong(window.first()).putLong(window.boundary()).putLong(window.next());
  }

  static MomentsWindow get(
      ByteInput in, int batches, WindowKind kind, int features, Entries entries)
      throws SQLException {
    long first = in.getLong();
    long boundary = in.getLong();
    long next = in.getLong();
    if (!(0 <= first && first <= boundary && boundary <= next && next - first <= batches)) {
      throw new MalformedBytesException(
          "a window of "
              + batches
              + " batches goes from "
              + first
              + " over "
              + boundary
              + " to "
              + next);
    }
    return first == next
        ? MomentsWindow.empty(batches, kind, features, next)
        : MomentsWindow.of(batches, kind, first, boundary, entries.read(first, next));
  }
}
