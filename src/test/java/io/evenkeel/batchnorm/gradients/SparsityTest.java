package io.evenkeel.batchnorm.gradients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.batchnorm.Affine;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which features are pruned, at the edges; all by hand.
class SparsityTest {
  /// |γ| ascending: 0 (4), 0.5 (1), 0.5 (3), 1 (2), 2 (0).
  private static final Affine FIVE =
      Affine.of(new double[] {-2, 0.5, 1, -0.5, -0.0}, new double[] {10, 11, 12, 13, 14});

  @ParameterizedTest
  @CsvSource({
    // nothing is asked for, but a γ of 0 goes
    "0, 0, 11110, 0",
    "0.19, 0, 11110, 0",
    "0.2, 0, 11110, 0.5",
    // of the two equal ones the first by index
    "0.4, 0, 10110, 0.5",
    "0.6, 0, 10100, 1",
    "0.8, 0, 10000, 2",
    "0.999, 0, 10000, 2",
    // the largest are kept, and the threshold stays
    "0.8, 1, 10000, 2",
    "0.8, 2, 10100, 2",
    "0.8, 3, 10110, 2",
    "0.8, 4, 11110, 2",
    "0.8, 5, 11111, 2",
    "0.8, 6, 11111, 2",
    "0, 5, 11111, 0",
    "0, 2147483647, 11111, 0"
  })
  void theSmallestArePrunedByMagnitudeThenIndex(
      double ratio, int minimumKept, String kept, double threshold) {
    Sparsity sparsity = Sparsity.of(FIVE, ratio, minimumKept);
    assertEquals(kept, bits(sparsity));
    assertEquals(threshold, sparsity.threshold());
    assertEquals(1, sparsity.zeroGamma());
    assertEquals(5, sparsity.features());
  }

  private static String bits(Sparsity sparsity) {
    StringBuilder bits = new StringBuilder();
    for (boolean kept : sparsity.kept()) {
      bits.append(kept ? '1' : '0');
    }
    return bits.toString();
  }

  @Test
  void betasOfPrunedFeaturesComeInTheirOrder() {
    assertArrayEquals(new double[] {11, 13, 14}, Sparsity.of(FIVE, 0.6, 0).prunedBeta());
  }

  @Test
  void zeroesAreAllPrunedUnlessTooFewRemain() {
    Affine zeroes = Affine.of(new double[] {0, 0, 3, 0}, new double[4]);
    assertEquals("0010", bits(Sparsity.of(zeroes, 0, 0)));
    assertEquals("0010", bits(Sparsity.of(zeroes, 0.5, 1)));
    assertEquals("0011", bits(Sparsity.of(zeroes, 0.5, 2)));
    assertEquals("0111", bits(Sparsity.of(zeroes, 0.5, 3)));
    Affine none = Affine.of(new double[3], new double[] {1, 2, 3});
    Sparsity sparsity = Sparsity.of(none, 0, 0);
    assertEquals("000", bits(sparsity));
    assertEquals(3, sparsity.zeroGamma());
    assertEquals(0, sparsity.threshold());
    assertArrayEquals(new double[] {1, 2, 3}, sparsity.prunedBeta());
  }

  /// 0.29 · 100 is 28.999999999999996 in doubles, and 0.29 is 0.28999999999999998 exactly: both
  /// would be 28.
  @ParameterizedTest
  @CsvSource({
    "0.29, 100, 29",
    "0.3, 10, 3",
    "0.57, 100, 57",
    "0.58, 100, 58",
    "0.7, 10, 7",
    "0.289, 100, 28",
    "0.9999999999999999, 65536, 65535",
    "1e-300, 65536, 0",
    "0.5, 1, 0",
    "0.999, 1, 0"
  })
  void theRatioIsTheDecimalThatWasWritten(double ratio, int features, int pruned) {
    double[] gamma = IntStream.rangeClosed(1, features).mapToDouble(g -> g).toArray();
    Sparsity sparsity = Sparsity.of(Affine.of(gamma, new double[features]), ratio, 0);
    assertEquals(pruned, bits(sparsity).chars().filter(c -> c == '0').count());
    assertEquals(pruned + 1, sparsity.threshold());
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "-0.1, 0", "NaN, 0", "0.5, -1"})
  void numbersOutOfTheirRangeAreRefused(double ratio, int minimumKept) {
    assertThrows(IllegalArgumentException.class, () -> Sparsity.of(FIVE, ratio, minimumKept));
  }

  @Test
  void withoutAFeatureThereIsNoThreshold() {
    assertThrows(IllegalArgumentException.class, () -> Sparsity.of(Affine.identity(0), 0.5, 0));
  }
}
