package io.evenkeel.drift.significance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What looks may spend of a probability of 0.01 a day.
class ErrorSpendingTest {
  private static final long HOUR = 3_600_000;
  private static final long DAY = 24 * HOUR;

  private final ErrorSpending spending = new ErrorSpending(0.01, 0);

  private double spent(long from, long to, long step) {
    double sum = 0;
    for (long now = from; now < to; now += step) {
      sum += spending.next(now);
    }
    return sum;
  }

  /// By hand: 0.005 · 100 / (100 · 101), then 0.005 · 100 / (101 · 102) and a minute of 25 hours.
  @Test
  void theFirstLookMaySpendMost() {
    assertThat(spending.next(0)).isCloseTo(0.005 / 101, within(1e-17));
    assertThat(spending.next(60_000)).isCloseTo(0.5 / 10_302 + 0.005 / 1_500, within(1e-17));
  }

  /// By hand: k looks at once spend 0.005 · (1 − 100 / (100 + k)).
  @Test
  void anyNumberOfLooksAtOnceSpendHalf() {
    double sum = 0;
    for (int i = 0; i < 1_000_000; i++) {
      sum += spending.next(0);
    }
    assertThat(sum).isCloseTo(0.005 * (1 - 100 / 1_000_100.0), within(1e-12));
  }

  /// Whenever a day begins, and however often one looks in it, also after hours without a look.
  @ParameterizedTest
  @CsvSource({"100, 0", "60000, 0", "10000, 60000", "7200000, 60000", "604800000, 1000"})
  void noDaySpendsMoreThanAll(long stepBefore, long pause) {
    double first = spent(0, DAY, stepBefore);
    assertThat(first).isLessThanOrEqualTo(0.01);
    assertThat(spent(DAY + pause, 2 * DAY + pause, 1_000)).isLessThanOrEqualTo(0.01);
    assertThat(spent(3 * DAY + pause, 4 * DAY + pause, 10_000)).isBetween(0.0049, 0.0051);
  }

  @Test
  void aClockThatIsSetBackGivesNothing() {
    spending.next(HOUR);
    double without = spending.next(0);
    assertThat(without).isCloseTo(0.5 / 10_302, within(1e-17));
    assertThat(spending.next(60_000)).isGreaterThan(without);
  }
}
