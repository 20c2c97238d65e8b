package io.evenkeel.codec.json.token;

import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.PlainText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The token that a reader has just been handed: its text, and the refusals that name its place. It
/// is the same object for each token.
public final class PresentToken {
  private final TextPlace place;
  private byte[] bytes = new byte[0];
  private int start;
  private int end;

  PresentToken(TextPlace place) {
    this.place = place;
  }

  /// Notes which bytes are read now.
  void ofBytes(byte[] read) {
    bytes = read;
  }

  /// Begins the next token at an index.
  void beginAt(int at) {
    start = at;
  }

  /// Ends the token.
  ///
  /// @param behind the index behind it
  void endAt(int behind) {
    end = behind;
  }

  /// The index of its first byte.
  int start() {
    return start;
  }

  /// The text of the name or string.
  public String text() {
    return JsonText.unescaped(
        new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8));
  }

  /// Whether the name or string is [PlainText]. Only an escape can spell half a surrogate pair or
  /// U+0000: UTF-8 has no half pairs, and control characters are refused.
  public boolean isPlain() {
    for (int i = start; i < end - 1; i++) {
      if (bytes[i] == '\\' && bytes[i + 1] == 'u') {
        return PlainText.isPlain(text());
      }
    }
    return true;
  }

  /// The bytes of the token, as they came.
  public byte[] raw() {
    return Arrays.copyOfRange(bytes, start, end);
  }

  /// Whether the token has these bytes.
  public boolean is(byte[] raw) {
    return Arrays.equals(bytes, start, end, raw, 0, raw.length);
  }

  /// Whether the number is written as an integer that the double is not.
  ///
  /// @param x its nearest double
  public boolean isOtherInteger(double x) {
    for (int i = start; i < end; i++) {
      if (bytes[i] != '-' && (bytes[i] < '0' || bytes[i] > '9')) {
        return false;
      }
    }
    return Double.isFinite(x)
        && new BigInteger(digits()).compareTo(new BigDecimal(x).toBigInteger()) != 0;
  }

  /// The number as it came.
  public String digits() {
    return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
  }

  /// The line of the token, from 1.
  public long line() {
    return place.line();
  }

  /// Refuses the token where another is expected.
  public UnreadableBody expected(String what, JsonToken found) {
    return fail("Here " + what + " is expected, not " + found + ".");
  }

  /// The same with the text that was found and the way out.
  ///
  /// @param remedy a sentence behind a space, or nothing
  public UnreadableBody expected(String what, JsonToken found, String remedy) {
    String shown =
        found == JsonToken.STRING ? "the text " + Excerpt.quoted(text()) : found.toString();
    return fail("Here " + what + " is expected, not " + shown + "." + remedy);
  }

  /// Refuses a member that its object has already.
  public UnreadableBody twice(String name) {
    return fail("The member " + Excerpt.quoted(name) + " is there twice.");
  }

  /// Refuses the text at the token.
  public UnreadableBody fail(String detail) {
    return place.fail(detail, start);
  }
}
