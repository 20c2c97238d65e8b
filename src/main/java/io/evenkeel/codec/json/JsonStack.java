package io.evenkeel.codec.json;

import java.util.ArrayDeque;
import java.util.Deque;

/// Hands each token of a JSON text to the innermost value that is not complete, so that a number
/// deep inside takes no longer way than one outside.
public final class JsonStack implements JsonTokens.Reader {
  private final JsonTokens tokens = JsonTokens.ofValue(this);
  private final Deque<JsonValue> outer = new ArrayDeque<>();
  private JsonValue value = new JsonIgnored(this);

  public JsonTokens tokens() {
    return tokens;
  }

  /// Begins a value within the present one; the first one is the text's own.
  public void begin(JsonValue inner) {
    outer.push(value);
    value = inner;
  }

  /// Ends the present value; nothing can follow the outermost one.
  void end() {
    JsonValue around = outer.poll();
    if (around != null) {
      value = around;
    }
  }

  @Override
  public void take(JsonToken token) {
    if (value.take(token)) {
      end();
    }
  }

  @Override
  public void number(double x) {
    value.number(x);
  }

  @Override
  public boolean takesRuns() {
    return value.takesRuns();
  }

  @Override
  public void numbers(double[] run, int count) {
    value.numbers(run, count);
  }
}
