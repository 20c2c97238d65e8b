package io.evenkeel.batchnorm.moments;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The loops of [FeatureMoments#of] against exact arithmetic, over the shapes at which they change
/// their course.
class MomentsOfShapesTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 1",
    "3, 1",
    "511, 1",
    "512, 1",
    "513, 1",
    "5000, 1",
    "1, 3",
    "2, 3",
    "170, 3",
    "171, 3",
    "1500, 3",
    "2000, 4",
    "129, 4",
    "100, 7",
    "1, 64",
    "7, 64",
    "8, 64",
    "9, 64",
    "100, 64",
    "333, 65",
    "5, 300",
    "40, 511",
    "40, 512",
    "17, 513",
    "9, 1024",
    "9, 1025",
    "3, 2048",
    "9, 2500",
    "2, 5000",
    "255, 1",
    "256, 1",
    "257, 1",
    "16, 16",
    "17, 16",
    "2100, 64",
    "70000, 1"
  })
  void momentsAreExactForEveryShape(int rows, int features) {
    check(batch(rows, features, false, 0, rows * 31L + features));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "700, 1", "3000, 3", "50, 64", "100, 30", "20, 513", "12, 1100", "3, 2500"})
  void weightedMomentsAreExactForEveryShape(int rows, int features) {
    check(batch(rows, features, true, 0, rows));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "700, 1", "3000, 3", "50, 64", "100, 30", "20, 513", "12, 1100", "3, 2500"})
  void momentsWithMissingValuesAreExactForEveryShape(int rows, int features) {
    check(batch(rows, features, false, 0.3, rows));
    check(batch(rows, features, true, 0.05, rows + 1L));
    check(batch(rows, features, true, 0.97, rows + 2L));
  }

  /// Data made against the kernel: where its blocks begin (after 1, 16, 256, .. rows) the level
  /// moves by a million deviations, so that each block lies far from the mean of those before it.
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64})
  void levelThatJumpsWithEachBlockCostsNoDigits(int features) {
    Random random = new Random(features);
    double[] x = new double[5000 * features];
    for (int i = 0; i < x.length; i++) {
      int row = i / features;
      int level = row == 0 ? 0 : row < 16 ? 1 : row < 256 ? -3 : row < 4096 ? 9 : -27;
      x[i] = 1e6 * level + random.nextGaussian();
    }
    check(FeatureBatch.of(features, x));
  }

  static IntStream seeds() {
    return IntStream.range(0, 40);
  }

  /// Random shapes, offsets, scales, weights and gaps, by seed.
  @ParameterizedTest
  @MethodSource("seeds")
  void momentsAreExactForRandomBatches(int seed) {
    Random random = new Random(seed);
    int features = 1 + random.nextInt(random.nextBoolean() ? 8 : 90);
    int rows = 1 + random.nextInt(1 + 6000 / features);
    double missing = random.nextInt(3) == 0 ? random.nextDouble() : 0;
    check(batch(rows, features, random.nextBoolean(), missing, seed));
  }

  @Test
  void sameBatchGivesTheSameBits() {
    FeatureBatch batch = batch(777, 13, false, 0, 1);
    FeatureMoments once = FeatureMoments.of(batch);
    for (int i = 0; i < 50; i++) {
      assertEquals(once, FeatureMoments.of(batch));
    }
  }

  /// A wide matrix is read strip by strip. Each feature has the same bits if it is one of 129,
  /// which are a single strip with one row in it.
  @ParameterizedTest
  @CsvSource({"20, 257", "300, 300", "700, 513", "1300, 1024", "60, 1025", "21, 2500"})
  void stripsMakeNoDifferenceToAnyBit(int rows, int features) {
    FeatureBatch wide = batch(rows, features, false, 0, features);
    FeatureMoments whole = FeatureMoments.of(wide);
    int width = 129;
    for (int from = 0; from < features; from = Math.min(from + width, features)) {
      int first = Math.min(from, features - width);
      double[] x = new double[rows * width];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(wide.values(), row * features + first, x, row * width, width);
      }
      FeatureMoments narrow = FeatureMoments.of(FeatureBatch.of(width, x));
      for (int j = 0; j < width; j++) {
        assertEquals(bits(narrow, j), bits(whole, first + j), "feature " + (first + j));
      }
    }
  }

  private static List<Double> bits(FeatureMoments m, int j) {
    return List.of(m.mean(j), m.meanLow(j), m.m2(j), m.min(j), m.max(j));
  }

  /// What lies behind the last row of a longer array belongs to nobody.
  @Test
  void arrayMayBeLongerThanTheBatch() {
    FeatureBatch batch = batch(37, 5, false, 0, 2);
    double[] longer = Arrays.copyOf(batch.values(), 1000);
    Arrays.fill(longer, 37 * 5, 1000, Double.NaN);
    assertEquals(FeatureMoments.of(batch), FeatureMoments.of(FeatureBatch.of(37, 5, longer, null)));
  }

  /// Features of different offset and spread side by side; the spread never below 2⁻³⁰ of the
  /// offset.
  private static FeatureBatch batch(
      int rows, int features, boolean weighted, double missing, long seed) {
    Random random = new Random(seed);
    double[] x = new double[rows * features];
    for (int j = 0; j < features; j++) {
      double offset = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(10));
      double spread = Math.max(Math.abs(offset) * 1e-9, Math.pow(10, random.nextInt(5) - 3));
      boolean outlierFirst = random.nextInt(7) == 0;
      boolean drifting = random.nextInt(7) == 0;
      for (int i = 0; i < rows; i++) {
        double z = random.nextGaussian() + (drifting ? i : 0);
        x[i * features + j] = offset + spread * (outlierFirst && i == 0 ? 1e6 : z);
        if (random.nextDouble() < missing) {
          x[i * features + j] = Double.NaN;
        }
      }
    }
    double[] weights = weighted ? new double[rows] : null;
    for (int i = 0; weighted && i < rows; i++) {
      weights[i] = random.nextInt(5) == 0 ? 0 : Math.exp(4 * random.nextGaussian());
    }
    return FeatureBatch.of(rows, features, x, weights);
  }

  private static void check(FeatureBatch batch) {
    FeatureMoments moments = FeatureMoments.of(batch);
    int step = Math.max(1, batch.features() * batch.rows() / 20000);
    for (int j = 0; j < batch.features(); j += j + step < batch.features() ? step : 1) {
      ExactMoments exact = ExactMoments.of(batch, j);
      within(1e-14, 0).check("weight " + j, moments.weight(j), exact.weight().doubleValue());
      assertEquals(exact.min(), moments.min(j), "min " + j);
      assertEquals(exact.max(), moments.max(j), "max " + j);
      if (exact.weight().signum() == 0) {
        assertEquals(0, moments.m2(j));
        continue;
      }
      within(2e-14, 0).check("m2 " + j, moments.m2(j), exact.m2().doubleValue());
      double error = exact.meanError(moments.mean(j), moments.meanLow(j));
      assertTrue(error < 1e-14, "mean " + j + " is off by " + error + " deviations");
      assertTrue(Math.abs(moments.meanLow(j)) <= Math.ulp(moments.mean(j)) / 2);
    }
  }
}
