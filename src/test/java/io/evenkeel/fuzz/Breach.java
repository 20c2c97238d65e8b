package io.evenkeel.fuzz;

/// The service has done what it must not do, whatever it was sent.
final class Breach extends RuntimeException {
  Breach(String what) {
    super(what);
  }
}
