package io.evenkeel.fault;

import java.math.BigDecimal;
import java.util.OptionalDouble;

/// Writes numbers in sentences as a person does, in every locale the same.
public final class Numbers {
  private static final double LEAST_WRITTEN_OUT = 1e-3;
  private static final double BEYOND_WRITTEN_OUT = 1e15;

  private Numbers() {}

  /// A number as a decimal that reads back as the same double: 212 instead of 212.0, 12345678.5
  /// instead of 1.23456785E7, and 1e25.
  public static String plain(double x) {
    if (x == Math.rint(x) && Math.abs(x) < BEYOND_WRITTEN_OUT) {
      return Long.toString((long) x);
    }
    boolean written = Math.abs(x) >= LEAST_WRITTEN_OUT && Math.abs(x) < BEYOND_WRITTEN_OUT;
    return written
        ? new BigDecimal(Double.toString(x)).toPlainString()
        : Double.toString(x).replace(".0E", "e").replace('E', 'e');
  }

  /// An interval. An end that is infinite or NaN is open.
  public static String range(double min, double max) {
    return range(end(min), end(max));
  }

  private static OptionalDouble end(double bound) {
    return Double.isFinite(bound) ? OptionalDouble.of(bound) : OptionalDouble.empty();
  }

  /// An interval. An absent end is open.
  public static String range(OptionalDouble min, OptionalDouble max) {
    String from = min.isPresent() ? "[" + plain(min.getAsDouble()) : "(-∞";
    String to = max.isPresent() ? plain(max.getAsDouble()) + "]" : "∞)";
    return from + ", " + to;
  }
}
