package io.evenkeel.http;

/// A query parameter, header or name that is not what it must be.
public final class BadParameter extends RuntimeException {
  /// With a sentence for the client.
  public BadParameter(String detail) {
    super(detail, null, false, false);
  }
}
