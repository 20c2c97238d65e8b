package io.evenkeel.codec.rows;

/// Refuses a media type whose parameters ask for something unknown.
public final class UnknownDialect extends RuntimeException {
  /// @param detail a sentence for the sender
  public UnknownDialect(String detail) {
    super(detail, null, false, false);
  }

  /// The sentence for the sender: it names what is known.
  public String detail() {
    return String.valueOf(getMessage());
  }
}
