package io.evenkeel.codec.rows;

/// A body that is not what its media type says: syntax, a value of the wrong type, a member unknown
/// or given twice. Only the first such place is known.
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

  /// The sentence.
  public String detail() {
    return String.valueOf(getMessage());
  }

  /// From 1.
  public long line() {
    return line;
  }

  /// From 1.
  public long column() {
    return column;
  }
}
