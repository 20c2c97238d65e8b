package io.evenkeel.codec.binary;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.fault.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Recognises text that was sent as numbers by its first bytes.
///
/// Forty bytes of printable ASCII are text: random numbers of 4 or 8 bytes hold them with a
/// probability below 2^−40. Half of the bytes of float16 are printable for common numbers, so there
/// it takes eighty. Equal numbers prove nothing, however many they are.
final class MistakenText {
  private static final int ENOUGH = 40;
  private static final int ENOUGH_HALVES = 80;

  private MistakenText() {}

  /// Refuses a body that is text.
  ///
  /// @param head its first bytes
  /// @return whether it may still turn out to be text when more bytes have come
  /// @throws MistakenFormat if it is text
  static boolean mayBe(byte[] head, int size, NumberType type) {
    int enough = type.width() < Float.BYTES ? ENOUGH_HALVES : ENOUGH;
    if (!isText(head, size) || (size >= enough && isOneNumber(head, enough, type.width()))) {
      return false;
    }
    if (size >= enough) {
      throw new MistakenFormat(detail(head, size));
    }
    return true;
  }

  /// Whether there are bytes and all are printable ASCII, tabs or ends of lines.
  static boolean isText(byte[] head, int size) {
    for (int i = 0; i < size; i++) {
      byte b = head[i];
      if ((b < ' ' || b > '~') && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return size > 0;
  }

  private static boolean isOneNumber(byte[] head, int size, int width) {
    return Arrays.equals(head, 0, size - width, head, width, size);
  }

  /// A sentence that shows the text and says how to send it.
  static String detail(byte[] head, int size) {
    String text = new String(head, 0, size, StandardCharsets.US_ASCII).strip();
    String line = text.replaceAll("\\s+", " ");
    return "The body is text: "
        + Excerpt.quoted(line)
        + "; send it as text/csv, application/json or what else it is.";
  }
}
