package io.evenkeel.codec.json.token;

import static io.evenkeel.codec.number.NumberReader.CUT_OFF;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Finds the end of strings and of members' names, and refuses those that are no JSON.
final class JsonStrings {
  /// The most bytes of a string.
  static final int LONGEST = 1 << 20;

  private static final int LONGEST_NAME = 50_000;

  private final TextPlace place;

  JsonStrings(TextPlace place) {
    this.place = place;
  }

  /// Finds the end of the string that begins at an index.
  ///
  /// @param name whether it is the name of a member
  /// @return the index behind its quote, [CUT_OFF] if the bytes end before
  int end(byte[] bytes, int from, int end, boolean name) {
    int at = from + 1;
    boolean ascii = true;
    while (at < end && bytes[at] != '"') {
      byte b = bytes[at];
      if (b == '\\') {
        at = escape(bytes, at, end);
        if (at == CUT_OFF) {
          return CUT_OFF;
        }
      } else if (b >= 0 && b < ' ') {
        throw place.notJson("a string has a control character", at);
      } else {
        ascii &= b >= 0;
        at++;
      }
    }
    if (at >= end) {
      return CUT_OFF;
    }
    if (at + 1 - from > (name ? LONGEST_NAME : LONGEST)) {
      throw place.fail(
          name
              ? "A name of the JSON has more than " + LONGEST_NAME + " bytes."
              : "A string of the JSON has more than " + LONGEST + " bytes.",
          from);
    }
    if (!ascii) {
      requireUtf8(bytes, from, at);
    }
    return at + 1;
  }

  /// @return the index behind the escape
  private int escape(byte[] bytes, int at, int end) {
    if (at + 1 >= end) {
      return CUT_OFF;
    }
    byte b = bytes[at + 1];
    if (b != 'u') {
      if ("\"\\/bfnrt".indexOf(b) < 0) {
        throw unknownEscape(at);
      }
      return at + 2;
    }
    for (int i = at + 2; i < at + 6; i++) {
      if (i >= end) {
        return CUT_OFF;
      }
      if (Character.digit(bytes[i], 16) < 0) {
        throw unknownEscape(at);
      }
    }
    return at + 6;
  }

  private RuntimeException unknownEscape(int at) {
    return place.notJson("a string has an unknown escape", at);
  }

  private void requireUtf8(byte[] bytes, int from, int end) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, end - from));
    } catch (CharacterCodingException e) {
      throw place.notJson("a string is not UTF-8; send the body in UTF-8", from);
    }
  }
}
