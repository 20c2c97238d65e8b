package io.evenkeel.codec.json;

import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.MemoryShare;

/// Reads an array of numbers and nulls; a null becomes NaN.
final class JsonNumbers implements JsonValue {
  private final JsonTokens tokens;
  private final boolean nullable;
  private final boolean ofFeature;
  private final DoubleList numbers;
  private boolean opened;

  /// @param nullable whether there may be null instead of an array
  /// @param memory that it is held in
  JsonNumbers(JsonTokens tokens, boolean nullable, MemoryShare memory) {
    this(tokens, nullable, false, memory);
  }

  private JsonNumbers(JsonTokens tokens, boolean nullable, boolean ofFeature, MemoryShare memory) {
    this.numbers = new DoubleList(memory);
    this.tokens = tokens;
    this.nullable = nullable;
    this.ofFeature = ofFeature;
  }

  /// The values of one feature, among which true and false are numbers.
  static JsonNumbers ofFeature(JsonTokens tokens, MemoryShare memory) {
    return new JsonNumbers(tokens, false, true, memory);
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
  static double value(JsonTokens tokens, JsonToken token) {
    return switch (token) {
      case NULL -> Double.NaN;
      case TRUE -> 1;
      case FALSE -> 0;
      default -> throw tokens.expected("a number, true, false or null", token, "");
    };
  }

  /// NaN for the null that stands where another number may stand, such as a weight. Any other token
  /// is refused.
  static double missing(JsonTokens tokens, JsonToken token) {
    if (token != JsonToken.NULL) {
      throw tokens.expected("a number or null", token, "");
    }
    return Double.NaN;
  }

  @Override
  public boolean take(JsonToken token) {
    if (opened) {
      if (token == JsonToken.ARRAY_END) {
        return true;
      }
      numbers.add(ofFeature ? value(tokens, token) : missing(tokens, token));
      return false;
    }
    if (token == JsonToken.NULL && nullable) {
      return true;
    }
    if (token != JsonToken.ARRAY_START) {
      throw tokens.expected(nullable ? "an array or null" : "an array", token);
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
