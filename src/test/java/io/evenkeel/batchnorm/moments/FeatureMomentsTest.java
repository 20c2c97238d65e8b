package io.evenkeel.batchnorm.moments;

import static io.evenkeel.batchnorm.Closeness.checkUlps;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Moments at their edges, and merging.
class FeatureMomentsTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void noRowsHaveTheMomentsOfNoValue() {
    FeatureMoments none = FeatureMoments.of(FeatureBatch.of(0, 3, new double[0], null));
    assertEquals(FeatureMoments.none(3), none);
    assertFalse(none.hasValue(0));
    assertEquals(0, none.mean(2));
    assertEquals(INF, none.min(1));
    assertEquals(-INF, none.max(1));
    assertEquals(-1, none.firstNotFinite());
    assertEquals(0, FeatureMoments.of(FeatureBatch.of(4, 0, new double[0], null)).features());
  }

  @Test
  void oneRowHasNoSpread() {
    FeatureMoments one = moments(0.1);
    assertEquals(0.1, one.mean(0));
    assertEquals(0, one.m2(0));
    assertEquals(0, one.variance(0, VarianceEstimator.BIASED));
    assertTrue(Double.isNaN(one.variance(0, VarianceEstimator.UNBIASED)));
    assertEquals(1, one.meanAndVariance(VarianceEstimator.UNBIASED).variance(0));
  }

  /// Its unbiased variance is 0/0 whatever the weight, and must not become 0 by rounding.
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 1.0 / 3, 0.7, 1.1, 1e-9, 123.456, 1e100})
  void oneRowOfAnyWeightHasNoUnbiasedVariance(double weight) {
    FeatureMoments one =
        FeatureMoments.of(FeatureBatch.of(1, 1, new double[] {5}, new double[] {weight}));
    assertTrue(Double.isNaN(one.variance(0, VarianceEstimator.UNBIASED)));
  }

  /// The widest batch the service takes: each feature must come out at its own place.
  @Test
  void widestBatchKeepsItsFeaturesApart() {
    int features = 65536;
    double[] x = new double[3 * features];
    Arrays.setAll(x, i -> (i % features) + (i / features)); // j, j + 1, j + 2
    FeatureMoments wide = FeatureMoments.of(FeatureBatch.of(features, x));
    for (int j = 0; j < features; j++) {
      assertEquals(j + 1, wide.mean(j));
      assertEquals(2, wide.m2(j));
      assertEquals(j, wide.min(j));
      assertEquals(j + 2, wide.max(j));
      assertEquals(3, wide.weight(j));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1000", "1e300, 10", "-7e-300, 77", "1e15, 100000", "-0.0, 3"})
  void constantFeatureHasExactlyItsValueAndNoVariance(double value, int rows) {
    double[] x = new double[rows];
    Arrays.fill(x, value);
    FeatureMoments constant = moments(x).plus(moments(x));
    assertEquals(value, constant.mean(0), 0.0);
    assertEquals(0, constant.m2(0));
    assertEquals(value, constant.max(0), 0.0);
  }

  /// Exact by hand: deviations −1, 0, 1 from 1e15, so M2 = 2; every number here is exact in binary.
  @Test
  void varianceSurvivesAMeanMuchLargerThanTheSpread() {
    FeatureMoments moments = moments(1e15 - 1, 1e15, 1e15 + 1);
    assertEquals(1e15, moments.mean(0));
    assertEquals(2, moments.m2(0));
  }

  /// Exact by hand: (1 ± 1e±150)-like scales, M2 = 2 s².
  @ParameterizedTest
  @ValueSource(doubles = {1e150, 1e-150, 0x1p500, 0x1p-500})
  void scaleDoesNotMatterWhileSquaresFit(double s) {
    FeatureMoments moments = moments(-s, 0, s);
    assertEquals(0, moments.mean(0));
    checkUlps("m2", moments.m2(0), 2 * s * s, 2);
    assertEquals(-1, moments.firstNotFinite());
  }

  @Test
  void squaresThatOverflowAreToldByTheFirstFeatureTheyConcern() {
    FeatureBatch batch = FeatureBatch.of(3, 1, 1e200, 1e200, 2, -1e200, -1e200);
    assertEquals(1, FeatureMoments.of(batch).firstNotFinite());
    assertEquals(0, moments(-1.7e308, 1.7e308).firstNotFinite());
    assertEquals(0, moments(1e300).plus(moments(-1e300)).firstNotFinite());
  }

  @Test
  void missingFeatureHasNoMomentsAndDisturbsNoOther() {
    double nan = Double.NaN;
    FeatureMoments moments = FeatureMoments.of(FeatureBatch.of(2, nan, 1, nan, 2, nan, 6));
    assertFalse(moments.hasValue(0));
    assertEquals(0, moments.weight(0));
    assertEquals(0, moments.mean(0));
    assertEquals(0, moments.m2(0));
    assertEquals(INF, moments.min(0));
    assertEquals(3, moments.mean(1));
    assertEquals(14, moments.m2(1));
    assertEquals(-1, moments.firstNotFinite());
  }

  @Test
  void rowsOfWeightZeroCountNowhere() {
    FeatureMoments with =
        FeatureMoments.of(
            FeatureBatch.of(4, 1, new double[] {1e12, 1, 3, -1e12}, new double[] {0, 1, 1, 0}));
    FeatureMoments without =
        FeatureMoments.of(FeatureBatch.of(2, 1, new double[] {1, 3}, new double[] {1, 1}));
    assertEquals(without, with);
    assertEquals(3, with.max(0));
  }

  @Test
  void noneIsTheIdentityOfPlusOnBothSides() {
    FeatureMoments some = FeatureMoments.of(FeatureBatch.of(2, 0.1, 3, 0.7, 4, 0.2, 9));
    FeatureMoments none = FeatureMoments.none(2);
    assertEquals(some, some.plus(none));
    assertEquals(some, none.plus(some));
    assertEquals(none, none.plus(none));
    assertNotEquals(some, some.plus(some));
  }

  @Test
  void plusIsCommutativeToTheLastBitForUnequalWeights() {
    Random random = new Random(5);
    for (int round = 0; round < 500; round++) {
      double offset = Math.pow(10, random.nextInt(12));
      FeatureMoments a = moments(values(random, 1 + random.nextInt(20), offset));
      FeatureMoments b = moments(values(random, 30 + random.nextInt(20), -offset));
      assertEquals(a.plus(b), b.plus(a));
    }
  }

  /// A fixed origin at the first row would leave no digit of the variance here. Exact by hand: the
  /// outlier and 2 k values ±1: mean a/(2k+1), M2 = 2k + a² 2k/(2k+1).
  @Test
  void outlierInTheFirstRowCostsNoDigits() {
    double a = 0x1p40;
    double[] x = new double[2001];
    Arrays.setAll(x, i -> i == 0 ? a : i % 2 == 0 ? 1 : -1);
    FeatureMoments moments = moments(x);
    checkUlps("mean", moments.mean(0), a / 2001, 8);
    checkUlps("m2", moments.m2(0), a * a * 2000 / 2001 + 2000, 32);
  }

  private static double[] values(Random random, int length, double offset) {
    double[] x = new double[length];
    Arrays.setAll(x, _ -> offset + random.nextGaussian());
    return x;
  }

  private static FeatureMoments moments(double... values) {
    return FeatureMoments.of(FeatureBatch.of(1, values));
  }
}
