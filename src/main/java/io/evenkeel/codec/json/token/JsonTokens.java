package io.evenkeel.codec.json.token;

import io.evenkeel.codec.number.NumberReader;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.UnreadableBody;

/// Splits a JSON text (RFC 8259, in UTF-8) into tokens and hands each on as soon as its bytes have
/// arrived. A text that is no JSON is an [UnreadableBody] with its place, or a [MistakenFormat] if
/// it begins like a file of another format. A token is read from the bytes that are fed; it is
/// copied only if their end cuts it in two.
public final class JsonTokens {
  private static final int CUT_OFF = NumberReader.CUT_OFF;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /// Takes the tokens.
  public interface Reader extends JsonNumberTaker {
    /// Takes a token that is no number.
    void take(JsonToken token);
  }

  private final Reader reader;
  private final boolean lines;
  private final TextPlace place = new TextPlace();
  private final JsonGrammar grammar = new JsonGrammar();
  private final PresentToken present = new PresentToken(place);
  private final JsonStrings strings = new JsonStrings(place);
  private final JsonLiterals literals = new JsonLiterals(place);
  private final NumberRuns numbers;
  private final UnexpectedByte unexpected;
  private final CutToken cut = new CutToken(place);
  private int markBytes;

  private byte[] bytes = new byte[0];
  private int bytesEnd;

  /// How many bytes came before those that are fed now.
  private long fed;

  private JsonTokens(Reader reader, boolean lines) {
    this.reader = reader;
    this.lines = lines;
    this.numbers = new NumberRuns(reader, grammar, present, place);
    this.unexpected = new UnexpectedByte(lines, grammar, place);
  }

  /// The tokens of one value.
  public static JsonTokens ofValue(Reader reader) {
    return new JsonTokens(reader, false);
  }

  /// The tokens of any number of values, one a line.
  public static JsonTokens ofLines(Reader reader) {
    return new JsonTokens(reader, true);
  }

  /// Tells what to do with a second row behind the first.
  ///
  /// @param remedy a sentence behind a space
  public void rowsBehind(String remedy) {
    unexpected.rowsBehind(remedy);
  }

  /// The token that the reader has just been handed.
  public PresentToken present() {
    return present;
  }

  /// Takes the next bytes of the text.
  public void feed(byte[] source, int offset, int length) {
    int end = offset + length;
    try {
      int at = cut.isThere() ? complete(source, offset, end) : offset;
      if (!cut.isThere()) {
        read(source, fed - offset, at, end, false);
      }
    } finally {
      numbers.giveBack();
    }
    fed += length;
  }

  /// Ends the text.
  public void finish() {
    boolean nothing = grammar.depth() == 0 && (lines || grammar.isComplete());
    if (cut.isThere() || !nothing || isMarkIncomplete()) {
      throw place.failAt("The JSON ends too early.", fed);
    }
  }

  /// Completes the token that the end of the bytes before cut in two.
  ///
  /// @return the index behind it
  private int complete(byte[] source, int from, int end) {
    int at = cut.take(source, from, end);
    if (cut.isComplete()) {
      int length = cut.length();
      cut.clear();
      read(cut.bytes(), cut.offset(), 0, length, true);
    }
    return at;
  }

  /// @param offset the offset in the text of the byte at index 0
  /// @param whole whether the bytes are one whole token
  private void read(byte[] source, long offset, int from, int end, boolean whole) {
    bytes = source;
    bytesEnd = end;
    place.ofBytes(offset);
    present.ofBytes(source);
    int at = from;
    while (at < end) {
      byte b = bytes[at];
      switch (b) {
        case ' ', '\t', '\r' -> at++;
        case '\n' -> at = line(at);
        case ',' -> at = separator(grammar.comma(), at);
        case ':' -> at = separator(grammar.colon(), at);
        case '{', '[' -> at = open(b == '{', at);
        case '}', ']' -> at = close(b == '}', at);
        case '"' -> at = string(at, end);
        case '-' ->
            at =
                at + 1 < end && bytes[at + 1] == 'I' && reader.takesNonFinite()
                    ? nonFinite(at, end, whole)
                    : numbers(at, end, whole);
        case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> at = numbers(at, end, whole);
        case 't' -> at = literal(JsonLiterals.TRUE, JsonToken.TRUE, at, end, whole);
        case 'f' -> at = literal(JsonLiterals.FALSE, JsonToken.FALSE, at, end, whole);
        case 'n' -> at = literal(JsonLiterals.NULL, JsonToken.NULL, at, end, whole);
        case 'N', 'I' -> at = reader.takesNonFinite() ? nonFinite(at, end, whole) : mark(b, at);
        default -> at = mark(b, at);
      }
      if (at == CUT_OFF) {
        cut.begin(bytes, present.start(), end);
        return;
      }
    }
  }

