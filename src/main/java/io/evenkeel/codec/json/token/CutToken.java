package io.evenkeel.codec.json.token;

import java.util.Arrays;

/// A token that the end of the bytes fed so far cut in two: its beginning, and as much of its rest
/// as has come since.
final class CutToken {
  private final TextPlace place;
  private byte[] bytes = new byte[64];
  private int length;
  private long offset;
  private boolean isEscaped;
  private boolean isComplete;

  CutToken(TextPlace place) {
    this.place = place;
  }

  /// Whether there is such a token.
  boolean isThere() {
    return length > 0;
  }

  /// Whether all of it has come.
  boolean isComplete() {
    return isComplete;
  }

  /// Its bytes, from index 0 on.
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// Its offset in the text.
  long offset() {
    return offset;
  }

  /// Begins with bytes that are being read.
  void begin(byte[] cut, int from, int end) {
    offset = place.offset(from);
    isEscaped = false;
    isComplete = false;
    for (int i = from; i < end; i++) {
      keep(cut[i]);
      isEscaped = cut[i] == '\\' && !isEscaped;
    }
  }

  /// Takes the bytes up to its end. A string ends with its quote, any other token where a byte
  /// follows that none of them has.
  ///
  /// @return the index behind the bytes that it took
  int take(byte[] source, int from, int end) {
    boolean string = bytes[0] == '"';
    int at = from;
    while (!isComplete && at < end) {
      byte b = source[at];
      if (string) {
        isComplete = b == '"' && !isEscaped;
        isEscaped = b == '\\' && !isEscaped;
      } else if (!isOfWord(b)) {
        isComplete = true;
        break;
      }
      keep(b);
      at++;
    }
    return at;
  }

  /// Ends it: there is none until the next begins.
  void clear() {
    length = 0;
    isComplete = false;
  }

  private void keep(byte b) {
    if (length == JsonStrings.LONGEST) {
      throw place.failAt(
          "A number, name or string of the JSON is longer than allowed.", offset + length);
    }
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = b;
  }

  private static boolean isOfWord(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || b == '-'
        || b == '+'
        || b == '.'
        || b == 'E'
        || b == 'N'
        || b == 'I';
  }
}
