package io.evenkeel.codec;

import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.json.JsonFactory;

/// A JSON body as tokens, each handed on as soon as its bytes have arrived; what is no JSON, or not
/// the token that may stand there, becomes an [UnreadableBody] with its place.
final class JsonTokens {
  private static final int LONGEST_STRING = 1 << 20;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
          .build();

  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final Consumer<JsonToken> reader;

  /// With the one who reads the tokens; while it does, it may ask for [#name] and [#number].
  JsonTokens(Consumer<JsonToken> reader) {
    this.parser = FACTORY.createNonBlockingByteArrayParser(ObjectReadContext.empty());
    this.feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
    this.reader = reader;
  }

  void feed(byte[] bytes, int offset, int length) {
    try {
      feeder.feedInput(bytes, offset, offset + length);
      drain();
    } catch (JacksonException e) {
      throw notJson(e);
    }
  }

  void finish() {
    try {
      feeder.endOfInput();
      drain();
    } catch (JacksonException e) {
      throw notJson(e);
    } catch (NumberFormatException cutOff) {
      // the parser takes "2.5e" at the end of the input for a number
      throw fail("The body ends too early.");
    }
  }

  private void drain() {
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.NOT_AVAILABLE;
        token = parser.nextToken()) {
      reader.accept(token);
    }
  }

  /// The parser at the present token, for copying it.
  JsonParser parser() {
    return parser;
  }

  /// The name of the present member.
  String name() {
    return parser.currentName();
  }

  /// The present number, NaN for null.
  double number(JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_NULL -> Double.NaN;
      default -> throw expected("a number or null", token);
    };
  }

  UnreadableBody expected(String what, JsonToken found) {
    return fail("Here " + what + " is expected, not " + JsonWords.of(found) + ".");
  }

  UnreadableBody fail(String detail) {
    return at(detail, parser.currentTokenLocation());
  }

  private UnreadableBody notJson(JacksonException e) {
    return at(
        JsonWords.of(e), e.getLocation() == null ? parser.currentLocation() : e.getLocation());
  }

  private static UnreadableBody at(String detail, TokenStreamLocation location) {
    return new UnreadableBody(
        detail, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
