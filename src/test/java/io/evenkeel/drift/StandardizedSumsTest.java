package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The loops over several values at a time against the definition, value by value.
class StandardizedSumsTest {
  private static StandardizedSums sums(double mean, double inverse, double... values) {
    StandardizedSums sums = new StandardizedSums(new double[] {mean}, new double[] {inverse});
    sums.add(values, values.length, Arrays.stream(values).anyMatch(Double::isNaN));
    return sums;
  }

  /// Rows beside each other, a rest of rows, more than one strip, gaps, zeros.
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0",
    "1, 1000, 0.1",
    "3, 85, 0",
    "64, 100, 0",
    "64, 3, 0.2",
    "64, 101, 0.2",
    "600, 7, 0",
    "1500, 5, 0.1"
  })
  void theyAreThoseOfTheDefinition(int features, int rows, double gaps) {
    Random random = new Random(features + rows);
    double[] mean = random.doubles(features, -2, 2).toArray();
    double[] inverse = random.doubles(features, 0.5, 3).toArray();
    mean[0] = 0;
    double[] values = new double[rows * features];
    for (int i = 0; i < values.length; i++) {
      double x = random.nextInt(10) == 0 ? -0.0 : random.nextGaussian();
      values[i] = random.nextDouble() < gaps ? Double.NaN : x;
    }
    StandardizedSums found = new StandardizedSums(mean, inverse);
    found.add(values, rows, gaps > 0);
    byte[] cells = found.cells(values, rows, row -> rows - 1 - row, gaps > 0);
    for (int j = 0; j < features; j++) {
      double sum = 0;
      double square = 0;
      double deviation = 0;
      int missing = 0;
      int zeros = 0;
      for (int i = 0; i < rows; i++) {
        double x = values[i * features + j];
        double z = (x - mean[j]) * inverse[j];
        missing += Double.isNaN(x) ? 1 : 0;
        zeros += x == 0 ? 1 : 0;
        sum += Double.isNaN(x) ? 0 : z;
        square += Double.isNaN(x) ? 0 : z * z;
        deviation += Double.isNaN(x) ? 0 : Math.min(3, Math.abs(z));
        // bins of half a deviation from −4 to 4
        int bin = (int) Math.clamp(Math.floor(2 * z) + 8, 0, 15);
        assertThat(cells[(rows - 1 - i) * features + j])
            .isEqualTo((byte) (Double.isNaN(x) ? -1 : bin));
      }
      assertThat(found.missing[j]).isEqualTo(missing);
      assertThat(rows - found.nonzero[j]).isEqualTo(zeros);
      assertThat(found.sum[j]).isCloseTo(sum, within(1e-12 * rows));
      assertThat(found.deviation[j]).isCloseTo(deviation, within(1e-12 * rows));
      assertThat(found.square[j]).isCloseTo(square, within(1e-12 * (1 + square)));
    }
  }

  @Test
  void onlyZeroIsZeroHoweverSmallOrLargeOthersAre() {
    double[] others = {Double.MIN_VALUE, -Double.MIN_VALUE, 1e-300, -1e-9, 1, 1e300, -1e308};
    assertThat(sums(0, 1, others).nonzero[0]).isEqualTo(others.length);
    assertThat(sums(0, 1, 0.0, -0.0, 0.0).nonzero[0]).isZero();
  }

  /// A missing value is not a zero, also if the mean is 0, which stands in its place.
  @Test
  void aMissingValueAddsNothing() {
    StandardizedSums found = sums(0, 1, Double.NaN, 0, 3, Double.NaN);
    assertThat(found.missing[0]).isEqualTo(2);
    assertThat(found.nonzero[0]).isEqualTo(3);
    assertThat(found.sum[0]).isEqualTo(3);
    assertThat(found.square[0]).isEqualTo(9);
    assertThat(found.deviation[0]).isEqualTo(3);
  }

  /// Standardised values are limited to a million, those that would be infinite, too.
  @Test
  void valuesFarAwayAreLimited() {
    StandardizedSums found = sums(1, 2, 1e300, 3, Double.MAX_VALUE, Double.NaN);
    assertThat(found.sum[0]).isEqualTo(2_000_004);
    assertThat(found.square[0]).isEqualTo(2e12 + 16);
    assertThat(found.deviation[0]).isEqualTo(9);
    assertThat(found.missing[0]).isEqualTo(1);
    assertThat(found.nonzero[0]).isEqualTo(4);
    assertThat(sums(1, 2, -Double.MAX_VALUE).sum[0]).isEqualTo(-1e6);
    assertThat(sums(0, 1, 1e6, 1e6).square[0]).isEqualTo(2e12);
  }

  @Test
  void theOutermostBinsAreOpen() {
    StandardizedSums one = new StandardizedSums(new double[] {0}, new double[] {1});
    double[] values = {-Double.MAX_VALUE, -4.01, -4, -3.5, -1e-9, 0, 3.49, 3.5, 3.99, 4, 1e300};
    assertThat(one.cells(values, values.length, row -> row, false))
        .containsExactly(0, 0, 0, 1, 7, 8, 14, 15, 15, 15, 15);
  }
}
