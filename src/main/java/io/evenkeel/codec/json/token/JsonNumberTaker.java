package io.evenkeel.codec.json.token;

/// Takes the numbers of a JSON text, one by one or, in an array, many at a time.
public interface JsonNumberTaker {
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

  /// How many numbers the row lacks. If it is no row, or has too many, it may have any number more.
  default int lacking() {
    return Integer.MAX_VALUE;
  }

  /// How many numbers a row has.
  default int width() {
    return 0;
  }

  /// Whether a number may be `NaN`, `Infinity` or `-Infinity`, which JSON does not have.
  default boolean takesNonFinite() {
    return false;
  }

  /// Takes the next numbers of the array: the first of `run`. If it is a row, some may be those of
  /// the rows behind it.
  ///
  /// @param ends how many rows end before the last number, each where it lacks none
  default void numbers(double[] run, int count, int ends) {
    for (int i = 0; i < count; i++) {
      number(run[i]);
    }
  }
}
