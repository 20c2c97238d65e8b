package io.evenkeel.codec.json.token;

import io.evenkeel.codec.rows.UnreadableBody;

/// Where in the text the bytes stand that are being read, and the refusals that name a place.
final class TextPlace {
  /// The offset in the text of the first of the bytes.
  private long base;

  private long line = 1;
  private long lineStart;

  /// Notes which bytes are read now.
  ///
  /// @param offset the offset in the text of the byte at index 0, negative if it is no byte of it
  void ofBytes(long offset) {
    base = offset;
  }

  /// The offset in the text of the byte at an index.
  long offset(int at) {
    return base + at;
  }

  /// The line that is being read, from 1.
  long line() {
    return line;
  }

  /// Begins a line at an index.
  ///
  /// @param count how many lines end before it that were not counted yet
  void beginLine(int at, int count) {
    line += count;
    lineStart = base + at;
  }

  /// Refuses the text at an index.
  UnreadableBody fail(String detail, int at) {
    return failAt(detail, base + at);
  }

  /// Refuses the text at an offset in it.
  UnreadableBody failAt(String detail, long offset) {
    return new UnreadableBody(detail, line, offset - lineStart + 1);
  }

  /// Refuses bytes that no JSON text has at an index.
  UnreadableBody notJson(String what, int at) {
    return fail("This is not JSON: " + what + ".", at);
  }
}
