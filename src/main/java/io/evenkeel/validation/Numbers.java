package io.evenkeel.validation;

import java.util.OptionalDouble;

/// How a number is written in a sentence: 212 rather than 212.0.
final class Numbers {
  private Numbers() {}

  static String plain(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
  }

  /// An interval; an end that is infinite or NaN is open.
  static String range(double min, double max) {
    return range(end(min), end(max));
  }

  private static OptionalDouble end(double bound) {
    return Double.isFinite(bound) ? OptionalDouble.of(bound) : OptionalDouble.empty();
  }

  static String range(OptionalDouble min, OptionalDouble max) {
    String from = min.isPresent() ? "[" + plain(min.getAsDouble()) : "(-∞";
    String to = max.isPresent() ? plain(max.getAsDouble()) + "]" : "∞)";
    return from + ", " + to;
  }
}
