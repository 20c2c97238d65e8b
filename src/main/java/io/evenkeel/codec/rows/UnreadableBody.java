package io.evenkeel.codec.rows;

/// Refuses a body that does not follow its media type: its syntax is wrong, a value has the wrong
/// type, or a member is unknown or there twice. Names only the first such place.
public final class UnreadableBody extends RuntimeException {
  private final long line;
  private final long column;

  /// @param detail a sentence for the sender
  /// @param line from 1
  /// @param column from 1
  public UnreadableBody(String detail, long line, long column) {
    super(detail, null, false, false);
    this.line = line;
    this.column = column;
  }

  /// The sentence for the sender.
  public String detail() {
    return String.valueOf(getMessage());
  }

  /// The line, from 1.
  public long line() {
    return line;
  }

  /// The column, from 1.
  public long column() {
    return column;
  }
}
