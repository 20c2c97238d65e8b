package io.evenkeel.codec.json;

import io.evenkeel.codec.number.NumberReader;
import io.evenkeel.codec.number.PlainNumbers;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.PlainText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Splits a JSON text (RFC 8259, in UTF-8) into tokens and hands each on as soon as its bytes have
/// arrived. A text that is no JSON is an [UnreadableBody] with its place, or a [MistakenFormat] if
/// it begins like a file of another format. A token is read from the bytes that are fed; it is
/// copied only if their end cuts it in two.
public final class JsonTokens {
  /// The most bytes of a string.
  private static final int LONGEST_STRING = 1 << 20;

  private static final int LONGEST_NAME = 50_000;
  private static final int LONGEST_NUMBER = 1_000;
  private static final int DEEPEST = 500;
  private static final int CUT_OFF = NumberReader.CUT_OFF;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INFINITY = "Infinity".getBytes(StandardCharsets.US_ASCII);

  /// Takes the tokens.
  interface Reader extends JsonNumberTaker {
    /// Takes a token that is no number.
    void take(JsonToken token);
  }

  /// Which token may come next.
  private enum Next {
    VALUE,
    VALUE_OR_END,
    MEMBER,
    MEMBER_OR_END,
    COLON,
    COMMA_OR_END,
    NOTHING
  }

  private final Reader reader;
  private final boolean lines;
  private final NumberReader number = new NumberReader();
  private final double[] single = new double[1];
  private boolean[] inObject = new boolean[8];
  private int depth;
  private Next next = Next.VALUE;
  private int markBytes;
  private @Nullable PlainNumbers plain;

  private byte[] bytes = new byte[0];
  private int bytesEnd;
  private int tokenStart;
  private int tokenEnd;

  /// The offset in the text of the first of the bytes.
  private long base;

  /// How many bytes came before those that are fed now.
  private long fed;

  private String rowsBehind = "";
  private long line = 1;
  private long lineStart;

  private byte[] rest = new byte[64];
  private int restLength;
  private boolean restEscaped;
  private long restBase;

  private JsonTokens(Reader reader, boolean lines) {
    this.reader = reader;
    this.lines = lines;
  }

  /// Tells what to do with a second row behind the first.
  ///
  /// @param remedy a sentence behind a space
  void rowsBehind(String remedy) {
    rowsBehind = remedy;
  }

  /// Whether each line is a value.
  boolean ofLines() {
    return lines;
  }

  /// The tokens of one value.
  static JsonTokens ofValue(Reader reader) {
    return new JsonTokens(reader, false);
  }

  /// The tokens of any number of values, one a line.
  static JsonTokens ofLines(Reader reader) {
    return new JsonTokens(reader, true);
  }

  /// Takes the next bytes of the text.
  public void feed(byte[] source, int offset, int length) {
    int end = offset + length;
    int at = restLength > 0 ? complete(source, offset, end) : offset;
    if (restLength == 0) {
      bytes = source;
      base = fed - offset;
      try {
        read(at, end, false);
      } finally {
        giveBack();
      }
    }
    fed += length;
  }

  private void giveBack() {
    if (plain != null) {
      plain.giveBack();
      plain = null;
    }
  }

  /// Ends the text.
  public void finish() {
    boolean nothing = depth == 0 && (lines || next == Next.NOTHING);
    if (restLength > 0 || !nothing || markBytes % BYTE_ORDER_MARK.length != 0) {
      throw failAt("The JSON ends too early.", fed);
    }
  }

