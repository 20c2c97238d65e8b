package io.evenkeel.batchnorm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// How near a computed value has to come to a reference value.
///
/// @param relative part of the reference value's magnitude
/// @param absolute in the value's own unit
public record Closeness(double relative, double absolute) {

  public static Closeness within(double relative, double absolute) {
    return new Closeness(relative, absolute);
  }

  public void check(String what, double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertTrue(Double.isNaN(actual), what + ": " + actual + ", expected a missing value");
      return;
    }
    double error = Math.abs(actual - expected);
    assertTrue(
        error <= absolute + relative * Math.abs(expected),
        what + ": " + actual + ", expected " + expected + ", off by " + error);
  }

  public void check(String what, double[] actual, double[] expected) {
    assertEquals(expected.length, actual.length, what + ": length");
    for (int i = 0; i < expected.length; i++) {
      check(what + "[" + i + "]", actual[i], expected[i]);
    }
  }

  /// The difference in units in the last place of the expected value.
  public static void checkUlps(String what, double actual, double expected, double ulps) {
    within(0, ulps * Math.ulp(expected)).check(what, actual, expected);
  }

  /// Log relative error: how many decimal digits are right, 15 at most (NIST).
  public static double digits(double actual, double certified) {
    return actual == certified
        ? 15
        : -Math.log10(Math.abs(actual - certified) / Math.abs(certified));
  }
}
