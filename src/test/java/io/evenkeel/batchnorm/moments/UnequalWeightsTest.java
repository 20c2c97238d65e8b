package io.evenkeel.batchnorm.moments;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.batchnorm.Closeness;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The unbiased variance where weights differ by many orders of magnitude, against exact
/// arithmetic.
class UnequalWeightsTest {
  private static final MathContext DIGITS = new MathContext(400);

  /// M2 / (W − Q/W) without rounding.
  private static double exact(FeatureBatch batch) {
    BigDecimal weight = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (int i = 0; i < batch.rows(); i++) {
      BigDecimal w = new BigDecimal(batch.weight(i));
      weight = weight.add(w);
      squares = squares.add(w.multiply(w));
    }
    BigDecimal freedom = weight.subtract(squares.divide(weight, DIGITS));
    return ExactMoments.of(batch, 0).m2().divide(freedom, DIGITS).doubleValue();
  }

  private static void check(double[] x, double[] weights) {
    FeatureBatch whole = FeatureBatch.of(x.length, 1, x, weights);
    double exact = exact(whole);
    within(1e-12, 0)
        .check("whole", FeatureMoments.of(whole).variance(0, VarianceEstimator.UNBIASED), exact);
    FeatureMoments rows = FeatureMoments.none(1);
    for (int i = 0; i < x.length; i++) {
      rows =
          rows.plus(
              FeatureMoments.of(
                  FeatureBatch.of(1, 1, new double[] {x[i]}, new double[] {weights[i]})));
    }
    within(1e-12, 0).check("row by row", rows.variance(0, VarianceEstimator.UNBIASED), exact);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-1, 1e-5, 1e-10, 1e-16, 1e-30, 1e-60, 1e-100})
  void unbiasedVarianceKeepsItsDigitsHoweverUnequalTheWeightsAre(double small) {
    check(new double[] {1, 2}, new double[] {1, small});
    check(new double[] {1, 2, 4}, new double[] {small, 1, small});
    check(new double[] {1, 2, 4, -3}, new double[] {small, small, small, 1});
    check(new double[] {1, 2, 4, -3}, new double[] {1 / small, small, 1, 1});
  }

  @Test
  void soItIsForRandomWeights() {
    Random random = new Random(5);
    for (int n : new int[] {2, 3, 10, 100, 1000}) {
      double[] x = random.doubles(n, -1, 1).toArray();
      double[] weights = new double[n];
      Arrays.setAll(weights, _ -> Math.pow(10, random.nextDouble(-40, 40)));
      check(x, weights);
    }
  }

  /// By hand: the first row weighs nothing, and 1, 4, 6.5, 8 of weight 1 have mean 4.875 and M2 = 1
  /// + 16 + 42.25 + 64 − 4 · 4.875².
  @Test
  void hugeFirstValueOfTinyWeightCostsNoDigits() {
    FeatureBatch batch =
        FeatureBatch.of(5, 1, new double[] {1e25, 1, 4, 6.5, 8}, new double[] {1e-60, 1, 1, 1, 1});
    FeatureMoments moments = FeatureMoments.of(batch);
    Closeness.checkUlps("mean", moments.mean(0), 4.875, 1);
    within(1e-14, 0).check("m2", moments.m2(0), 28.1875 + 1e-10);
  }

  /// n − 1 is exact for weights of 1, however the rows are cut and however many they are.
  @Test
  void degreesOfFreedomOfWeightsOfOneAreExact() {
    FeatureMoments sum = FeatureMoments.none(1);
    FeatureMoments part = FeatureMoments.of(FeatureBatch.of(1, 1, 2, 3, 4, 5, 6, 7));
    long n = 0;
    for (int k = 0; k < 49; k++) {
      sum = sum.plus(part);
      n += (long) part.weight(0);
      assertEquals(n - 1, sum.freedom(0));
      part = k % 2 == 0 ? sum.plus(part) : part;
    }
  }
}
