package io.evenkeel.codec.json;

/// Takes the numbers of a JSON text, one by one or, in an array, many at a time.
interface JsonNumberTaker {
  /// Takes a number, infinite if it is beyond the doubles.
  void number(double x);

  /// Whether the numbers that follow the last one in the same array may come many at a time, by
  /// when the tokens say no more where each of them is.
  default boolean takesRuns() {
    return false;
  }

  /// Takes the next numbers of the array: the first of `run`.
  default void numbers(double[] run, int count) {
    for (int i = 0; i < count; i++) {
      number(run[i]);
    }
  }
}
