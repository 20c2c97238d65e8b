package io.evenkeel.codec.csv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Collects the bytes of one CSV cell, without its quotes and the blanks around it. Used again for
/// each cell.
final class CsvCell {
  /// The most bytes a cell may have.
  static final int LONGEST = 1 << 16;

  private byte[] bytes = new byte[64];
  private int length;
  private boolean quoted;

  boolean isEmpty() {
    return length == 0;
  }

  /// Whether the cell stands in quotes.
  boolean isQuoted() {
    return quoted;
  }

  /// Notes that the cell stands in quotes.
  void quote() {
    quoted = true;
  }

  /// Adds a byte, unless the cell is full.
  ///
  /// @return whether there was room
  boolean append(byte b) {
    if (length == LONGEST) {
      return false;
    }
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = b;
    return true;
  }

  /// Ends the cell: cuts the blanks at the end, unless they stand in quotes.
  void end() {
    while (!quoted && length > 0 && isBlank(bytes[length - 1])) {
      length--;
    }
  }

  void clear() {
    length = 0;
    quoted = false;
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /// The bytes. They are valid until the next change, from 0 to [#length].
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// The last byte, if there is one.
  byte last() {
    return length == 0 ? 0 : bytes[length - 1];
  }

  /// The cell as text.
  ///
  /// @throws CharacterCodingException if it is not UTF-8
  String text() throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
  }
}
