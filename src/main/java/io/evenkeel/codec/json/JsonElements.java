package io.evenkeel.codec.json;

import java.util.function.IntFunction;

/// Reads an array of a few objects.
public final class JsonElements implements JsonValue {
  /// The most elements. A model has one input and one output, so nobody means more.
  private static final int MOST = 100;

  private final JsonStack stack;
  private final boolean nullable;
  private final IntFunction<JsonValue> element;
  private boolean opened;
  private int count;

  /// @param nullable whether there may be null instead of an array
  /// @param element makes the reader of the element at an index
  public JsonElements(JsonStack stack, boolean nullable, IntFunction<JsonValue> element) {
    this.stack = stack;
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
        throw stack.tokens().expected(nullable ? "an array or null" : "an array", token);
      }
      opened = true;
      return false;
    }
    if (token == JsonToken.ARRAY_END) {
      return true;
    }
    if (count == MOST) {
      throw stack.tokens().fail("The array has more than " + MOST + " elements.");
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
