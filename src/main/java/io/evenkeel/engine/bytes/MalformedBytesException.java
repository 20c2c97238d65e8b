package io.evenkeel.engine.bytes;

/// Stored bytes are damaged. The table that read them adds their place.
public final class MalformedBytesException extends RuntimeException {
  public MalformedBytesException(String message) {
    super(message);
  }
}
