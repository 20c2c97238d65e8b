package io.evenkeel.batchnorm.moments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Batches whose number of rows lies anywhere around the lengths at which the kernel begins a new
/// block or lays another number of rows side by side. Values and weights are small whole numbers,
/// so that weight, extremes and F are exact and the mean is the nearest double.
class BlockEdgesTest {
  private static final double NAN = Double.NaN;

  static IntStream widths() {
    return IntStream.of(
        1, 2, 3, 5, 7, 8, 16, 30, 31, 33, 63, 64, 65, 85, 86, 100, 127, 128, 129, 255, 256, 257,
        511, 512, 513, 700);
  }

  /// Every remainder around the first three blocks of `32 g` rows and the tile's `g` rows.
  private static IntStream rows(int features) {
    int groups = Integer.highestOneBit(Math.max(1, 256 / features));
    int block = 32 * groups;
    IntStream remainders =
        IntStream.of(1, 2, 3)
            .flatMap(k ->
                IntStream.rangeClosed(-2, groups + 1)
                    .filter(r -> groups <= 32 || r < 4 || r > groups - 3 || r % 37 == 0)
                    .map(r -> k * block + r));
    return IntStream.concat(IntStream.rangeClosed(1, Math.min(40, 2 * groups + 1)), remainders);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void momentsAndExtremesAreExactAroundEveryBlock(int features) {
    rows(features).forEach(rows -> check(rows, features));
  }

  private static void check(int rows, int features) {
    Random random = new Random(31L * rows + features);
    double[] x = new double[rows * features];
    Arrays.setAll(x, _ -> random.nextInt(-100, 100));
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    double[] weights = new double[rows];
    Arrays.setAll(weights, _ -> random.nextInt(4));
    weights[random.nextInt(rows)] = 2;
    double[] oneGap = x.clone();
    oneGap[random.nextInt(x.length)] = NAN;
    double[] gaps = x.clone();
    Arrays.setAll(gaps, i -> random.nextInt(4) == 0 ? NAN : x[i]);
    check(FeatureBatch.of(rows, features, x, null), "plain");
    check(FeatureBatch.of(rows, features, x, ones), "weights of 1");
    check(FeatureBatch.of(rows, features, x, weights), "weights");
    check(FeatureBatch.of(rows, features, oneGap, null), "one gap");
    check(FeatureBatch.of(rows, features, gaps, null), "gaps");
    check(FeatureBatch.of(rows, features, gaps, weights), "weights and gaps");
  }

  private static void check(FeatureBatch batch, String what) {
    FeatureMoments moments = FeatureMoments.of(batch);
    for (int j = 0; j < batch.features(); j++) {
      long weight = 0;
      long squares = 0;
      long first = 0;
      long second = 0;
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < batch.rows(); i++) {
        double value = batch.values()[i * batch.features() + j];
        long w = (long) batch.weight(i);
        if (!Double.isNaN(value) && w > 0) {
          weight += w;
          squares += w * w;
          first += w * (long) value;
          second += w * (long) value * (long) value;
          min = Math.min(min, value);
          max = Math.max(max, value);
        }
      }
      String where = what + ", " + batch.rows() + " x " + batch.features() + ", feature " + j;
      assertEquals(weight, moments.weight(j), where);
      assertEquals(min, moments.min(j), where);
      assertEquals(max, moments.max(j), where);
      if (weight > 0) {
        double n = weight;
        assertEquals(first / n, moments.mean(j), 1e-12, where);
        assertEquals(
            (second * n - (double) first * first) / n, moments.m2(j), 1e-12 * second, where);
        assertEquals((n * n - squares) / n, moments.freedom(j), 1e-14 * n, where);
      }
    }
  }
}
