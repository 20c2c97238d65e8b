package io.evenkeel.batchnorm;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.batchnorm.moments.ExactMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same rows, cut into batches in any way, give the same cumulative statistics.
class CuttingTest {
  private static final int ROWS = 5000;
  private static final int FEATURES = 5;
  private static final double[] DATA = data();

  /// An easy feature, one with a large offset, one of heavy tails, one that drifts, and one that
  /// begins with an outlier.
  private static double[] data() {
    Random random = new Random(20261123);
    double[] x = new double[ROWS * FEATURES];
    for (int i = 0; i < ROWS; i++) {
      int at = i * FEATURES;
      x[at] = random.nextGaussian();
      x[at + 1] = 1e9 + random.nextGaussian();
      x[at + 2] = Math.exp(3 * random.nextGaussian());
      x[at + 3] = i + random.nextGaussian();
      x[at + 4] = i == 0 ? 1e12 : random.nextGaussian();
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 1000, 4999, 5000})
  void cuttingDoesNotMatter(int largest) {
    Random random = new Random(largest);
    FeatureMoments sum = FeatureMoments.none(FEATURES);
    for (int row = 0; row < ROWS; ) {
      int end = Math.min(ROWS, row + 1 + random.nextInt(largest));
      double[] part = Arrays.copyOfRange(DATA, row * FEATURES, end * FEATURES);
      sum = sum.plus(FeatureMoments.of(FeatureBatch.of(FEATURES, part)));
      row = end;
    }
    FeatureBatch whole = FeatureBatch.of(FEATURES, DATA);
    for (int j = 0; j < FEATURES; j++) {
      ExactMoments exact = ExactMoments.of(whole, j);
      double meanError = exact.meanError(sum.mean(j), sum.meanLow(j));
      assertTrue(meanError < 1e-13, "mean " + j + " off by " + meanError + " deviations");
      within(1e-13, 0)
          .check("variance " + j, sum.variance(j, VarianceEstimator.BIASED), exact.variance());
      assertEquals(ROWS, sum.weight(j));
      assertEquals(exact.min(), sum.min(j));
      assertEquals(exact.max(), sum.max(j));
    }
  }
}
