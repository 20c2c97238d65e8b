package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The level of a series of groups, and how much it scatters.
class GroupSeriesTest {
  private final GroupSeries series = new GroupSeries(2);

  private int groups;
  private double q;

  private void add(int feature, double value, double least) {
    double gain = GroupSeries.gain(groups, q, 12);
    series.add(feature, groups, q, gain, value, least);
    q = GroupSeries.weights(q, gain);
    groups++;
  }

  /// numpy 2.4.6: `np.mean(x), np.var(x, ddof=1)`.
  @Test
  void upToTwelveGroupsLevelAndScatterAreMeanAndVariance() {
    for (double value : new double[] {1, 4, 2, 8, 5, 7, 1, 1, 3, 9, 2, 6}) {
      add(1, value, 0);
    }
    assertThat(series.level(1)).isCloseTo(4.083333333333333, within(1e-14));
    assertThat(series.scatter(1)).isCloseTo(8.265151515151514, within(1e-13));
    assertThat(series.level(0)).isZero();
  }

  /// By hand: twelve zeros, then 12 moves the level by 12/12; the next 1 does not move it.
  @Test
  void afterTwelveGroupsEachCountsATwelfth() {
    for (int i = 0; i < 12; i++) {
      add(0, 0, 0);
    }
    add(0, 12, 1e6);
    assertThat(series.level(0)).isEqualTo(1);
    add(0, 1, 1e6);
    assertThat(series.level(0)).isEqualTo(1);
  }

  /// The limit by hand: 4 sqrt(least (1 + 1/12)), a twelfth of it.
  @Test
  void oneWildGroupMovesTheLevelByAThirdOfTheScatter() {
    for (int i = 0; i < 12; i++) {
      add(0, 0, 0.01);
    }
    add(0, -1e6, 0.01);
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
    for (int i = 0; i < groups; i++) {
      add(0, 1, 0);
    }
    assertThat(q).isCloseTo(squares, within(1e-15));
  }

  /// By hand: with a memory of 4 the weights tend to q = (3/4)² q + 1/16, hence 1/7; back at 12 the
  /// next group gets the weight of a mean of 7 groups and one, 1/8, and q becomes 1/8.
  @Test
  void aLevelThatCoversMoreGroupsThanBeforeGrowsByOneAGroup() {
    double squares = 1;
    for (int i = 1; i < 100; i++) {
      squares = GroupSeries.weights(squares, GroupSeries.gain(i, squares, 4));
    }
    assertThat(squares).isCloseTo(1 / 7.0, within(1e-15));
    double gain = GroupSeries.gain(100, squares, 12);
    assertThat(gain).isCloseTo(1 / 8.0, within(1e-15));
    assertThat(GroupSeries.weights(squares, gain)).isCloseTo(1 / 8.0, within(1e-15));
  }
}
