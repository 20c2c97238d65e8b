package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.fault.Numbers;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads a string, a boolean or a whole number.
public final class JsonScalar implements JsonValue {
  /// Up to this number every whole number is a double.
  private static final double MOST_WHOLE = 0x1p53;

  /// Which kind of value it is.
  public enum Kind {
    TEXT("a string"),
    FLAG("true or false"),
    WHOLE("a whole number");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final JsonStack stack;
  private final Kind kind;
  private final boolean nullable;
  private @Nullable String text;
  private @Nullable Boolean flag;
  private OptionalLong whole = OptionalLong.empty();

  /// @param nullable whether the value may be null, which is as if it had not come
  public JsonScalar(JsonStack stack, Kind kind, boolean nullable) {
    this.stack = stack;
    this.kind = kind;
    this.nullable = nullable;
  }

  /// The string, if it came.
  public Optional<String> text() {
    return Optional.ofNullable(text);
  }

  /// The boolean, if it came.
  public Optional<Boolean> flag() {
    return Optional.ofNullable(flag);
  }

  /// The number, if it came.
  public OptionalLong whole() {
    return whole;
  }

  @Override
  public boolean take(JsonToken token) {
    if (token == JsonToken.NULL && nullable) {
      return true;
    }
    if (kind == Kind.TEXT && token == JsonToken.STRING) {
      text = stack.present().text();
    } else if (kind == Kind.FLAG && (token == JsonToken.TRUE || token == JsonToken.FALSE)) {
      flag = token == JsonToken.TRUE;
    } else {
      throw stack.present().expected(kind.words, token);
    }
    return true;
  }

  @Override
  public void number(double x) {
    if (kind != Kind.WHOLE) {
      throw stack.present().expected(kind.words, JsonToken.NUMBER);
    }
    whole = OptionalLong.of(whole(stack.present(), x));
    stack.end();
  }

  /// Converts a number that must be whole.
  public static long whole(PresentToken present, double x) {
    if (!(Math.abs(x) <= MOST_WHOLE && x == Math.rint(x))) {
      throw present.fail(
          "Here a whole number of at most 2^53 is expected, not " + Numbers.plain(x) + ".");
    }
    return (long) x;
  }
}
