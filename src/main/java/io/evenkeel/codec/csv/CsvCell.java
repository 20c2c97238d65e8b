package io.evenkeel.codec.csv;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalDouble;

/// Collects the bytes of one CSV cell. Used again for each cell.
final class CsvCell {
  /// The most bytes a cell may have.
  static final int LONGEST = 1 << 16;

  private byte[] bytes = new byte[64];
  private int length;

  boolean isEmpty() {
    return length == 0;
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

  void clear() {
    length = 0;
  }

  /// The cell as text.
  ///
  /// @throws CharacterCodingException if it is not UTF-8
  String text() throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
  }

  /// The decimal number that the cell holds; spaces may surround it. NaN if the cell is empty,
  /// nothing if it holds any other text.
  OptionalDouble number() {
    int from = 0;
    int to = length;
    while (from < to && bytes[from] == ' ') {
      from++;
    }
    while (to > from && bytes[to - 1] == ' ') {
      to--;
    }
    if (from == to) {
      return OptionalDouble.of(Double.NaN);
    }
    for (int i = from; i < to; i++) {
      if (!isOfDecimal(bytes[i])) {
        return OptionalDouble.empty();
      }
    }
    try {
      return OptionalDouble.of(JavaDoubleParser.parseDouble(bytes, from, to - from));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /// Java's own syntax would allow hexadecimal numbers, `NaN` and a trailing `d`.
  private static boolean isOfDecimal(byte b) {
    return (b >= '0' && b <= '9') || b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E';
  }
}
