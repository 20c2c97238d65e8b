package io.evenkeel.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How numbers are written in sentences: as a person writes them.
class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "1.0, 1",
    "-1.0, -1",
    "0.0, 0",
    "-0.0, 0",
    "0.5, 0.5",
    "212.25, 212.25",
    "0.001, 0.001",
    "1.0E-5, 1e-5",
    "1.5E-7, 1.5e-7",
    "4.9E-324, 4.9e-324",
    "1.0E7, 10000000",
    "12345678.5, 12345678.5",
    "9007199254740992, 9.007199254740992e15",
    "999999999999999, 999999999999999",
    "1.0E15, 1e15",
    "1.0E25, 1e25",
    "-2.5E300, -2.5e300",
    "1.7976931348623157E308, 1.7976931348623157e308",
    "NaN, NaN",
    "Infinity, Infinity",
    "-Infinity, -Infinity"
  })
  void aNumberIsWrittenAsAPersonWritesIt(double x, String written) {
    assertThat(Numbers.plain(x)).isEqualTo(written);
    if (Double.isFinite(x)) {
      assertThat(Double.parseDouble(Numbers.plain(x))).isEqualTo(x + 0.0);
    }
  }
}
