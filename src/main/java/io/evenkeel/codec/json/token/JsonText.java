package io.evenkeel.codec.json.token;

import java.util.Arrays;
import java.util.Optional;

/// JSON values as text that an answer in another format can repeat, and the other way round.
public final class JsonText {
  private static final String NULL = "null";

  private JsonText() {}

  /// A value as text: the text of a string, nothing for null, the JSON of any other.
  ///
  /// @param json without white space around it
  public static String of(String json) {
    if (json.startsWith("\"")) {
      return unescaped(json.substring(1, json.length() - 1));
    }
    return json.equals(NULL) ? "" : json;
  }

  /// A string without the quotes around it, its escapes replaced.
  static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char escape = text.charAt(++i);
      switch (escape) {
        case 'b' -> plain.append('\b');
        case 'f' -> plain.append('\f');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 't' -> plain.append('\t');
        case 'u' -> {
          plain.append((char) Integer.parseInt(text, i + 1, i + 5, 16));
          i += 4;
        }
        default -> plain.append(escape);
      }
    }
    return plain.toString();
  }

  /// How many places [#starts] needs room for.
  public static int mostStarts(String json) {
    int commas = 0;
    for (int at = json.indexOf(','); at >= 0; at = json.indexOf(',', at + 1)) {
      commas++;
    }
    return commas + 2;
  }

  /// Where the values of an array begin, and behind the last of them its end; empty if the value is
  /// no array.
  ///
  /// @param json without white space outside strings
  public static Optional<int[]> starts(String json) {
    if (!json.startsWith("[")) {
      return Optional.empty();
    }
    int[] starts = new int[mostStarts(json)];
    int count = 0;
    int depth = 0;
    boolean string = false;
    int begin = 1;
    for (int i = 1; i < json.length(); i++) {
      char c = json.charAt(i);
      if (string) {
        if (c == '\\') {
          i++;
        } else {
          string = c != '"';
        }
      } else if (c == '"') {
        string = true;
      } else if (c == '[' || c == '{') {
        depth++;
      } else if (depth > 0 && (c == ']' || c == '}')) {
        depth--;
      } else if (depth == 0 && (c == ',' || (c == ']' && i > 1))) {
        starts[count++] = begin;
        begin = i + 1;
      }
    }
    starts[count] = begin;
    return Optional.of(count + 1 == starts.length ? starts : Arrays.copyOf(starts, count + 1));
  }

  /// Whether a text is a number as JSON spells it.
  public static boolean isNumber(String text) {
    int at = text.startsWith("-") ? 1 : 0;
    int whole = digits(text, at);
    if (whole == at || (whole > at + 1 && text.charAt(at) == '0')) {
      return false;
    }
    at = whole;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1);
      if (fraction == at + 1) {
        return false;
      }
      at = fraction;
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      boolean signed = at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
      int exponent = digits(text, signed ? at + 1 : at);
      if (exponent == (signed ? at + 1 : at)) {
        return false;
      }
      at = exponent;
    }
    return at == text.length();
  }

  /// The index behind the digits that begin at an index.
  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
