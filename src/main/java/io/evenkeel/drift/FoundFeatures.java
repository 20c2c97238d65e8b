package io.evenkeel.drift;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The features of a normalizer that have drifted, by their indices.
///
/// Immutable; 4 bytes a feature.
final class FoundFeatures {
  static final FoundFeatures NONE = new FoundFeatures(new int[0]);

  private final int[] indices;

  private FoundFeatures(int[] indices) {
    this.indices = indices;
  }

  /// @param indices in rising order
  static FoundFeatures of(IntStream indices) {
    int[] found = indices.toArray();
    return found.length == 0 ? NONE : new FoundFeatures(found);
  }

  int count() {
    return indices.length;
  }

  /// The first of them, at most so many.
  IntStream first(int most) {
    return Arrays.stream(indices, 0, Math.min(most, indices.length));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FoundFeatures that && Arrays.equals(indices, that.indices);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(indices);
  }

  @Override
  public String toString() {
    return Arrays.toString(indices);
  }
}
