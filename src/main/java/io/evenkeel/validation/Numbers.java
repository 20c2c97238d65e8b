package io.evenkeel.validation;

import java.util.OptionalDouble;

/// How a number is written in a sentence: 212 rather than 212.0.
final class Numbers {
  private Numbers() {}

  static String plain(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
  }

  static String range(OptionalDouble min, OptionalDouble max) {
    String from = min.isPresent() ? "[" + plain(min.getAsDouble()) : "(-∞";
    String to = max.isPresent() ? plain(max.getAsDouble()) + "]" : "∞)";
    return from + ", " + to;
  }
}
