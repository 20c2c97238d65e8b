package io.evenkeel.codec.csv;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What the cell of a number holds. Used again for each cell.
final class CsvValue {
  /// The longest word that may stand for a number: `-infinity`.
  private static final int LONGEST_WORD = 9;

  /// What a cell holds.
  enum Kind {
    /// A decimal number, an infinite one as programs write it, or a truth value: 1 or 0.
    NUMBER,
    /// Nothing, or a text that stands for a missing value.
    MISSING,
    /// Any other text.
    TEXT
  }

  private final byte decimal;
  private final Set<String> na;
  private final int longestNa;
  private final boolean numericNa;
  private double value;

  /// @param decimal the decimal mark
  /// @param na the texts that stand for a missing value, besides the empty text
  CsvValue(char decimal, List<String> na) {
    this.decimal = (byte) decimal;
    this.na = Set.copyOf(na);
    this.longestNa =
        na.stream().mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length).max().orElse(0);
    this.numericNa = na.stream().anyMatch(this::isNumber);
  }

  /// Whether a number is always a number, and never the text for a missing value.
  boolean numbersAreNumbers() {
    return !numericNa;
  }

  private boolean isNumber(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /// The number that was found last; NaN if it was none.
  double value() {
    return value;
  }

  /// What a cell holds. Blanks around it do not count.
  Kind of(CsvCell cell) {
    byte[] bytes = cell.bytes();
    int from = 0;
    int to = cell.length();
    while (from < to && CsvCell.isBlank(bytes[from])) {
      from++;
    }
    while (to > from && CsvCell.isBlank(bytes[to - 1])) {
      to--;
    }
    value = Double.NaN;
    if (from == to || (numericNa && isNa(bytes, from, to))) {
      return Kind.MISSING;
    }
    if (parse(bytes, from, to)) {
      return Kind.NUMBER;
    }
    if (isNa(bytes, from, to)) {
      return Kind.MISSING;
    }
    return isWord(bytes, from, to) ? Kind.NUMBER : Kind.TEXT;
  }

  private boolean isNa(byte[] bytes, int from, int to) {
    return to - from <= longestNa
        && na.contains(new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }

  private boolean isWord(byte[] bytes, int from, int to) {
    String word =
        to - from > LONGEST_WORD ? "" : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    switch (word) {
      case "true", "True", "TRUE" -> value = 1;
      case "false", "False", "FALSE" -> value = 0;
      case "inf",
          "Inf",
          "INF",
          "infinity",
          "Infinity",
          "INFINITY",
          "+inf",
          "+Inf",
          "+INF",
          "+infinity",
          "+Infinity",
          "+INFINITY" ->
          value = Double.POSITIVE_INFINITY;
      case "-inf", "-Inf", "-INF", "-infinity", "-Infinity", "-INFINITY" ->
          value = Double.NEGATIVE_INFINITY;
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean parse(byte[] bytes, int from, int to) {
    int mark = -1;
    int digits = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        digits++;
      } else if (bytes[i] == decimal && mark < 0) {
        mark = i;
      } else if (!mayBeBesideDigits(bytes[i])) {
        return false;
      }
    }
    if (digits == 0) {
      return false;
    }
    try {
      value =
          decimal == '.' || mark < 0
              ? JavaDoubleParser.parseDouble(bytes, from, to - from)
              : JavaDoubleParser.parseDouble(pointed(bytes, from, to, mark));
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /// The number with a point as its decimal mark.
  private static byte[] pointed(byte[] bytes, int from, int to, int mark) {
    byte[] number = Arrays.copyOfRange(bytes, from, to);
    number[mark - from] = '.';
    return number;
  }

  /// Java's own syntax would allow hexadecimal numbers, `NaN` and a trailing `d`.
  private static boolean mayBeBesideDigits(byte b) {
    return b == '-' || b == '+' || b == 'e' || b == 'E';
  }
}
