package io.evenkeel.codec.csv;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Turns the bytes of a charset into UTF-8 as they come. Its buffers have a fixed size.
final class DecodedText {
  private static final int CHARACTERS = 4096;

  /// The most bytes of UTF-8 that one `char` takes.
  private static final int WIDEST = 3;

  private final CsvLexer lexer;
  private final Charset charset;
  private final CharsetDecoder decoder;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final CharBuffer characters = CharBuffer.allocate(CHARACTERS);
  private final ByteBuffer utf8 = ByteBuffer.allocate(CHARACTERS * WIDEST);
  private final ByteBuffer rest = ByteBuffer.allocate(8);

  DecodedText(Charset charset, CsvLexer lexer) {
    this.charset = charset;
    this.decoder = charset.newDecoder();
    this.lexer = lexer;
  }

  void feed(byte[] bytes, int from, int length) {
    ByteBuffer more = ByteBuffer.wrap(bytes, from, length);
    while (rest.position() > 0 && more.hasRemaining()) {
      rest.put(more.get()).flip();
      decode(rest, false);
      rest.compact();
    }
    decode(more, false);
    if (!lexer.isDone()) {
      rest.put(more);
    }
  }

  void finish() {
    rest.flip();
    decode(rest, true);
  }

  private void decode(ByteBuffer bytes, boolean last) {
    CoderResult result;
    do {
      result = decoder.decode(bytes, characters, last);
      pass();
      if (lexer.isDone()) {
        return;
      }
      if (result.isError()) {
        throw lexer.fail(
            "The body is not in " + charset.name() + ", although its media type says so.");
      }
    } while (result.isOverflow());
  }

  /// Half of a surrogate pair waits for the other half.
  private void pass() {
    characters.flip();
    encoder.encode(characters, utf8, false);
    characters.compact();
    lexer.feed(utf8.array(), 0, utf8.position());
    utf8.clear();
  }
}
