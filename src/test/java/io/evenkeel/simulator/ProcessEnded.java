package io.evenkeel.simulator;

/// The process has ended in the middle of what it did: nothing it does from here on has any effect.
final class ProcessEnded extends Error {
  ProcessEnded() {
    super("the process has ended", null, false, false);
  }
}
