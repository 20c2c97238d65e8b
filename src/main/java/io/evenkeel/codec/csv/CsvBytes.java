package io.evenkeel.codec.csv;

import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.UnreadableBody;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The bytes of a body on their way to the lexer. Those of another format or charset are refused by
/// its name; those of a charset that is not UTF-8 are decoded.
final class CsvBytes {
  /// How many bytes tell a charset whose characters have two bytes.
  private static final int OF_CHARSET = 4;

  private final CsvDialect dialect;
  private final CsvLexer lexer;
  private final @Nullable DecodedText decoded;
  private final byte[] head = new byte[OtherFormat.HEAD];
  private int headSize;
  private boolean isKnown;

  CsvBytes(CsvDialect dialect, CsvLexer lexer) {
    this.dialect = dialect;
    this.lexer = lexer;
    this.decoded = dialect.isUtf8() ? null : new DecodedText(dialect.charset(), lexer);
  }

  /// Takes the next bytes.
  ///
  /// @throws MistakenFormat if the body has another format
  /// @throws UnreadableBody if it is no text in the charset of the dialect, or no CSV
  void feed(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    while (!isKnown && at < end) {
      head[headSize++] = bytes[at++];
      if (headSize == head.length || !mayBeOther()) {
        begin();
      }
    }
    pass(bytes, at, end - at);
  }

  /// Ends the body.
  void finish() {
    if (!isKnown) {
      begin();
    }
    if (decoded != null) {
      decoded.finish();
    }
    lexer.finish();
  }

  private void begin() {
    requireCharset();
    isKnown = true;
    pass(head, 0, headSize);
  }

  private void pass(byte[] bytes, int from, int length) {
    if (decoded != null) {
      decoded.feed(bytes, from, length);
    } else {
      lexer.feed(bytes, from, length);
    }
  }

  private boolean mayBeOther() {
    boolean open = OtherFormat.mayBeAny(head, headSize);
    return mayBeJson() || open || mayBeWide();
  }

  /// Whether more bytes can show that characters have two bytes.
  private boolean mayBeWide() {
    return headSize < 2 || (headSize < OF_CHARSET && (head[0] == 0 || head[1] == 0));
  }

  /// Refuses JSON: a bracket or brace, and behind it what only JSON has there.
  private boolean mayBeJson() {
    int first = nonBlank(0);
    if (first == headSize) {
      return true;
    }
    if (head[first] != '[' && head[first] != '{') {
      return false;
    }
    int second = nonBlank(first + 1);
    if (second == headSize) {
      return true;
    }
    if ((head[first] == '[' ? "[{\"-0123456789]" : "\"}").indexOf(head[second]) >= 0) {
      throw new MistakenFormat(
          "The body is JSON; send it as application/json, or one row a line as"
              + " application/x-ndjson.");
    }
    return false;
  }

  private int nonBlank(int from) {
    int at = from;
    while (at < headSize && (CsvCell.isBlank(head[at]) || head[at] == '\n' || head[at] == '\r')) {
      at++;
    }
    return at;
  }

  /// Refuses text whose characters have two bytes, unless the charset says so.
  private void requireCharset() {
    String seen = charsetSeen();
    String said = dialect.charset().name();
    boolean marked = seen.equals(StandardCharsets.UTF_16.name());
    boolean fits =
        switch (said) {
          case "UTF-16" -> marked || !seen.equals("UTF-16LE");
          case "UTF-16LE" -> marked ? head[0] == (byte) 0xFF : !seen.equals("UTF-16BE");
          case "UTF-16BE" -> marked ? head[0] == (byte) 0xFE : !seen.equals("UTF-16LE");
          default -> seen.isEmpty();
        };
    if (!fits) {
      CsvDialect likely = dialect.in(Charset.forName(seen));
      throw new UnreadableBody(
          "The body is " + seen + ": " + LikelyDialect.send(likely) + ".", 1, 1);
    }
  }

  /// The charset of two bytes that the first bytes show; empty if they show none. Latin letters
  /// have a zero in every second byte.
  private String charsetSeen() {
    if (headSize < 2) {
      return "";
    }
    int mark = Byte.toUnsignedInt(head[0]) << Byte.SIZE | Byte.toUnsignedInt(head[1]);
    if (mark == 0xFFFE || mark == 0xFEFF) {
      return StandardCharsets.UTF_16.name();
    }
    boolean even = true;
    boolean odd = true;
    for (int i = 0; i < Math.min(headSize, OF_CHARSET); i++) {
      even &= (head[i] == 0) == (i % 2 == 0);
      odd &= (head[i] == 0) == (i % 2 == 1);
    }
    return even ? StandardCharsets.UTF_16BE.name() : odd ? StandardCharsets.UTF_16LE.name() : "";
  }
}
