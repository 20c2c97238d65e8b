package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import java.util.function.IntFunction;

/// Reads an array of objects.
public final class JsonElements implements JsonValue {
  private final JsonStack stack;
  private final int most;
  private final boolean nullable;
  private final IntFunction<JsonValue> element;
  private boolean opened;
  private int count;

  /// @param most the most elements
  /// @param nullable whether there may be null instead of an array
  /// @param element makes the reader of the element at an index
  public JsonElements(JsonStack stack, int most, boolean nullable, IntFunction<JsonValue> element) {
    this.stack = stack;
    this.most = most;
    this.nullable = nullable;
    this.element = element;
  }

  /// Whether there is an array.
  public boolean isThere() {
    return opened;
  }

  @Override
  public boolean take(JsonToken token) {
    if (!opened) {
      if (token == JsonToken.NULL && nullable) {
        return true;
      }
      if (token != JsonToken.ARRAY_START) {
        throw stack.present().expected(nullable ? "an array or null" : "an array", token);
      }
      opened = true;
      return false;
    }
    if (token == JsonToken.ARRAY_END) {
      return true;
    }
    if (count == most) {
      throw stack.present().fail("The array has more than " + most + " elements.");
    }
    stack.begin(element.apply(count++));
    stack.take(token);
    return false;
  }

  @Override
  public void number(double x) {
    take(JsonToken.NUMBER);
  }
}
