package io.evenkeel.http;

/// A path that leads nowhere.
final class NotFound extends RuntimeException {
  NotFound(String detail) {
    super(detail, null, false, false);
  }
}
