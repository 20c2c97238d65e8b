package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.codec.rows.UnreadableBody;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the numbers of a tensor in JSON: one after the other, or arrays in arrays as the shape has
/// dimensions. A missing value is null or NaN; `true` and `false` are 1 and 0.
final class TensorData implements JsonValue {
  /// Beyond it, not every integer is a double.
  private static final double EXACT = 0x1p53;

  private static final long UNKNOWN = -1;

  private final PresentToken present;
  private final TensorNumbers numbers;

  /// How many elements the first array of each level has.
  private long[] lengths = {};

  /// How many elements the open array of each level has so far.
  private long[] counts = {};

  /// How many arrays are open.
  private int open;

  /// The level of the arrays that hold numbers; 0 before the first number.
  private int level;

  private boolean opened;
  private @Nullable String uneven;
  private @Nullable UnreadableBody text;

  TensorData(PresentToken present, TensorNumbers numbers) {
    this.present = present;
    this.numbers = numbers;
  }

  /// Whether there are data.
  boolean isThere() {
    return opened;
  }

  /// Whether the numbers came one after the other.
  boolean isFlat() {
    return lengths.length < 2;
  }

  /// The place of the first array that is longer or shorter than those before it, below the data.
  Optional<String> uneven() {
    return Optional.ofNullable(uneven);
  }

  /// The refusal of the first text among the numbers.
  Optional<UnreadableBody> text() {
    return Optional.ofNullable(text);
  }

  /// Whether arrays in arrays are those of a shape.
  boolean isNestedAs(TensorShape shape) {
    return Arrays.equals(lengths, shape.toArray());
  }

  /// How the arrays are nested, as a sentence shows it.
  String nesting() {
    return TensorShape.words(lengths, lengths.length);
  }

  @Override
  public boolean takesNonFinite() {
    return opened;
  }

  @Override
  public boolean take(JsonToken token) {
    switch (token) {
      case ARRAY_START -> begin();
      case ARRAY_END -> {
        return end();
      }
      case NULL -> {
        if (!opened) {
          return true;
        }
        element(token, Double.NaN);
      }
      case TRUE, FALSE -> element(token, token == JsonToken.TRUE ? 1 : 0);
      case STRING -> {
        UnreadableBody refusal = present.expected("a number or null", token);
        element(token, Double.NaN);
        text = text == null ? refusal : text;
      }
      default -> throw expected(token);
    }
    return false;
  }

  private void begin() {
    if (open > 0) {
      if (open == level) {
        throw expected(JsonToken.ARRAY_START);
      }
      counts[open - 1]++;
    }
    if (open == TensorShape.MOST_DIMENSIONS) {
      throw present.fail("A tensor has at most " + TensorShape.MOST_DIMENSIONS + " dimensions.");
    }
    opened = true;
    if (open == lengths.length) {
      lengths = Arrays.copyOf(lengths, open + 1);
      counts = Arrays.copyOf(counts, open + 1);
      lengths[open] = UNKNOWN;
    }
    counts[open++] = 0;
  }

  /// @return whether the data end
  private boolean end() {
    int ended = --open;
    if (lengths[ended] == UNKNOWN) {
      lengths[ended] = counts[ended];
    } else if (lengths[ended] != counts[ended] && uneven == null) {
      StringBuilder place = new StringBuilder();
      for (int i = 0; i < ended; i++) {
        place.append('/').append(counts[i] - 1);
      }
      uneven = place.toString();
    }
    return open == 0;
  }

  @Override
  public void number(double x) {
    element(JsonToken.NUMBER, x);
    if (Math.abs(x) >= EXACT && present.isOtherInteger(x)) {
      numbers.notExact(numbers.size() - 1, present.digits());
    }
  }

  private void element(JsonToken token, double x) {
    if (level == 0 && open == lengths.length) {
      level = open;
    }
    if (open == 0 || open != level) {
      throw expected(token);
    }
    counts[open - 1]++;
    numbers.add(x);
  }

  private UnreadableBody expected(JsonToken token) {
    boolean atNumbers = open == (level == 0 ? lengths.length : level);
    String wanted =
        !opened ? "an array of numbers, or null," : atNumbers ? "a number or null" : "an array";
    return present.expected(wanted, token);
  }
}
