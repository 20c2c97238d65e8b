package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.MemoryShare;

/// Reads an array of numbers and nulls; a null becomes NaN.
final class JsonNumbers implements JsonValue {
  private final PresentToken present;
  private final boolean nullable;
  private final boolean ofFeature;
  private final DoubleList numbers;
  private boolean opened;

  /// @param nullable whether there may be null instead of an array
  /// @param memory that it is held in
  JsonNumbers(PresentToken present, boolean nullable, MemoryShare memory) {
    this(present, nullable, false, memory);
  }

  private JsonNumbers(
      PresentToken present, boolean nullable, boolean ofFeature, MemoryShare memory) {
    this.numbers = new DoubleList(memory);
    this.present = present;
    this.nullable = nullable;
    this.ofFeature = ofFeature;
  }

  /// The values of one feature, among which true and false are numbers.
  static JsonNumbers ofFeature(PresentToken present, MemoryShare memory) {
    return new JsonNumbers(present, false, true, memory);
  }

  /// Whether there is an array.
  boolean isThere() {
    return opened;
  }

  DoubleList numbers() {
    return numbers;
  }

  /// The value of a token that stands where the number of a feature may stand: NaN for null, 1 for
  /// true, 0 for false. Any other token is refused.
  static double value(PresentToken present, JsonToken token) {
    return switch (token) {
      case NULL -> Double.NaN;
      case TRUE -> 1;
      case FALSE -> 0;
      default -> throw present.expected("a number, true, false or null", token, "");
    };
  }

  /// NaN for the null that stands where another number may stand, such as a weight. Any other token
  /// is refused.
  static double missing(PresentToken present, JsonToken token) {
    if (token != JsonToken.NULL) {
      throw present.expected("a number or null", token, "");
    }
    return Double.NaN;
  }

  @Override
  public boolean take(JsonToken token) {
    if (opened) {
      if (token == JsonToken.ARRAY_END) {
        return true;
      }
      numbers.add(ofFeature ? value(present, token) : missing(present, token));
      return false;
    }
    if (token == JsonToken.NULL && nullable) {
      return true;
    }
    if (token != JsonToken.ARRAY_START) {
      throw present.expected(nullable ? "an array or null" : "an array", token);
    }
    opened = true;
    return false;
  }

  @Override
  public void number(double x) {
    if (opened) {
      numbers.add(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }

  @Override
  public boolean takesRuns() {
    return opened;
  }

  @Override
  public void numbers(double[] run, int count, int ends) {
    numbers.addAll(run, count);
  }
}
