package io.evenkeel.batchnorm.lanes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Extremes as integers against [Math#min] and [Math#max] of the doubles, bit by bit. Runs on every
/// processor, also where the service takes the other loops.
class OrderedBitsTest {
  private static final double[] EDGES = {
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    -Double.MIN_NORMAL,
    1,
    -1,
    Math.nextUp(1.0),
    -Math.nextUp(1.0),
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  @Test
  void everyPairOfEdgesHasTheExtremesOfDoubles() {
    for (double first : EDGES) {
      for (double second : EDGES) {
        for (double third : EDGES) {
          check(1, new double[] {first}, new double[] {second}, new double[] {third});
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 17, 63, 64, 255, 256, 1024})
  void anyBitsHaveTheExtremesOfDoubles(int lanes) {
    Random random = new Random(lanes);
    for (int run = 0; run < 200; run++) {
      check(lanes, anyBits(random, lanes), anyBits(random, lanes), anyBits(random, lanes));
    }
  }

  @Test
  void aMissingValueOfEitherSignLeavesAnExtremeThatIsNotFinite() {
    for (long bits : new long[] {0x7ff8000000000000L, 0xfff8000000000000L, 0xfff0000000000001L}) {
      double[] missing = {Double.longBitsToDouble(bits)};
      double[] min = new double[1];
      double[] max = new double[1];
      OrderedBits extremes = new OrderedBits(1);
      extremes.begin(new double[] {3}, 1);
      extremes.add(new double[] {2}, missing, 1);
      extremes.add(new double[] {1}, new double[] {5}, 1);
      extremes.finish(min, max, 1);
      assertFalse(Double.isFinite(min[0]) && Double.isFinite(max[0]));
    }
  }

  private static double[] anyBits(Random random, int lanes) {
    return LongStream.generate(random::nextLong)
        .mapToDouble(Double::longBitsToDouble)
        .filter(x -> !Double.isNaN(x))
        .limit(lanes)
        .toArray();
  }

  private static void check(int lanes, double[] first, double[] second, double[] third) {
    double[] min = new double[lanes];
    double[] max = new double[lanes];
    OrderedBits extremes = new OrderedBits(lanes);
    extremes.begin(first, lanes);
    extremes.add(second, third, lanes);
    extremes.finish(min, max, lanes);
    double[] least = new double[lanes];
    double[] greatest = new double[lanes];
    Arrays.setAll(least, j -> Math.min(first[j], Math.min(second[j], third[j])));
    Arrays.setAll(greatest, j -> Math.max(first[j], Math.max(second[j], third[j])));
    assertArrayEquals(bits(least), bits(min));
    assertArrayEquals(bits(greatest), bits(max));
  }

  private static long[] bits(double[] x) {
    return Arrays.stream(x).mapToLong(Double::doubleToRawLongBits).toArray();
  }
}