  /// Completes the token that the end of the bytes before cut in two.
  ///
  /// @return the index behind it
  private int complete(byte[] source, int from, int end) {
    int at = from;
    boolean complete = false;
    byte kind = rest[0];
    while (!complete && at < end) {
      byte b = source[at];
      if (kind == '"') {
        complete = b == '"' && !restEscaped;
        restEscaped = b == '\\' && !restEscaped;
      } else if (!isOfWord(b)) {
        complete = true;
        break;
      }
      keep(b, fed + at - from);
      at++;
    }
    if (complete) {
      int length = restLength;
      bytes = rest;
      base = restBase;
      restLength = 0;
      read(0, length, true);
    }
    return at;
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

  private void keep(byte b, long offset) {
    if (restLength == LONGEST_STRING) {
      throw failAt("A number, name or string of the JSON is longer than allowed.", offset);
    }
    if (restLength == rest.length) {
      rest = Arrays.copyOf(rest, 2 * restLength);
    }
    rest[restLength++] = b;
  }

  private void cutOff(int end) {
    restBase = base + tokenStart;
    restEscaped = false;
    byte[] cut = bytes;
    for (int i = tokenStart; i < end; i++) {
      keep(cut[i], base + i);
      restEscaped = cut[i] == '\\' && !restEscaped;
    }
  }

  /// @param whole whether the bytes are one whole token
  private void read(int from, int end, boolean whole) {
    int at = from;
    bytesEnd = end;
    while (at < end) {
      byte b = bytes[at];
      switch (b) {
        case ' ', '\t', '\r' -> at++;
        case '\n' -> at = line(at);
        case ',' -> at = comma(at);
        case ':' -> at = colon(at);
        case '{', '[' -> at = open(b == '{', at);
        case '}', ']' -> at = close(b == '}', at);
        case '"' -> at = string(at, end);
        case '-' ->
            at =
                at + 1 < end && bytes[at + 1] == 'I' && reader.takesNonFinite()
                    ? nonFinite(at, end, whole)
                    : numbers(at, end, whole);
        case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> at = numbers(at, end, whole);
        case 't' -> at = word(TRUE, JsonToken.TRUE, at, end, whole);
        case 'f' -> at = word(FALSE, JsonToken.FALSE, at, end, whole);
        case 'n' -> at = word(NULL, JsonToken.NULL, at, end, whole);
        case 'N', 'I' -> at = reader.takesNonFinite() ? nonFinite(at, end, whole) : mark(b, at);
        default -> at = mark(b, at);
      }
      if (at == CUT_OFF) {
        cutOff(end);
        return;
      }
    }
  }

  private int line(int at) {
    if (lines) {
      if (depth > 0) {
        throw failAt(
            "A row must be whole on one line, and this line ends inside "
                + (inObject[1] ? "an object" : "an array")
                + ". Send JSON of several lines as application/json.",
            base + at);
      }
      next = Next.VALUE;
    }
    line++;
    lineStart = base + at + 1;
    return at + 1;
  }

  private int comma(int at) {
    if (next != Next.COMMA_OR_END) {
      throw unexpected(at);
    }
    next = inObject[depth] ? Next.MEMBER : Next.VALUE;
    return at + 1;
  }

  private int colon(int at) {
    if (next != Next.COLON) {
      throw unexpected(at);
    }
    next = Next.VALUE;
    return at + 1;
  }

  private int open(boolean object, int at) {
    beginValue(at);
    if (depth == DEEPEST) {
      throw failAt("The JSON is nested more than " + DEEPEST + " levels deep.", base + at);
    }
    depth++;
    if (depth == inObject.length) {
      inObject = Arrays.copyOf(inObject, 2 * depth);
    }
    inObject[depth] = object;
    next = object ? Next.MEMBER_OR_END : Next.VALUE_OR_END;
    tokenStart = at;
    tokenEnd = at + 1;
    reader.take(object ? JsonToken.OBJECT_START : JsonToken.ARRAY_START);
    return at + 1;
  }

  private int close(boolean object, int at) {
    boolean mayEnd =
        next == Next.COMMA_OR_END || next == (object ? Next.MEMBER_OR_END : Next.VALUE_OR_END);
    if (!mayEnd || inObject[depth] != object) {
      throw unexpected(at);
    }
    depth--;
    endValue();
    tokenStart = at;
    tokenEnd = at + 1;
    reader.take(object ? JsonToken.OBJECT_END : JsonToken.ARRAY_END);
    return at + 1;
  }

  private void beginValue(int at) {
    if (next != Next.VALUE && next != Next.VALUE_OR_END) {
      throw unexpected(at);
    }
    if (markBytes % BYTE_ORDER_MARK.length != 0) {
      throw notJson("a byte order mark is incomplete", base + at);
    }
  }

  private void endValue() {
    next = depth == 0 ? Next.NOTHING : Next.COMMA_OR_END;
  }

  /// Reads a number, and the numbers that follow it after a comma and at most one space.
  private int numbers(int from, int end, boolean whole) {
    beginValue(from);
    int at = number(from, end, whole);
    if (at == CUT_OFF) {
      return CUT_OFF;
    }
    tokenEnd = at;
    endValue();
    reader.number(number.value());
    return depth > 0 && !inObject[depth] && reader.takesRuns() ? run(at, end, whole) : at;
  }

  /// @return the index behind the number, of which the value is in [#number]
  private int number(int from, int end, boolean whole) {
    tokenStart = from;
    int behind = number.read(bytes, from, end, whole);
    if (behind == NumberReader.MALFORMED) {
      throw notJson("a number is incomplete or not decimal", base + number.fault());
    }
    if (behind - from > LONGEST_NUMBER) {
      throw failAt(
          "A number of the JSON has more than " + LONGEST_NUMBER + " characters.", base + from);
    }
    return behind;
  }

  /// Hands on the numbers that follow a number, up to the first that the bytes do not hold whole,
  /// also those of the next rows.
  ///
  /// @return the index behind the last of them
  private int run(int from, int end, boolean whole) {
    boolean rows = reader.takesRows();
    PlainNumbers plain = this.plain == null ? PlainNumbers.lend() : this.plain;
    this.plain = plain;
    int at = from;
    int start;
    while ((start = nextNumber(at, end)) >= 0 || (rows && (start = nextRow(at, end)) >= 0)) {
      if (bytes[at] == ']') {
        beginRow(at);
        at = start;
      }
      int count = plain.read(bytes, start, end, reader.lacking(), reader.width(), betweenRows());
      if (count > 0) {
        at = plain.behind();
        countLines(plain);
        reader.numbers(plain.values(), count, plain.rows());
      } else {
        int behind = number(start, end, whole);
        if (behind == CUT_OFF) {
          break;
        }
        at = behind;
        single[0] = number.value();
        reader.numbers(single, 1, 0);
      }
      tokenEnd = at;
      next = Next.COMMA_OR_END;
    }
    return at;
  }

  /// The index of the number behind a comma and at most one space, −1 if there is none.
  private int nextNumber(int at, int end) {
    if (end - at < 2 || bytes[at] != ',') {
      return -1;
    }
    int start = at + (bytes[at + 1] == ' ' ? 2 : 1);
    return beginsNumber(start, end) ? start : -1;
  }

  /// The index of the first number of the row behind the row that ends here, −1 if there is none.
  /// The rows stand in an array, with at most one space between them, or on lines.
  private int nextRow(int at, int end) {
    if (end - at < 4 || bytes[at] != ']' || bytes[at + 1] != betweenRows()) {
      return -1;
    }
    int open = at + (bytes[at + 2] == ' ' ? 3 : 2);
    return bytes[open] == '[' && beginsNumber(open + 1, end) ? open + 1 : -1;
  }

  private boolean beginsNumber(int at, int end) {
    return at < end && (bytes[at] == '-' || (bytes[at] >= '0' && bytes[at] <= '9'));
  }

  private char betweenRows() {
    return depth == 1 ? '\n' : ',';
  }

  /// Counts the lines of rows that were read with the numbers of the next.
  private void countLines(PlainNumbers plain) {
    if (depth == 1 && plain.rows() > 0) {
      line += plain.rows();
      lineStart = base + plain.behindRows() + 1;
    }
  }

  private void beginRow(int at) {
    if (depth == 1) {
      line++;
      lineStart = base + at + 2;
    }
    next = Next.VALUE;
    reader.nextRow();
  }

  private int word(byte[] word, JsonToken token, int at, int end, boolean whole) {
    beginValue(at);
    tokenStart = at;
    int behind = behind(word, at, end, whole);
    if (behind != CUT_OFF) {
      tokenEnd = behind;
      endValue();
      reader.take(token);
    }
    return behind;
  }

  /// The index behind a word that stands at an index.
  private int behind(byte[] word, int at, int end, boolean whole) {
    int length = Math.min(word.length, end - at);
    int same = Arrays.mismatch(word, 0, length, bytes, at, at + length);
    if (same >= 0 || (whole && length < word.length)) {
      throw notJson(
          "a word is none of true, false and null, which stands for a missing value", base + at);
    }
    return length < word.length ? CUT_OFF : at + length;
  }

  /// Reads `NaN`, `Infinity` or `-Infinity`. They are not JSON, but Python and others write them.
  private int nonFinite(int from, int end, boolean whole) {
    beginValue(from);
    tokenStart = from;
    boolean negative = bytes[from] == '-';
    int at = negative ? from + 1 : from;
    boolean nan = bytes[at] == 'N';
    int behind = behind(nan ? NAN : INFINITY, at, end, whole);
    if (behind != CUT_OFF) {
      tokenEnd = behind;
      endValue();
      double infinite = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      reader.number(nan ? Double.NaN : infinite);
    }
    return behind;
  }

  private int string(int from, int end) {
    boolean member = next == Next.MEMBER || next == Next.MEMBER_OR_END;
    if (!member) {
      beginValue(from);
    }
    tokenStart = from;
    int at = from + 1;
    boolean ascii = true;
    while (at < end && bytes[at] != '"') {
      byte b = bytes[at];
      if (b == '\\') {
        at = escape(at, end);
        if (at == CUT_OFF) {
          return CUT_OFF;
        }
      } else if (b >= 0 && b < ' ') {
        throw notJson("a string has a control character", base + at);
      } else {
        ascii &= b >= 0;
        at++;
      }
    }
    if (at >= end) {
      return CUT_OFF;
    }
    tokenEnd = at + 1;
    if (tokenEnd - from > (member ? LONGEST_NAME : LONGEST_STRING)) {
      throw failAt(
          member
              ? "A name of the JSON has more than " + LONGEST_NAME + " bytes."
              : "A string of the JSON has more than " + LONGEST_STRING + " bytes.",
          base + from);
    }
    if (!ascii) {
      requireUtf8(from, at);
    }
    if (member) {
      next = Next.COLON;
      reader.take(JsonToken.MEMBER);
    } else {
      endValue();
      reader.take(JsonToken.STRING);
    }
    return at + 1;
  }

  /// @return the index behind the escape
  private int escape(int at, int end) {
    if (at + 1 >= end) {
      return CUT_OFF;
    }
    byte b = bytes[at + 1];
    if (b != 'u') {
      if ("\"\\/bfnrt".indexOf(b) < 0) {
        throw notJson("a string has an unknown escape", base + at);
      }
      return at + 2;
    }
    for (int i = at + 2; i < at + 6; i++) {
      if (i >= end) {
        return CUT_OFF;
      }
      if (Character.digit(bytes[i], 16) < 0) {
        throw notJson("a string has an unknown escape", base + at);
      }
    }
    return at + 6;
  }

  private void requireUtf8(int from, int end) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, end - from));
    } catch (CharacterCodingException e) {
      throw notJson("a string is not UTF-8; send the body in UTF-8", base + from);
    }
  }

  /// Passes over a byte order mark at the beginning of the text.
  private int mark(byte b, int at) {
    boolean first = base + at == markBytes && markBytes < BYTE_ORDER_MARK.length;
    if (!first || b != BYTE_ORDER_MARK[markBytes]) {
      throw unexpected(at);
    }
    markBytes++;
    lineStart = base + at + 1;
    return at + 1;
  }

  /// The text of the present name or string.
  String text() {
    String text =
        new String(bytes, tokenStart + 1, tokenEnd - tokenStart - 2, StandardCharsets.UTF_8);
    return JsonText.unescaped(text);
  }

  /// Whether the present name or string is [PlainText]. Only an escape can spell half a surrogate
  /// pair or U+0000: UTF-8 has no half pairs, and control characters are refused.
  boolean isPlain() {
    for (int i = tokenStart; i < tokenEnd - 1; i++) {
      if (bytes[i] == '\\' && bytes[i + 1] == 'u') {
        return PlainText.isPlain(text());
      }
    }
    return true;
  }

  /// The bytes of the present token, as they came.
  byte[] raw() {
    return Arrays.copyOfRange(bytes, tokenStart, tokenEnd);
  }

  /// Whether the present token has these bytes.
  boolean is(byte[] raw) {
    return Arrays.equals(bytes, tokenStart, tokenEnd, raw, 0, raw.length);
  }

  /// Whether the present number is written as an integer that the double is not.
  ///
  /// @param x its nearest double
  public boolean isOtherInteger(double x) {
    for (int i = tokenStart; i < tokenEnd; i++) {
      if (bytes[i] != '-' && (bytes[i] < '0' || bytes[i] > '9')) {
        return false;
      }
    }
    return Double.isFinite(x)
        && new BigInteger(digits()).compareTo(new BigDecimal(x).toBigInteger()) != 0;
  }

  /// The present number as it came.
  public String digits() {
    return new String(bytes, tokenStart, tokenEnd - tokenStart, StandardCharsets.US_ASCII);
  }

  /// The line of the present token, from 1.
  long line() {
    return line;
  }

  /// Refuses the present token where another is expected.
  public UnreadableBody expected(String what, JsonToken found) {
    return fail("Here " + what + " is expected, not " + found + ".");
  }

  /// The same with the text that was found and the way out.
  ///
  /// @param remedy a sentence behind a space, or nothing
  UnreadableBody expected(String what, JsonToken found, String remedy) {
    String shown =
        found == JsonToken.STRING ? "the text " + Excerpt.quoted(text()) : found.toString();
    return fail("Here " + what + " is expected, not " + shown + "." + remedy);
  }

  /// Refuses a member that its object has already.
  UnreadableBody twice(String name) {
    return fail("The member " + Excerpt.quoted(name) + " is there twice.");
  }

  /// Refuses the text at the present token.
  public UnreadableBody fail(String detail) {
    return failAt(detail, base + tokenStart);
  }

  private UnreadableBody notJson(String what, long offset) {
    return failAt("This is not JSON: " + what + ".", offset);
  }

  private UnreadableBody unexpected(int at) {
    byte b = bytes[at];
    if (base + at == 0) {
      requireNoOtherFormat(at);
    }
    String found = b >= ' ' ? "'" + (char) b + "'" : "a control character or a byte outside ASCII";
    if (next == Next.NOTHING) {
      return failAt(
          lines
              ? "Nothing may follow a row on its line: each row needs a line of its own, without a"
                  + " comma. If curl sends the rows, --data-binary keeps their line feeds."
              : "Nothing may follow the body's value." + (b == '{' || b == '[' ? rowsBehind : ""),
          base + at);
    }
    String wanted =
        switch (next) {
          case VALUE -> "a value";
          case VALUE_OR_END -> "a value or ]";
          case MEMBER -> "a member";
          case MEMBER_OR_END -> "a member or }";
          case COLON -> "a colon";
          case COMMA_OR_END -> "a comma or " + (inObject[depth] ? "}" : "]");
          case NOTHING -> "the end";
        };
    return notJson(
        "here " + wanted + " is expected, not " + Excerpt.of(found) + spelling(b), base + at);
  }

  private void requireNoOtherFormat(int at) {
    byte[] head = Arrays.copyOfRange(bytes, at, Math.min(bytesEnd, at + OtherFormat.HEAD));
    OtherFormat.mayBeAny(head, head.length);
  }

  /// How JSON spells what other languages begin with this byte.
  private String spelling(byte b) {
    return switch (b) {
      case 'N', 'I' -> "; NaN and Infinity are no JSON, a missing value is null";
      case 'T', 'F' -> "; JSON spells true and false in lower case";
      case '\'' -> "; JSON has text in double quotes";
      case 0, (byte) 0xFE, (byte) 0xFF -> "; if the body is UTF-16, send it in UTF-8";
      default -> depth == 0 && Character.isLetter(b) ? "; CSV is sent as text/csv" : "";
    };
  }

  private UnreadableBody failAt(String detail, long offset) {
    return new UnreadableBody(detail, line, offset - lineStart + 1);
  }
}
