package io.evenkeel.codec.json;

/// Takes the numbers of a JSON text, one by one or, in an array, many at a time.
interface JsonNumberTaker {
  /// Takes a number, infinite if it is beyond the doubles.
  void number(double x);

  /// Whether the next numbers of the same array may come many at a time. The tokens then do not
  /// tell where each of them stands.
  default boolean takesRuns() {
    return false;
  }

  /// Whether the array is a row, behind which another array of numbers is the next row.
  default boolean takesRows() {
    return false;
  }

  /// Ends the row, and begins the next.
  default void nextRow() {
    throw new IllegalStateException("not a row");
  }

  /// Whether a number may be `NaN`, `Infinity` or `-Infinity`, which JSON does not have.
  default boolean takesNonFinite() {
    return false;
  }

  /// Takes the next numbers of the array: the first of `run`.
  default void numbers(double[] run, int count) {
    for (int i = 0; i < count; i++) {
      number(run[i]);
    }
  }
}
