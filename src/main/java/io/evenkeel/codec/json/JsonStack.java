package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.JsonTokens;
import io.evenkeel.codec.json.token.PresentToken;
import java.util.ArrayDeque;
import java.util.Deque;

/// Hands each token of a JSON text to the innermost value that is not complete. So a number deep
/// inside takes the same way as a number at the top.
public final class JsonStack implements JsonTokens.Reader {
  private final JsonTokens tokens = JsonTokens.ofValue(this);
  private final Deque<JsonValue> outer = new ArrayDeque<>();
  private JsonValue value = new JsonIgnored(this);

  /// The tokens of the text.
  public JsonTokens tokens() {
    return tokens;
  }

  /// The token that has just come.
  public PresentToken present() {
    return tokens.present();
  }

  /// Begins a value within the present value. The first value is that of the whole text.
  public void begin(JsonValue inner) {
    outer.push(value);
    value = inner;
  }

  /// Ends the present value. Nothing can follow the outermost value.
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
  public boolean takesRows() {
    return value.takesRows();
  }

  @Override
  public void nextRow() {
    value.nextRow();
  }

  @Override
  public boolean takesNonFinite() {
    return value.takesNonFinite();
  }

  @Override
  public int lacking() {
    return value.lacking();
  }

  @Override
  public int width() {
    return value.width();
  }

  @Override
  public void numbers(double[] run, int count, int ends) {
    value.numbers(run, count, ends);
  }
}
