package io.evenkeel.codec;

/// Reads the value of one member of a JSON body.
interface JsonValue {
  /// Takes a token that is no number.
  ///
  /// @return whether the value is complete
  boolean take(JsonToken token);

  /// Takes a number.
  void number(double x);

  /// Whether the numbers that follow the last one in the same array may come many at a time.
  default boolean takesRuns() {
    return false;
  }

  /// Takes the first numbers of an array.
  default void numbers(double[] run, int count) {
    for (int i = 0; i < count; i++) {
      number(run[i]);
    }
  }
}
