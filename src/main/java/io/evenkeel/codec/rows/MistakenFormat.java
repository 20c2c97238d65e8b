package io.evenkeel.codec.rows;

/// Refuses a body whose format is not the one that its media type names.
public final class MistakenFormat extends RuntimeException {
  /// @param format of the body
  public MistakenFormat(OtherFormat format) {
    this(format.toString());
  }

  /// @param detail a sentence that names the format of the body and how to send it
  public MistakenFormat(String detail) {
    super(detail, null, false, false);
  }

  /// The sentence for the sender: it names the format and how to send it.
  public String detail() {
    return String.valueOf(getMessage());
  }
}
