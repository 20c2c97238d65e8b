package io.evenkeel.batchnorm.moments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The range of the values that are answered, which is not that of those that count.
class FeatureRangeTest {
  private static final double NAN = Double.NaN;

  @Test
  void valueOfWeightZeroIsAnsweredAndSoIsPartOfTheRange() {
    FeatureBatch batch =
        FeatureBatch.of(3, 2, new double[] {1, NAN, -9, 4, 2, 3}, new double[] {1, 0, 2});
    FeatureMoments moments = FeatureMoments.of(batch);
    FeatureRange range = FeatureRange.of(batch, moments, FloatType.FLOAT64);
    assertEquals(-9, range.lowest[0]);
    assertEquals(2, range.highest[0]);
    assertEquals(3, range.lowest[1]);
    assertEquals(4, range.highest[1]);
    assertEquals(1, moments.min(0));
    assertEquals(3, moments.max(1));
  }

  @Test
  void leastWeightTellsWhetherEveryAnsweredValueCounts() {
    assertEquals(1, leastWeight(null));
    assertEquals(0.25, leastWeight(new double[] {2, 0.25}));
    assertEquals(0, leastWeight(new double[] {2, 0}));
  }

  private static double leastWeight(double[] weights) {
    FeatureBatch batch = FeatureBatch.of(2, 1, new double[] {3, 4}, weights);
    return FeatureRange.of(batch, FeatureMoments.of(batch), FloatType.FLOAT64).leastWeight;
  }

  @Test
  void featureWithoutAValueHasNoRange() {
    FeatureBatch batch = FeatureBatch.of(2, NAN, 1, NAN, 2);
    FeatureRange range = FeatureRange.of(batch, FeatureMoments.of(batch), FloatType.FLOAT64);
    assertEquals(Double.POSITIVE_INFINITY, range.lowest[0]);
    assertEquals(Double.NEGATIVE_INFINITY, range.highest[0]);
    FeatureBatch weighted =
        FeatureBatch.of(2, 2, new double[] {NAN, 1, NAN, 2}, new double[] {0, 1});
    range = FeatureRange.of(weighted, FeatureMoments.of(weighted), FloatType.FLOAT64);
    assertEquals(Double.POSITIVE_INFINITY, range.lowest[0]);
    assertEquals(1, range.lowest[1]);
  }
}
