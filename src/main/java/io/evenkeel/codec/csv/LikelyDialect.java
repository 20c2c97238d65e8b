package io.evenkeel.codec.csv;

import io.evenkeel.codec.rows.CsvDialect;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Names the dialect that a CSV probably has, where it does not fit the one that was sent.
final class LikelyDialect {
  /// Characters that stand beside a quote only if they are delimiters.
  static final String BESIDE_QUOTES = ",;\t|: ^~";

  /// What to do about first rows that have one more cell than the header.
  static final String ROW_NAMES =
      " If the first are row names, give their column a name (in R: write.csv).";

  /// Characters that a header of one column hardly holds unless they are delimiters.
  private static final String DELIMITERS = ",;\t|";

  /// Characters that are delimiters if features or numbers stand between them.
  private static final String RARE = " :^~/&#*";

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+([.,]\\d*)?|[.,]\\d+)([eE][+-]?\\d+)?");
  private static final Pattern WITH_COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");
  private static final Pattern WITH_POINT = Pattern.compile("[+-]?\\d*\\.\\d+([eE][+-]?\\d+)?");

  /// Blanks and apostrophes that stand between groups of three digits.
  private static final String GROUPING = " '\u00A0\u2009\u202F\u2019";

  private static final Pattern GROUPED =
      Pattern.compile("[+-]?\\d{1,3}([,." + GROUPING + "]\\d{3}){1,9}([.,]\\d*)?");

  private LikelyDialect() {}

  /// A delimiter in a sentence.
  static String named(char delimiter) {
    return switch (delimiter) {
      case ',' -> "a comma";
      case '\t' -> "a tab";
      case ' ' -> "a blank";
      default -> "'" + delimiter + "'";
    };
  }

  private static String counted(long count, char delimiter) {
    String name =
        switch (delimiter) {
          case ',' -> count == 1 ? "comma" : "commas";
          case '\t' -> count == 1 ? "tab" : "tabs";
          case ' ' -> count == 1 ? "blank" : "blanks";
          default -> "'" + delimiter + "'";
        };
    return count + " " + name;
  }

  /// What to do: `send text/csv;delimiter=";"`.
  static String send(CsvDialect dialect) {
    return "send " + dialect.mediaType();
  }

  /// The fault of a header that looks like that of another dialect, if it does.
  ///
  /// @param known whether a name is expected here; then the header is no other dialect's
  /// @param anyKnown whether names are expected at all
  static Optional<Fault> ofHeader(
      CsvNames names, CsvDialect dialect, Predicate<String> known, boolean anyKnown) {
    if (names.all().stream().anyMatch(known)) {
      return Optional.empty();
    }
    Optional<Fault> delimiter =
        names.size() == 1 || anyKnown ? ofDelimiter(names, dialect) : Optional.empty();
    return delimiter
        .or(() ->
            names.size() == 1 ? ofRareDelimiter(names.get(0), dialect, known) : Optional.empty())
        .or(() -> numbers(names, dialect));
  }

  /// The fault of a header that holds another delimiter, if it does.
  static Optional<Fault> ofDelimiter(CsvNames names, CsvDialect dialect) {
    String text = String.join("", names.unquoted());
    char likely = 0;
    long most = 0;
    for (int i = 0; i < DELIMITERS.length(); i++) {
      char delimiter = DELIMITERS.charAt(i);
      long count = text.chars().filter(c -> c == delimiter).count();
      if (count > most && delimiter != dialect.delimiter()) {
        likely = delimiter;
        most = count;
      }
    }
    return most == 0
        ? Optional.empty()
        : Optional.of(holding(names.size(), most, likely, dialect.delimitedBy(likely)));
  }

  /// The fault of a header of one column that has features, or nothing but numbers, between blanks
  /// or the like.
  private static Optional<Fault> ofRareDelimiter(
      String name, CsvDialect dialect, Predicate<String> known) {
    for (int i = 0; i < RARE.length(); i++) {
      char delimiter = RARE.charAt(i);
      List<String> parts = split(name, delimiter);
      boolean numbers = parts.stream().allMatch(LikelyDialect::isNumber);
      if (parts.size() > 1 && (numbers || parts.stream().anyMatch(known))) {
        CsvDialect likely = dialect.delimitedBy(delimiter);
        return Optional.of(
            holding(1, parts.size() - 1, delimiter, numbers ? headerless(likely) : likely));
      }
    }
    return Optional.empty();
  }

  private static CsvDialect headerless(CsvDialect dialect) {
    return new CsvDialect(false, dialect.delimiter(), dialect.decimal(), dialect.charset());
  }

  private static Fault holding(int columns, long count, char delimiter, CsvDialect likely) {
    return fault(
        "The header "
            + (columns == 1 ? "is one column and" : "has " + columns + " columns and")
            + " holds "
            + counted(count, delimiter)
            + ": "
            + send(likely)
            + ".");
  }

  private static Fault fault(String detail) {
    return new Fault("#/header", Fault.MISSING_COLUMN, detail);
  }

  /// The fault of a file of one column, if the name and the first cell have the same number of
  /// blanks or colons and the cell has numbers between them.
  static Optional<Fault> ofFirstRow(String name, String cell, CsvDialect dialect) {
    for (char delimiter : " :".toCharArray()) {
      List<String> cells = split(cell, delimiter);
      if (cells.size() > 1
          && cells.size() == split(name, delimiter).size()
          && cells.stream().allMatch(LikelyDialect::isNumber)) {
        return Optional.of(holding(1, cells.size() - 1, delimiter, dialect.delimitedBy(delimiter)));
      }
    }
    return Optional.empty();
  }

  private static List<String> split(String text, char delimiter) {
    return List.of(text.split(Pattern.quote(String.valueOf(delimiter)), -1));
  }

  private static boolean isNumber(String text) {
    return DECIMAL.matcher(text).matches();
  }

  /// A header of which a third or more are numbers is probably a row. The names 0, 1, 2, ... of
  /// pandas are names, and so are years or other steps beside names.
  private static Optional<Fault> numbers(CsvNames names, CsvDialect dialect) {
    List<String> numbers = names.unquoted().stream().filter(LikelyDialect::isNumber).toList();
    long named = names.all().stream().filter(name -> !name.isEmpty()).count();
    if (numbers.isEmpty()
        || 3L * numbers.size() < named
        || (numbers.size() == named ? countsFromZero(numbers) : isStepwise(numbers))) {
      return Optional.empty();
    }
    return Optional.of(
        fault(
            "The header holds numbers: "
                + numbers.stream().limit(3).map(Excerpt::quoted).collect(Collectors.joining(", "))
                + ". If the body has no header, "
                + send(headerless(dialect))
                + "; if these are names, quote them."));
  }

  private static boolean countsFromZero(List<String> numbers) {
    for (int j = 0; j < numbers.size(); j++) {
      if (!numbers.get(j).equals(Integer.toString(j))) {
        return false;
      }
    }
    return numbers.size() > 1;
  }

  private static boolean isStepwise(List<String> numbers) {
    double[] values =
        numbers.stream().mapToDouble(n -> Double.parseDouble(n.replace(',', '.'))).toArray();
    double step = values.length < 2 ? 0 : values[1] - values[0];
    for (int j = 2; j < values.length; j++) {
      if (Math.abs(values[j] - values[j - 1] - step) > 1e-9 * Math.abs(step)) {
        return false;
      }
    }
    return values.length > 2 ? step != 0 : step == 1;
  }

  /// The sentence about a text where a number should be.
  static String notANumber(String text, CsvDialect dialect) {
    String said = "'" + Excerpt.of(text) + "' is not a number";
    Optional<String> ungrouped = ungrouped(text, dialect);
    if (ungrouped.isPresent()) {
      return said
          + ": write it without thousands separators, as "
          + Excerpt.of(ungrouped.get())
          + ".";
    }
    if (dialect.decimal() == '.' && WITH_COMMA.matcher(text).matches()) {
      char delimiter = dialect.delimiter() == ',' ? ';' : dialect.delimiter();
      CsvDialect commas = new CsvDialect(dialect.header(), delimiter, ',', dialect.charset());
      return dialect.delimiter() == ','
          ? said + "; decimal commas need another delimiter: " + send(commas) + "."
          : said + ": " + send(commas) + ".";
    }
    if (dialect.decimal() == ',' && WITH_POINT.matcher(text).matches()) {
      return said + "; leave decimal=\",\" out of the media type.";
    }
    return said + ".";
  }

  /// The number without its thousands separators, if it has some. One comma before three digits may
  /// also be a decimal mark, unless commas delimit the cells.
  private static Optional<String> ungrouped(String text, CsvDialect dialect) {
    if (!GROUPED.matcher(text).matches()) {
      return Optional.empty();
    }
    char otherMark = dialect.decimal() == ',' ? '.' : ',';
    String decimals = "(" + Pattern.quote(String.valueOf(dialect.decimal())) + "\\d*)?";
    String separators = GROUPING + otherMark;
    for (int i = 0; i < separators.length(); i++) {
      char separator = separators.charAt(i);
      String group = Pattern.quote(String.valueOf(separator)) + "\\d{3}";
      boolean isMark = separator == otherMark && dialect.delimiter() != ',';
      if (text.matches("[+-]?\\d{1,3}(" + group + ")+" + decimals)
          && !(isMark && text.matches("[+-]?\\d{1,3}" + group))) {
        return Optional.of(text.replace(String.valueOf(separator), ""));
      }
    }
    return Optional.empty();
  }

  /// Whether a text would be a number with a comma as decimal mark, and none with a point.
  static boolean hasDecimalComma(String text) {
    return WITH_COMMA.matcher(text).matches();
  }
}
