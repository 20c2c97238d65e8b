package io.evenkeel.codec.json.token;

import static io.evenkeel.codec.number.NumberReader.CUT_OFF;

import io.evenkeel.codec.number.NumberReader;
import io.evenkeel.codec.number.PlainNumbers;
import org.jspecify.annotations.Nullable;

/// Reads a number, and with it the numbers of an array that follow it after a comma and at most one
/// space, also those of the next rows. Most of a batch is read here.
final class NumberRuns {
  private static final int LONGEST_NUMBER = 1_000;

  private final JsonNumberTaker taker;
  private final JsonGrammar grammar;
  private final PresentToken present;
  private final TextPlace place;
  private final NumberReader number = new NumberReader();
  private final double[] single = new double[1];
  private @Nullable PlainNumbers plain;

  NumberRuns(JsonNumberTaker taker, JsonGrammar grammar, PresentToken present, TextPlace place) {
    this.taker = taker;
    this.grammar = grammar;
    this.present = present;
    this.place = place;
  }

  /// Hands on the number at an index and those that follow it.
  ///
  /// @param whole whether the bytes are one whole token
  /// @return the index behind the last of them, [CUT_OFF] if the bytes end within the first
  int read(byte[] bytes, int from, int end, boolean whole) {
    int at = number(bytes, from, end, whole);
    if (at == CUT_OFF) {
      return CUT_OFF;
    }
    present.endAt(at);
    grammar.endValue();
    taker.number(number.value());
    return grammar.inArray() && taker.takesRuns() ? run(bytes, at, end, whole) : at;
  }

  /// Gives back what is lent while bytes are fed.
  void giveBack() {
    if (plain != null) {
      plain.giveBack();
      plain = null;
    }
  }

  /// @return the index behind the number, of which the value is in [#number]
  private int number(byte[] bytes, int from, int end, boolean whole) {
    present.beginAt(from);
    int behind = number.read(bytes, from, end, whole);
    if (behind == NumberReader.MALFORMED) {
      throw place.notJson("a number is incomplete or not decimal", number.fault());
    }
    if (behind - from > LONGEST_NUMBER) {
      throw place.fail(
          "A number of the JSON has more than " + LONGEST_NUMBER + " characters.", from);
    }
    return behind;
  }

  /// Hands on the numbers that follow a number, up to the first that the bytes do not hold whole,
  /// also those of the next rows.
  ///
  /// @return the index behind the last of them
  private int run(byte[] bytes, int from, int end, boolean whole) {
    boolean rows = taker.takesRows();
    PlainNumbers plain = this.plain == null ? PlainNumbers.lend() : this.plain;
    this.plain = plain;
    boolean onLines = grammar.depth() == 1;
    char between = onLines ? '\n' : ',';
    int at = from;
    int start;
    while ((start = nextNumber(bytes, at, end)) >= 0
        || (rows && (start = nextRow(bytes, at, end, between)) >= 0)) {
      if (bytes[at] == ']') {
        if (onLines) {
          place.beginLine(at + 2, 1);
        }
        grammar.expectValue();
        taker.nextRow();
        at = start;
      }
      int count = plain.read(bytes, start, end, taker.lacking(), taker.width(), between);
      if (count > 0) {
        at = plain.behind();
        if (onLines && plain.rows() > 0) {
          place.beginLine(plain.behindRows() + 1, plain.rows());
        }
        taker.numbers(plain.values(), count, plain.rows());
      } else {
        int behind = number(bytes, start, end, whole);
        if (behind == CUT_OFF) {
          break;
        }
        at = behind;
        single[0] = number.value();
        taker.numbers(single, 1, 0);
      }
      present.endAt(at);
      grammar.endValue();
    }
    return at;
  }

  /// The index of the number behind a comma and at most one space, −1 if there is none.
  private static int nextNumber(byte[] bytes, int at, int end) {
    if (end - at < 2 || bytes[at] != ',') {
      return -1;
    }
    int start = at + (bytes[at + 1] == ' ' ? 2 : 1);
    return beginsNumber(bytes, start, end) ? start : -1;
  }

  /// The index of the first number of the row behind the row that ends here, −1 if there is none.
  /// The rows stand in an array, with at most one space between them, or on lines.
  private static int nextRow(byte[] bytes, int at, int end, char between) {
    if (end - at < 4 || bytes[at] != ']' || bytes[at + 1] != between) {
      return -1;
    }
    int open = at + (bytes[at + 2] == ' ' ? 3 : 2);
    return bytes[open] == '[' && beginsNumber(bytes, open + 1, end) ? open + 1 : -1;
  }

  private static boolean beginsNumber(byte[] bytes, int at, int end) {
    return at < end && (bytes[at] == '-' || (bytes[at] >= '0' && bytes[at] <= '9'));
  }
}
