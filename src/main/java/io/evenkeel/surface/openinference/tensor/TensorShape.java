package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonToken;
import io.evenkeel.codec.json.JsonTokens;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Reads the shape of a tensor, which must be `[N, D]`.
final class TensorShape implements JsonValue {
  /// How many dimensions are kept for sentences.
  private static final int KEPT = 4;

  private final JsonTokens tokens;
  private final long[] sizes = new long[KEPT];
  private int count;
  private boolean opened;

  TensorShape(JsonTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public boolean take(JsonToken token) {
    if (opened && token == JsonToken.ARRAY_END) {
      return true;
    }
    if (opened || token != JsonToken.ARRAY_START) {
      throw tokens.expected(opened ? "a whole number" : "an array of whole numbers", token);
    }
    opened = true;
    return false;
  }

  @Override
  public void number(double x) {
    if (!opened) {
      take(JsonToken.NUMBER);
    }
    long size = JsonScalar.whole(tokens, x);
    if (count < KEPT) {
      sizes[count] = size;
    }
    if (count < Integer.MAX_VALUE) {
      count++;
    }
  }

  /// N, if the shape is valid.
  ///
  /// @param features D
  /// @param pointer of the shape
  OptionalLong rows(int features, String pointer, Faults faults) {
    if (!opened) {
      faults.add(new Fault(pointer, Fault.NOT_NULL, "The input has no shape."));
    } else if (count != 2) {
      String detail =
          "The shape " + this + " has " + count + " dimensions; it must be [N, " + features + "].";
      faults.add(new Fault(pointer, Fault.SIZE, detail));
    } else if (sizes[1] != features) {
      String detail =
          "The rows have " + sizes[1] + " values; the normalizer has " + features + " features.";
      faults.add(new Fault(pointer, Fault.FEATURE_COUNT, detail));
    } else if (sizes[0] < 0) {
      String detail = "The number of rows is " + sizes[0] + "; it must not be negative.";
      faults.add(new Fault(pointer, Fault.NEGATIVE, detail));
    } else {
      return OptionalLong.of(sizes[0]);
    }
    return OptionalLong.empty();
  }

  /// The shape as a sentence shows it.
  @Override
  public String toString() {
    String known =
        Arrays.stream(sizes, 0, Math.min(count, KEPT))
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", "));
    return "[" + known + (count > KEPT ? ", ...]" : "]");
  }
}
