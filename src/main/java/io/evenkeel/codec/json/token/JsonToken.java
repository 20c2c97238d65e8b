package io.evenkeel.codec.json.token;

/// A part of a JSON text.
public enum JsonToken {
  OBJECT_START("an object"),
  OBJECT_END("the end of an object"),
  ARRAY_START("an array"),
  ARRAY_END("the end of an array"),
  MEMBER("a member"),
  STRING("a string"),
  NUMBER("a number"),
  TRUE("a boolean"),
  FALSE("a boolean"),
  NULL("null");

  private final String words;

  JsonToken(String words) {
    this.words = words;
  }

  /// The words for this token in a sentence to the sender of a body.
  @Override
  public String toString() {
    return words;
  }
}
