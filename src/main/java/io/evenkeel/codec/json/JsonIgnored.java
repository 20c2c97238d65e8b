package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;

/// Passes over a value of any kind.

public final class JsonIgnored implements JsonValue {
  private final JsonStack stack;
  private int depth;

  public JsonIgnored(JsonStack stack) {
    this.stack = stack;
  }

  @Override
  public boolean take(JsonToken token) {
    switch (token) {
      case OBJECT_START, ARRAY_START -> depth++;
      case OBJECT_END, ARRAY_END -> depth--;
      case MEMBER, STRING, NUMBER, TRUE, FALSE, NULL -> {}
    }
    return depth == 0;
  }

  @Override
  public void number(double x) {
    if (depth == 0) {
      stack.end();
    }
  }
}
