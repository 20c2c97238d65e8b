package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The level of a series of groups, and how much it scatters.
class GroupSeriesTest {
  private final GroupSeries series = new GroupSeries(2);

  private void add(double... values) {
    for (int i = 0; i < values.length; i++) {
      series.add(1, i, values[i], 0);
    }
  }

  /// numpy 2.4.6: `np.mean(x), np.var(x, ddof=1)`.
  @Test
  void upToTwelveGroupsLevelAndScatterAreMeanAndVariance() {
    add(1, 4, 2, 8, 5, 7, 1, 1, 3, 9, 2, 6);
    assertThat(series.level(1)).isCloseTo(4.083333333333333, within(1e-14));
    assertThat(series.scatter(1)).isCloseTo(8.265151515151514, within(1e-13));
    assertThat(series.level(0)).isZero();
  }

  /// By hand: twelve zeros, then 12 moves the level by 12/12; the next 1 does not move it.
  @Test
  void afterTwelveGroupsEachCountsATwelfth() {
    for (int i = 0; i < 12; i++) {
      series.add(0, i, 0, 0);
    }
    series.add(0, 12, 12, 1e6);
    assertThat(series.level(0)).isEqualTo(1);
    series.add(0, 13, 1, 1e6);
    assertThat(series.level(0)).isEqualTo(1);
  }

  /// The limit by hand: 4 sqrt(least (1 + 1/12)), a twelfth of it.
  @Test
  void oneWildGroupMovesTheLevelByAThirdOfTheScatter() {
    for (int i = 0; i < 12; i++) {
      series.add(0, i, 0, 0.01);
    }
    series.add(0, 12, -1e6, 0.01);
    assertThat(series.level(0)).isCloseTo(-4 * 0.1 * Math.sqrt(13.0 / 12) / 12, within(1e-15));
  }

  /// Sums of squares of the weights, by numpy 2.4.6 from the weights themselves.
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "5, 0.2",
    "12, 0.08333333333333333",
    "13, 0.07696759259259257",
    "20, 0.053383537956690985",
    "200, 0.04347826086956543"
  })
  void theWeightsTendToThoseOfAMovingAverage(int groups, double squares) {
    assertThat(GroupSeries.weights(groups)).isCloseTo(squares, within(1e-15));
  }
}
