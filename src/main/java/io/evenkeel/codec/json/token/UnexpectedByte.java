package io.evenkeel.codec.json.token;

import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Excerpt;
import java.util.Arrays;

/// Words the refusal of a byte that no token which may come next begins with: what is expected, and
/// what its sender probably meant.
final class UnexpectedByte {
  private final boolean lines;
  private final JsonGrammar grammar;
  private final TextPlace place;
  private String rowsBehind = "";

  /// @param lines whether each line is a value
  UnexpectedByte(boolean lines, JsonGrammar grammar, TextPlace place) {
    this.lines = lines;
    this.grammar = grammar;
    this.place = place;
  }

  /// Tells what to do with a second row behind the first.
  ///
  /// @param remedy a sentence behind a space
  void rowsBehind(String remedy) {
    rowsBehind = remedy;
  }

  /// The refusal of the byte at an index.
  ///
  /// @param end the end of the bytes
  /// @throws MistakenFormat if the text begins like a file of another format
  UnreadableBody at(byte[] bytes, int at, int end) {
    byte b = bytes[at];
    if (place.offset(at) == 0) {
      requireNoOtherFormat(bytes, at, end);
    }
    if (grammar.isComplete()) {
      return place.fail(
          lines
              ? "Nothing may follow a row on its line: each row needs a line of its own, without a"
                  + " comma. If curl sends the rows, --data-binary keeps their line feeds."
              : "Nothing may follow the body's value." + (b == '{' || b == '[' ? rowsBehind : ""),
          at);
    }
    String found = b >= ' ' ? "'" + (char) b + "'" : "a control character or a byte outside ASCII";
    return place.notJson(
        "here " + grammar.wanted() + " is expected, not " + Excerpt.of(found) + spelling(b), at);
  }

  private static void requireNoOtherFormat(byte[] bytes, int at, int end) {
    byte[] head = Arrays.copyOfRange(bytes, at, Math.min(end, at + OtherFormat.HEAD));
    OtherFormat.mayBeAny(head, head.length);
  }

  /// How JSON spells what other languages begin with this byte.
  private String spelling(byte b) {
    return switch (b) {
      case 'N', 'I' -> "; NaN and Infinity are no JSON, a missing value is null";
      case 'T', 'F' -> "; JSON spells true and false in lower case";
      case '\'' -> "; JSON has text in double quotes";
      case 0, (byte) 0xFE, (byte) 0xFF -> "; if the body is UTF-16, send it in UTF-8";
      default -> grammar.depth() == 0 && Character.isLetter(b) ? "; CSV is sent as text/csv" : "";
    };
  }
}
