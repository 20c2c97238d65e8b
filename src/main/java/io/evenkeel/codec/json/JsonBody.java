package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;

/// Reads the value of a whole body: an array of rows alone, or an object that has them as a member.

final class JsonBody implements JsonValue {
  private final JsonStack stack;
  private final JsonMembers object;
  private final JsonMatrix rows;
  private final boolean mayBeRows;

  /// @param mayBeRows whether the body may be the rows alone
  JsonBody(JsonStack stack, JsonMembers object, JsonMatrix rows, boolean mayBeRows) {
    this.stack = stack;
    this.object = object;
    this.rows = rows;
    this.mayBeRows = mayBeRows;
  }

  @Override
  public boolean take(JsonToken token) {
    if (token == JsonToken.ARRAY_START && mayBeRows) {
      rows.becomeBody();
      stack.begin(rows);
    } else if (token == JsonToken.OBJECT_START || !mayBeRows) {
      stack.begin(object);
    } else {
      throw stack.present().expected("an array of rows or an object with the member 'rows'", token);
    }
    stack.take(token);
    return false;
  }

  @Override
  public void number(double x) {
    take(JsonToken.NUMBER);
  }
}
