package io.evenkeel.codec.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The parameters of the media types of CSV.
class CsvDialectTest {
  private static CsvDialect with(String parameter, String value) {
    return CsvDialect.of("text/csv", Map.of(parameter, value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\";\"|;",
        "\"\\;\"|;",
        "\",\"|,",
        "`\"|\"`|`|`",
        "`|`|`|`",
        "\":\"|:",
        "~|~",
        "^|^",
        "#|#",
        "\"\\\\\"|\\",
        "`\" \"`|` `"
      })
  void aDelimiterIsOneCharacterInQuotesOrNot(String value, char delimiter) {
    CsvDialect dialect = with("delimiter", value);
    assertThat(dialect.delimiter()).isEqualTo(delimiter);
    assertThat(dialect).isEqualTo(CsvDialect.RFC_4180.delimitedBy(delimiter));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tab", "TAB", "\"tab\"", "\\t", "\"\\t\"", "\"\t\""})
  void aTabHasSomeSpellings(String value) {
    assertThat(with("delimiter", value).delimiter()).isEqualTo('\t');
    assertThat(with("delimiter", value).mediaType()).isEqualTo("text/tab-separated-values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "x", "7", "\"\"\"", "ab", ".", "-", "+", "\u0001", "é", "\n"})
  void aDelimiterThatACellNeedsIsUnknown(String value) {
    UnknownDialect unknown =
        catchThrowableOfType(UnknownDialect.class, () -> with("delimiter", value));
    assertThat(unknown.detail()).contains("delimiter", "text/csv;delimiter=\";\"");
  }

  @ParameterizedTest
  @CsvSource({
    "utf-8, UTF-8",
    "UTF8, UTF-8",
    "us-ascii, UTF-8",
    "utf-8-sig, UTF-8",
    "\"utf-16\", UTF-16",
    "utf-16le, UTF-16LE",
    "utf-16-le, UTF-16LE",
    "UTF-16BE, UTF-16BE",
    "iso-8859-1, ISO-8859-1",
    "latin1, ISO-8859-1",
    "Latin-1, ISO-8859-1",
    "L1, ISO-8859-1",
    "cp1252, windows-1252",
    "windows-1252, windows-1252",
    "latin9, ISO-8859-15"
  })
  void aCharsetHasItsUsualNames(String value, String name) {
    assertThat(with("charset", value).charset().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "charset, koi8-r, ISO-8859-1",
    "charset, utf-7, UTF-16",
    "header, maybe, present or absent",
    "header, '', present or absent",
    "decimal, ;, must be",
    "decimal, '\",\"', needs another delimiter"
  })
  void anUnknownValueIsRefusedWithThoseThatAreKnown(String parameter, String value, String told) {
    UnknownDialect unknown =
        catchThrowableOfType(UnknownDialect.class, () -> with(parameter, value));
    assertThat(unknown.detail()).contains(parameter, told);
  }

  @Test
  void aMediaTypeTellsTheWholeDialect() {
    assertThat(CsvDialect.RFC_4180.mediaType()).isEqualTo("text/csv");
    CsvDialect odd = new CsvDialect(false, ';', ',', StandardCharsets.ISO_8859_1);
    assertThat(odd.mediaType())
        .isEqualTo("text/csv;header=absent;delimiter=\";\";decimal=\",\";charset=iso-8859-1");
    assertThat(CsvDialect.of("text/tab-separated-values", Map.of("decimal", "\",\"")))
        .isEqualTo(new CsvDialect(true, '\t', ',', StandardCharsets.UTF_8));
    assertThat(with("profile", "x")).isEqualTo(CsvDialect.RFC_4180);
  }
}
