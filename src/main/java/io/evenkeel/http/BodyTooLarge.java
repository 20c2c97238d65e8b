package io.evenkeel.http;

/// A body above the limit.
final class BodyTooLarge extends RuntimeException {
  BodyTooLarge(long limit) {
    super("The body is larger than " + limit + " bytes.", null, false, false);
  }
}
