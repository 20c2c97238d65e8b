package io.evenkeel.batchnorm.moments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a batch is, and what it refuses to be.
class FeatureBatchTest {

  /// A gap anywhere counts, also in what is left over after blocks of eight or sixteen values.
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 16, 63, 64, 65, 127, 1000, 4096, 5001})
  void gapIsFoundWhereverItIs(int length) {
    double[] values = new double[length];
    assertFalse(FeatureBatch.of(1, values).hasMissing());
    for (int i = 0; i < length; i += 1 + length / 200) {
      values[i] = Double.NaN;
      assertTrue(FeatureBatch.of(1, values).hasMissing(), "at " + i);
      values[i] = i % 2 == 0 ? Double.MAX_VALUE : -Double.MAX_VALUE;
    }
    assertFalse(FeatureBatch.of(1, values).hasMissing());
    values[length - 1] = Double.longBitsToDouble(0xfff8_0000_0000_0001L); // a NaN has many forms
    assertTrue(FeatureBatch.of(1, values).hasMissing());
  }

  @Test
  void gapBehindTheLastRowIsNone() {
    double[] values = {1, 2, 3, 4, Double.NaN};
    assertFalse(FeatureBatch.of(2, 2, values, null).hasMissing());
  }

  @Test
  void rowWeighsOneUnlessSaidOtherwise() {
    assertEquals(1, FeatureBatch.of(1, 5, 6).weight(1));
    assertEquals(3, FeatureBatch.of(2, 1, new double[2], new double[] {2, 3}).weight(1));
  }

  @Test
  void arraysTooShortForTheShapeAreRefused() {
    double[] six = new double[6];
    assertThrows(RuntimeException.class, () -> FeatureBatch.of(4, 2, six, null));
    assertThrows(RuntimeException.class, () -> FeatureBatch.of(3, 2, six, new double[2]));
    assertThrows(RuntimeException.class, () -> FeatureBatch.of(-1, 2, six, null));
    assertThrows(RuntimeException.class, () -> FeatureBatch.of(3, -2, six, null));
    assertThrows(RuntimeException.class, () -> FeatureBatch.of(1 << 20, 1 << 20, six, null));
    assertThrows(IllegalArgumentException.class, () -> FeatureBatch.of(4, six));
  }
}
