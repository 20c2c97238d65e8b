package io.evenkeel.surface.admin;

import org.jspecify.annotations.Nullable;

/// Numbers of a document. null stands for a number that is not known.
final class NumbersOrNull {
  private NumbersOrNull() {}

  /// NaN for null.
  static double @Nullable [] unboxed(@Nullable Double @Nullable [] numbers) {
    if (numbers == null) {
      return null;
    }
    double[] values = new double[numbers.length];
    for (int j = 0; j < values.length; j++) {
      Double number = numbers[j];
      values[j] = number == null ? Double.NaN : number;
    }
    return values;
  }
}