  private int line(int at) {
    if (lines) {
      if (grammar.depth() > 0) {
        throw place.fail(
            "A row must be whole on one line, and this line ends inside "
                + (grammar.isOutermostObject() ? "an object" : "an array")
                + ". Send JSON of several lines as application/json.",
            at);
      }
      grammar.expectValue();
    }
    place.beginLine(at + 1, 1);
    return at + 1;
  }

  private int separator(boolean isExpected, int at) {
    if (!isExpected) {
      throw unexpected(at);
    }
    return at + 1;
  }

  private int open(boolean object, int at) {
    beginValue(at);
    if (grammar.depth() == JsonGrammar.DEEPEST) {
      throw place.fail("The JSON is nested more than " + JsonGrammar.DEEPEST + " levels deep.", at);
    }
    grammar.open(object);
    return bracket(object ? JsonToken.OBJECT_START : JsonToken.ARRAY_START, at);
  }

  private int close(boolean object, int at) {
    if (!grammar.close(object)) {
      throw unexpected(at);
    }
    return bracket(object ? JsonToken.OBJECT_END : JsonToken.ARRAY_END, at);
  }

  private int bracket(JsonToken token, int at) {
    present.beginAt(at);
    present.endAt(at + 1);
    reader.take(token);
    return at + 1;
  }

  /// Begins a value that is no part of a run of numbers.
  private void beginValue(int at) {
    if (!grammar.mayBeginValue()) {
      throw unexpected(at);
    }
    if (isMarkIncomplete()) {
      throw place.notJson("a byte order mark is incomplete", at);
    }
    present.beginAt(at);
  }

  private int numbers(int from, int end, boolean whole) {
    beginValue(from);
    return numbers.read(bytes, from, end, whole);
  }

  private int literal(byte[] word, JsonToken token, int at, int end, boolean whole) {
    beginValue(at);
    int behind = literals.behind(word, bytes, at, end, whole);
    if (behind != CUT_OFF) {
      present.endAt(behind);
      grammar.endValue();
      reader.take(token);
    }
    return behind;
  }

  /// Reads `NaN`, `Infinity` or `-Infinity`. They are not JSON, but Python and others write them.
  private int nonFinite(int from, int end, boolean whole) {
    beginValue(from);
    boolean negative = bytes[from] == '-';
    int at = negative ? from + 1 : from;
    boolean nan = bytes[at] == 'N';
    byte[] word = nan ? JsonLiterals.NAN : JsonLiterals.INFINITY;
    int behind = literals.behind(word, bytes, at, end, whole);
    if (behind != CUT_OFF) {
      present.endAt(behind);
      grammar.endValue();
      double infinite = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      reader.number(nan ? Double.NaN : infinite);
    }
    return behind;
  }

  private int string(int from, int end) {
    boolean name = grammar.isName();
    if (!name) {
      beginValue(from);
    }
    present.beginAt(from);
    int behind = strings.end(bytes, from, end, name);
    if (behind == CUT_OFF) {
      return CUT_OFF;
    }
    present.endAt(behind);
    if (name) {
      grammar.name();
      reader.take(JsonToken.MEMBER);
    } else {
      grammar.endValue();
      reader.take(JsonToken.STRING);
    }
    return behind;
  }

  /// Passes over a byte order mark at the beginning of the text.
  private int mark(byte b, int at) {
    boolean first = place.offset(at) == markBytes && markBytes < BYTE_ORDER_MARK.length;
    if (!first || b != BYTE_ORDER_MARK[markBytes]) {
      throw unexpected(at);
    }
    markBytes++;
    place.beginLine(at + 1, 0);
    return at + 1;
  }

  private boolean isMarkIncomplete() {
    return markBytes % BYTE_ORDER_MARK.length != 0;
  }

  private UnreadableBody unexpected(int at) {
    return unexpected.at(bytes, at, bytesEnd);
  }
}
