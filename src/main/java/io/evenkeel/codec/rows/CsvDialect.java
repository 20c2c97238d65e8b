package io.evenkeel.codec.rows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How a CSV is written, as the parameters of its media type say: `text/csv;delimiter=";"`.
///
/// | parameter   | values                                            | default                       |
/// |-------------|---------------------------------------------------|-------------------------------|
/// | `header`    | `present`, `absent`                               | `present`                     |
/// | `delimiter` | a character of ASCII in quotes, or `tab`          | `,`; a tab in the other type  |
/// | `decimal`   | `"."`, `","`                                      | `.`                           |
/// | `charset`   | UTF-8, UTF-16, ISO-8859-1 and a few near to these | UTF-8                         |
///
/// @param header whether the first row names the columns
/// @param delimiter the character between two cells
/// @param decimal the decimal mark of numbers
public record CsvDialect(boolean header, char delimiter, char decimal, Charset charset) {
  /// Comma-separated values with a header in UTF-8, as RFC 4180 has them.
  public static final CsvDialect RFC_4180 = new CsvDialect(true, ',', '.', StandardCharsets.UTF_8);

  /// The media type of comma-separated values.
  public static final String COMMAS = "text/csv";

  /// The media type of tab-separated values.
  public static final String TABS = "text/tab-separated-values";

  private static final List<String> CHARSETS =
      List.of(
          "UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "ISO-8859-15", "windows-1252");

  /// The dialect of a media type.
  ///
  /// @param mediaType without parameters
  /// @param parameters by name, in quotes or not; others than those above are passed over
  /// @throws UnknownDialect if the value of a parameter is not known
  public static CsvDialect of(String mediaType, Map<String, String> parameters) {
    char delimiter =
        unquoted(parameters, "delimiter")
            .map(CsvDialect::delimiter)
            .orElse(mediaType.equalsIgnoreCase(TABS) ? '\t' : ',');
    char decimal = unquoted(parameters, "decimal").map(CsvDialect::decimal).orElse('.');
    if (delimiter == decimal) {
      throw new UnknownDialect(
          "decimal=\""
              + decimal
              + "\" needs another delimiter, as in text/csv;delimiter=\";\";decimal=\""
              + decimal
              + "\".");
    }
    return new CsvDialect(
        unquoted(parameters, "header").map(CsvDialect::header).orElse(true),
        delimiter,
        decimal,
        unquoted(parameters, "charset").map(CsvDialect::charset).orElse(StandardCharsets.UTF_8));
  }

  private static Optional<String> unquoted(Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(value ->
            value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value);
  }

  private static boolean header(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "present" -> true;
      case "absent" -> false;
      default -> throw unknown("header", value, "present or absent");
    };
  }

  private static char delimiter(String value) {
    if (value.equals("\t") || value.equals("\\t") || value.equalsIgnoreCase("tab")) {
      return '\t';
    }
    String character = value.length() == 2 && value.startsWith("\\") ? value.substring(1) : value;
    if (character.length() != 1 || !mayDelimit(character.charAt(0))) {
      throw unknown(
          "delimiter",
          value,
          "tab, or one character of ASCII in quotes that is no letter, digit, quote, sign or point:"
              + " text/csv;delimiter=\";\"");
    }
    return character.charAt(0);
  }

  private static boolean mayDelimit(char c) {
    return c >= ' ' && c < 0x7f && !Character.isLetterOrDigit(c) && "\"+-.".indexOf(c) < 0;
  }

  private static char decimal(String value) {
    return switch (value) {
      case ".", "," -> value.charAt(0);
      default -> throw unknown("decimal", value, "\".\" or \",\"");
    };
  }

  private static Charset charset(String value) {
    String name =
        switch (value.toLowerCase(Locale.ROOT)) {
          case "us-ascii", "ascii", "utf-8-sig" -> "UTF-8";
          case "latin-1" -> "ISO-8859-1";
          case "utf-16-le" -> "UTF-16LE";
          case "utf-16-be" -> "UTF-16BE";
          default -> value;
        };
    for (String known : CHARSETS) {
      if (Charset.isSupported(known)) {
        Charset charset = Charset.forName(known);
        if (known.equalsIgnoreCase(name)
            || charset.aliases().stream().anyMatch(name::equalsIgnoreCase)) {
          return charset;
        }
      }
    }
    throw unknown("charset", value, String.join(", ", CHARSETS));
  }

  private static UnknownDialect unknown(String parameter, String value, String allowed) {
    return new UnknownDialect(
        "The parameter "
            + parameter
            + " of the media type is '"
            + value
            + "'; it must be "
            + allowed
            + ".");
  }

  /// The same dialect in another charset.
  public CsvDialect in(Charset other) {
    return new CsvDialect(header, delimiter, decimal, other);
  }

  /// The same dialect with another delimiter.
  public CsvDialect delimitedBy(char other) {
    return new CsvDialect(header, other, decimal, charset);
  }

  /// Whether the charset has every character there is.
  public boolean isUnicode() {
    return charset.name().startsWith("UTF-");
  }

  /// Whether the text is written in UTF-8.
  public boolean isUtf8() {
    return charset.equals(StandardCharsets.UTF_8);
  }

  /// The media type with the parameters that are not the default.
  public String mediaType() {
    StringBuilder type = new StringBuilder(delimiter == '\t' ? TABS : COMMAS);
    if (!header) {
      type.append(";header=absent");
    }
    if (delimiter != '\t' && delimiter != ',') {
      type.append(";delimiter=\"").append(delimiter == '\\' ? "\\" : "").append(delimiter);
      type.append('"');
    }
    if (decimal != '.') {
      type.append(";decimal=\"").append(decimal).append('"');
    }
    if (!isUtf8()) {
      type.append(";charset=").append(charset.name().toLowerCase(Locale.ROOT));
    }
    return type.toString();
  }
}
