package io.evenkeel.batchnorm.moments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Minimum and maximum, bit by bit, against one plain loop over each column: batches around the
/// size from which extremes are taken as integers, and around the lengths of blocks.
class ExtremesTest {
  /// From here on the extremes may be taken as integers.
  private static final int MANY = 1 << 14;

  static IntStream widths() {
    return IntStream.concat(IntStream.rangeClosed(1, 17), IntStream.of(64, 65, 300, 1024, 2500));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void extremesAreThoseOfAPlainLoop(int features) {
    int groups = Integer.highestOneBit(Math.max(1, 256 / features));
    int many = Math.ceilDiv(MANY, features);
    IntStream around =
        IntStream.rangeClosed(-2, 2)
            .flatMap(
                off -> IntStream.of(many + off, many + groups + off, many + 256 * groups + off));
    IntStream.concat(IntStream.of(1, 2), around)
        .filter(rows -> rows > 0)
        .forEach(rows -> checkKinds(rows, features));
  }

  private static void checkKinds(int rows, int features) {
    int size = rows * features;
    Random random = new Random(size);
    check(rows, features, _ -> random.nextGaussian(5, 3));
    check(rows, features, i -> i);
    check(rows, features, i -> -i);
    check(rows, features, _ -> -2.5);
    check(rows, features, _ -> random.nextBoolean() ? 0.0 : -0.0);
    check(rows, features, i -> i == size - 1 ? -0.0 : 0.0);
    check(rows, features, i -> i == size - 1 ? 0.0 : -0.0);
    check(rows, features, i -> i == size / 2 ? 1e300 : i == size / 3 ? -1e300 : 1e-310);
  }

  private static void check(int rows, int features, IntToDoubleFunction value) {
    double[] x = new double[rows * features];
    Arrays.setAll(x, value);
    double[] min = Arrays.copyOf(x, features);
    double[] max = Arrays.copyOf(x, features);
    for (int i = features; i < x.length; i++) {
      min[i % features] = Math.min(min[i % features], x[i]);
      max[i % features] = Math.max(max[i % features], x[i]);
    }
    check(min, max, FeatureMoments.of(FeatureBatch.of(rows, features, x, null)));
    if (ArrivingMoments.canFollow(features)) {
      ArrivingMoments arriving = new ArrivingMoments(features);
      arriving.advance(x, rows / 3);
      arriving.advance(x, rows / 2);
      arriving.finish(x, rows).ifPresent(moments -> check(min, max, moments));
    }
  }

  private static void check(double[] min, double[] max, FeatureMoments moments) {
    for (int j = 0; j < min.length; j++) {
      assertEquals(bits(min[j]), bits(moments.min(j)), "minimum of column " + j);
      assertEquals(bits(max[j]), bits(moments.max(j)), "maximum of column " + j);
    }
  }

  private static long bits(double x) {
    return Double.doubleToRawLongBits(x);
  }
}
