package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.PresentToken;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Reads the shape of a tensor: how many elements it has in each dimension.
final class TensorShape implements JsonValue {
  /// The most dimensions of a tensor. NumPy has 64, and nobody has images of more than 5.
  static final int MOST_DIMENSIONS = 8;

  private final PresentToken present;
  private long[] sizes = new long[2];
  private int count;
  private boolean opened;

  TensorShape(PresentToken present) {
    this.present = present;
  }

  @Override
  public boolean take(JsonToken token) {
    if (opened && token == JsonToken.ARRAY_END) {
      return true;
    }
    if (opened || token != JsonToken.ARRAY_START) {
      throw present.expected(opened ? "a whole number" : "an array of whole numbers", token);
    }
    opened = true;
    return false;
  }

  @Override
  public void number(double x) {
    if (!opened) {
      take(JsonToken.NUMBER);
    }
    if (count == MOST_DIMENSIONS) {
      throw present.fail("A shape has at most " + MOST_DIMENSIONS + " dimensions.");
    }
    if (count == sizes.length) {
      sizes = Arrays.copyOf(sizes, MOST_DIMENSIONS);
    }
    sizes[count++] = JsonScalar.whole(present, x);
  }

  /// Whether there is a shape.
  boolean isThere() {
    return opened;
  }

  /// The number of dimensions.
  int dimensions() {
    return count;
  }

  /// How many elements a dimension has.
  long size(int dimension) {
    return sizes[dimension];
  }

  /// Whether a dimension has fewer than no elements.
  boolean hasNegative() {
    return Arrays.stream(sizes, 0, count).anyMatch(size -> size < 0);
  }

  /// The product of the sizes from a dimension on; [Long#MAX_VALUE] if it is larger.
  long product(int from) {
    long product = 1;
    for (int i = from; i < count; i++) {
      long high = Math.multiplyHigh(product, sizes[i]);
      long low = product * sizes[i];
      product = high == 0 && low >= 0 ? low : Long.MAX_VALUE;
      if (sizes[i] == 0) {
        return 0;
      }
    }
    return product;
  }

  /// The sizes.
  long[] toArray() {
    return Arrays.copyOf(sizes, count);
  }

  /// The shape as a sentence shows it.
  @Override
  public String toString() {
    return words(sizes, count);
  }

  /// The first sizes of an array as a sentence shows them.
  static String words(long[] sizes, int count) {
    return Arrays.stream(sizes, 0, count)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
