package io.evenkeel.codec.rows;

/// A body of another format than its media type says.
public final class MistakenFormat extends RuntimeException {
  public MistakenFormat(OtherFormat format) {
    super(format.toString(), null, false, false);
  }

  /// A sentence for the sender: the format, and how to send it.
  public String detail() {
    return String.valueOf(getMessage());
  }
}
