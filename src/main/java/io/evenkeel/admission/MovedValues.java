package io.evenkeel.admission;

import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Remembers the values of a batch that a rule has moved to the end of a range or made missing.
/// Another definition may leave them as they were received.
///
/// Remembers a limited number of values, so that a batch never takes much more memory than its
/// numbers.
final class MovedValues {
  private static final int MOST = 1 << 14;
  private static final int FIRST = 16;

  private @Nullable NormalizerDefinition mover;
  private int[] places = {};
  private double[] values = {};
  private int count;
  private boolean complete = true;

  /// The definition whose rules have moved values, if any did.
  @Nullable NormalizerDefinition mover() {
    return mover;
  }

  /// The rules of this definition move values from now on.
  void movedBy(NormalizerDefinition definition) {
    mover = definition;
  }

  /// Remembers a value.
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

  /// Puts all remembered values back.
  ///
  /// @return whether the batch is again as it was received; false if more values were moved than
  ///   are remembered
  boolean putBack(double[] batch) {
    for (int i = count - 1; i >= 0; i--) {
      batch[places[i]] = values[i];
    }
    count = 0;
    mover = null;
    return complete;
  }
}
