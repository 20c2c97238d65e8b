package io.evenkeel.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 6901: `~` is `~0` and `/` is `~1` (section 3), then percent-encoded as a URI fragment
/// (section 6).
class PointersTest {

  /// The last column of the table in RFC 6901, section 6, where its key needs escaping.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "foo, foo",
        "a/b, a~1b",
        "c%d, c%25d",
        "e^f, e%5Ef",
        "g|h, g%7Ch",
        "i\\j, i%5Cj",
        "k\"l, k%22l",
        "m~n, m~0n",
        "~1, ~01",
        "a b, a%20b",
        "é, %C3%A9",
        "😀, %F0%9F%98%80",
        "#, %23",
        "a+b, a%2Bb"
      })
  void aKeyIsEscapedAsAFragment(String key, String escaped) {
    assertThat(Pointers.escape(key)).isEqualTo(escaped);
  }

  @Test
  void anEmptyKeyIsEmpty() {
    assertThat(Pointers.escape("")).isEmpty();
  }

  @Test
  void positionsCountRowsAndFeatures() {
    assertThat(Pointers.POSITIONS.row(5_000_000_000L)).isEqualTo("#/rows/5000000000");
    assertThat(Pointers.POSITIONS.cell(3, 1)).isEqualTo("#/rows/3/1");
  }
}
