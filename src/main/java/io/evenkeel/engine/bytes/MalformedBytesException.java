package io.evenkeel.engine.bytes;

/// Stored bytes are not what was written. Where they stood is added by the table that read them.
public final class MalformedBytesException extends RuntimeException {
  public MalformedBytesException(String message) {
    super(message);
  }
}
