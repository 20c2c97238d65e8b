package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonNumberTaker;
import io.evenkeel.codec.json.token.JsonToken;

/// Reads the value of one member of a JSON body.

public interface JsonValue extends JsonNumberTaker {
  /// Takes a token that is no number.
  ///
  /// @return whether the value is complete
  boolean take(JsonToken token);
}
