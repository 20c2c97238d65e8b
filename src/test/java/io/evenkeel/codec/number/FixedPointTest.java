package io.evenkeel.codec.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Many numbers that are printed together, held against [Double#toString(double)].
class FixedPointTest {
  /// More than are worked on together.
  private static final int TOGETHER = 300;

  private final List<Double> waiting = new ArrayList<>();
  private final byte[] text = new byte[(TOGETHER + 1) * NumberWriter.ROOM];

  private void assertPrints(double x) {
    waiting.add(x);
    waiting.add(-x);
    if (waiting.size() == TOGETHER) {
      assertPrintTogether();
    }
  }

  @AfterEach
  void assertPrintTogether() {
    for (int i = 0; !waiting.isEmpty() && waiting.size() < FixedPoint.FEW; i++) {
      waiting.add(i + 0.5);
    }
    double[] values = waiting.stream().mapToDouble(x -> x).toArray();
    StringBuilder expected = new StringBuilder();
    for (double x : values) {
      expected.append(expected.isEmpty() ? "" : ",").append(x);
    }
    int end = new NumberWriter().write(values, 0, values.length, Integer.MAX_VALUE, 0, text, 0);
    String printed = new String(text, 0, end, StandardCharsets.US_ASCII);
    if (!printed.contentEquals(expected)) {
      assertThat(printed.split(",", -1)).isEqualTo(expected.toString().split(",", -1));
    }
    waiting.clear();
  }

  private void assertAroundPrints(double x, int neighbours) {
    double down = x;
    double up = x;
    assertPrints(x);
    for (int i = 0; i < neighbours; i++) {
      down = Math.nextDown(down);
      up = Math.nextUp(up);
      assertPrints(down);
      assertPrints(up);
    }
  }

  @Test
  void numbersOfAllSizesPrint() {
    SplittableRandom random = new SplittableRandom(30);
    for (int i = 0; i < 2_000_000; i++) {
      int biased = random.nextInt(1023 - 10, 1023 + 20);
      assertPrints(Double.longBitsToDouble((long) biased << 52 | random.nextLong() >>> 12));
    }
  }

  @Test
  void powersAndTheEndsOfTheRangePrint() {
    for (int e = -12; e <= 22; e++) {
      assertAroundPrints(Math.scalb(1.0, e), 200);
    }
    for (String power : new String[] {"1e-4", "1e-3", "1e-2", "1e-1", "1e0", "1e1", "1e2"}) {
      assertAroundPrints(Double.parseDouble(power), 2_000);
    }
    for (double end :
        new double[] {999, 1_000, 1_001, 9_999, 1e4, 99_999, 1e5, 999_999, 1e6, 1e7}) {
      assertAroundPrints(end, 2_000);
    }
    for (double other : new double[] {0, Double.MIN_VALUE, Double.MAX_VALUE, 5e-4, 1e300}) {
      assertPrints(other);
    }
  }

  /// An odd multiple of 2^-(b+2), with b digits behind the point of the shorter decimal, has a 17th
  /// digit that is just between two: the next are a 5 and zeros. So 1 + 2^-17 is
  /// 1.00000762939453125.
  @Test
  void digitsJustBetweenTwoPrint() {
    SplittableRandom random = new SplittableRandom(31);
    for (int e = -10; e < 20; e++) {
      double power = Math.scalb(1.0, e);
      int b = -ShortestDecimal.power(Double.doubleToRawLongBits(power)) - 1;
      for (int i = 0; i < 10_000; i++) {
        double least = Math.scalb(1.0, -(b + 2));
        double x = (2 * Math.rint(random.nextDouble(power, 2 * power) / least / 2) + 1) * least;
        assertPrints(x);
        assertPrints(x + least / 2);
      }
    }
  }

  /// The digits of a double and of its decimal differ most where many nines meet zeros.
  @Test
  void decimalsAtTheBordersOfGroupsOfDigitsPrint() {
    SplittableRandom random = new SplittableRandom(32);
    for (int digits = 0; digits <= 17; digits++) {
      double scale = Double.parseDouble("1e" + digits);
      for (int i = 0; i < 5_000; i++) {
        double most = Math.pow(10, random.nextDouble(-2, 6));
        double x = Math.rint(most * scale) / scale;
        assertAroundPrints(x, 2);
        assertPrints(Math.rint(most) + 1 / scale);
        assertPrints(Math.rint(most) + 1 - 1 / scale);
      }
    }
  }

  @Test
  void wholeNumbersPrint() {
    for (int i = 0; i < 1_000_100; i++) {
      assertPrints(i);
    }
  }

  /// Where most are printed in other ways, all are.
  @Test
  void blocksOfOtherNumbersPrint() {
    SplittableRandom random = new SplittableRandom(33);
    for (int others = 0; others <= 10; others++) {
      for (int i = 0; i < TOGETHER; i++) {
        double x = random.nextDouble(-3, 3);
        assertPrints(random.nextInt(10) < others ? x * 1e9 : x);
      }
    }
  }
}
