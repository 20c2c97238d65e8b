package io.evenkeel.admission;

import io.evenkeel.normalizer.NormalizerDefinition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The values of a batch that its rules have moved to the end of a range or made missing, as they
/// were received: another definition may leave them where they were.
///
/// Only so many are remembered, so that a batch never takes much more memory than its numbers.
final class MovedValues {
  private static final int MOST = 1 << 14;
  private static final int FIRST = 16;

  private @Nullable NormalizerDefinition mover;
  private int[] places = {};
  private double[] values = {};
  private int count;
  private boolean complete = true;

  /// By which definition's rules they were moved, if they were.
  @Nullable NormalizerDefinition mover() {
    return mover;
  }

  /// The rules of this definition move values from now on.
  void movedBy(NormalizerDefinition definition) {
    mover = definition;
  }

  /// Remembers one of them.
  ///
  /// @param place row · D + feature
  void add(int place, double value) {
    if (count == MOST) {
      complete = false;
      return;
    }
    if (count == places.length) {
      int length = Math.max(FIRST, 2 * count);
      places = Arrays.copyOf(places, length);
      values = Arrays.copyOf(values, length);
    }
    places[count] = place;
    values[count] = value;
    count++;
  }

  /// Makes a batch again what was received.
  ///
  /// @return whether it is, with no value left where it was moved to
  boolean putBack(double[] batch) {
    for (int i = count - 1; i >= 0; i--) {
      batch[places[i]] = values[i];
    }
    count = 0;
    mover = null;
    return complete;
  }
}
