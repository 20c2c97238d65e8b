package io.evenkeel.codec.json;

/// An array of rows, or null.
final class JsonRowsValue implements JsonValue {
  private final JsonTokens tokens;
  private final JsonMatrix matrix;
  private boolean opened;

  JsonRowsValue(JsonTokens tokens, JsonMatrix matrix) {
    this.tokens = tokens;
    this.matrix = matrix;
  }

  /// Whether there is an array.
  boolean isThere() {
    return opened;
  }

  @Override
  public boolean take(JsonToken token) {
    if (!opened) {
      if (token == JsonToken.NULL) {
        return true;
      }
      if (token != JsonToken.ARRAY_START) {
        throw tokens.expected("an array of rows", token);
      }
      opened = true;
      return false;
    }
    if (token == JsonToken.ARRAY_END && matrix.isBetweenRows()) {
      return true;
    }
    matrix.take(token);
    return false;
  }

  @Override
  public void number(double x) {
    if (opened) {
      matrix.number(x);
    } else {
      take(JsonToken.NUMBER);
    }
  }

  @Override
  public boolean takesRuns() {
    return matrix.takesRuns();
  }

  @Override
  public void numbers(double[] run, int count) {
    matrix.numbers(run, count);
  }
}
