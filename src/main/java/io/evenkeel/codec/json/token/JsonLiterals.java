package io.evenkeel.codec.json.token;

import static io.evenkeel.codec.number.NumberReader.CUT_OFF;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Compares bytes with the words that JSON knows, and with the two that it does not but Python and
/// others write.
final class JsonLiterals {
  static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);
  static final byte[] INFINITY = "Infinity".getBytes(StandardCharsets.US_ASCII);

  private final TextPlace place;

  JsonLiterals(TextPlace place) {
    this.place = place;
  }

  /// The index behind a word that must stand at an index.
  ///
  /// @param whole whether the bytes are one whole token
  /// @return [CUT_OFF] if the bytes end within the word
  int behind(byte[] word, byte[] bytes, int at, int end, boolean whole) {
    int length = Math.min(word.length, end - at);
    int same = Arrays.mismatch(word, 0, length, bytes, at, at + length);
    if (same >= 0 || (whole && length < word.length)) {
      throw place.notJson(
          "a word is none of true, false and null, which stands for a missing value", at);
    }
    return length < word.length ? CUT_OFF : at + length;
  }
}
