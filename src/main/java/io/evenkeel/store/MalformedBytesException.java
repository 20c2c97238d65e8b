package io.evenkeel.store;

/// Stored bytes are not what was written. Where they stood is added by the table that read them.
final class MalformedBytesException extends RuntimeException {
  MalformedBytesException(String message) {
    super(message);
  }
}
