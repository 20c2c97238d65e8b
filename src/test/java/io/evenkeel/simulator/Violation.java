package io.evenkeel.simulator;

import java.util.function.Supplier;

/// Something happened that must never happen.
final class Violation extends AssertionError {
  Violation(String what) {
    super(what);
  }

  Violation(String what, Throwable cause) {
    super(what, cause);
  }

  static void unless(boolean met, Supplier<String> what) {
    if (!met) {
      throw new Violation(what.get());
    }
  }

  static void unless(boolean met, String what) {
    if (!met) {
      throw new Violation(what);
    }
  }
}
