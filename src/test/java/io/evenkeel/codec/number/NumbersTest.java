package io.evenkeel.codec.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading and printing of numbers, held against [Double#parseDouble], [Double#toString(double)]
/// and exact arithmetic: ten million random bit patterns, and a million of each other kind.
class NumbersTest {
  private static final int COUNT = 1_000_000;

  private final NumberReader reader = new NumberReader();
  private final byte[] bytes = new byte[64];

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void assertReads(String decimal) {
    long expected = Double.doubleToRawLongBits(Double.parseDouble(decimal));
    // with little behind it and with much: digits are read eight at a time where there are so many
    for (String tail : new String[] {",", ",1234567890123456]", "\u00FF\u00FF5678901234567"}) {
      byte[] text = ("[" + decimal + tail).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(reader.read(text, 1, text.length, false))
          .as(decimal)
          .isEqualTo(1 + decimal.length());
      assertThat(Double.doubleToRawLongBits(reader.value())).as(decimal).isEqualTo(expected);
    }
  }

  private final double[] together = new double[150];
  private final byte[] row = new byte[150 * NumberWriter.ROOM];
  private final StringBuilder expectedTogether = new StringBuilder();
  private int waiting;

  private void assertSurvives(double x) {
    int end = NumberWriter.write(x, bytes, 3);
    String text = new String(bytes, 3, end - 3, StandardCharsets.US_ASCII);
    String expected = Double.toString(x);
    if (!text.equals(expected)) {
      assertThat(text).isEqualTo(expected);
    }
    int behind = reader.read(bytes, 3, end, true);
    if (behind != end
        || Double.doubleToRawLongBits(reader.value()) != Double.doubleToRawLongBits(x)) {
      assertThat(reader.value()).as(expected).isEqualTo(x);
      assertThat(behind).as(expected).isEqualTo(end);
    }
    together[waiting++] = x;
    expectedTogether.append(expected).append(',');
    if (waiting == together.length) {
      assertSurviveTogether();
    }
  }

  /// Numbers between others are printed and read another way than one that stands alone.
  @AfterEach
  void assertSurviveTogether() {
    if (waiting == 0) {
      return;
    }
    int end = new NumberWriter().write(together, 0, waiting, waiting, 0, row, 0);
    row[end] = ',';
    String text = new String(row, 0, end + 1, StandardCharsets.US_ASCII);
    if (!text.contentEquals(expectedTogether)) {
      assertThat(text).isEqualTo(expectedTogether.toString());
    }
    int at = 0;
    for (int i = 0; i < waiting; i++) {
      at = reader.read(row, at, end + 1, false);
      if (Double.doubleToRawLongBits(reader.value()) != Double.doubleToRawLongBits(together[i])) {
        assertThat(reader.value()).isEqualTo(together[i]);
      }
      at++;
    }
    assertThat(at).isEqualTo(end + 1);
    waiting = 0;
    expectedTogether.setLength(0);
  }

  private void assertAllSurvive(int count, ToDoubleFunction<SplittableRandom> kind) {
    SplittableRandom random = new SplittableRandom(20);
    for (int i = 0; i < count; i++) {
      double x = kind.applyAsDouble(random);
      if (Double.isFinite(x)) {
        assertSurvives(x);
      }
    }
  }

  @Test
  void anyBitsSurvivePrintingAndReading() {
    assertAllSurvive(10 * COUNT, random -> Double.longBitsToDouble(random.nextLong()));
  }

  @Test
  void subnormalNumbersSurvive() {
    assertAllSurvive(
        COUNT, random -> Double.longBitsToDouble(random.nextLong() & 0x800FFFFFFFFFFFFFL));
  }

  @Test
  void numbersOfFeaturesSurvive() {
    assertAllSurvive(COUNT, random -> random.nextDouble(-5, 20));
    assertAllSurvive(COUNT, random -> Math.rint(random.nextDouble() * 1e6) / 1e4);
    assertAllSurvive(COUNT, random -> random.nextInt());
    assertAllSurvive(COUNT, random -> random.nextLong());
  }

  /// Numbers of at least 0.001 and below 1,000 are spelled another way than the others.
  @Test
  void numbersAroundFixedPointSurvive() {
    assertAllSurvive(
        2 * COUNT,
        random -> Math.pow(10, random.nextDouble(-4, 4)) * (random.nextBoolean() ? 1 : -1));
    for (double end : new double[] {0.001, 0.01, 0.1, 1, 10, 100, 999, 1_000, 10_000}) {
      double down = end;
      double up = end;
      for (int i = 0; i < 1_000; i++) {
        down = Math.nextDown(down);
        up = Math.nextUp(up);
        assertSurvives(down);
        assertSurvives(-up);
      }
    }
  }

  @Test
  void decimalsOfFewDigitsSurvive() {
    for (int digits = 0; digits <= 17; digits++) {
      double scale = Double.parseDouble("1e" + digits);
      assertAllSurvive(
          COUNT / 10, random -> random.nextInt(-1_100, 1_100) + random.nextInt(100_000) / scale);
    }
  }

  /// Rows of one to 70 numbers, some of which are spelled in other ways or are missing.
  @Test
  void rowsHaveTheirSeparators() {
    double[] others = {Double.NaN, 0, -0.0, 2, 1e-3, 1e-4, -1e5, 1e300, Double.MIN_VALUE};
    SplittableRandom random = new SplittableRandom(21);
    for (int width = 1; width <= 70; width++) {
      double[] values = new double[width * random.nextInt(1, 10)];
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < values.length; i++) {
        values[i] =
            random.nextInt(4) == 0
                ? others[random.nextInt(others.length)]
                : random.nextDouble(-3, 3);
        expected.append(i == 0 ? "" : i % width == 0 ? "],[" : ",");
        expected.append(Double.isNaN(values[i]) ? "null" : Double.toString(values[i]));
      }
      byte[] text = new byte[(values.length + 1) * NumberWriter.ROOM];
      int between = ']' | ',' << 8 | '[' << 16;
      int end = new NumberWriter().write(values, 0, values.length, width, between, text, 0);
      assertThat(new String(text, 0, end, StandardCharsets.US_ASCII))
          .isEqualTo(expected.toString());
    }
  }

  @Test
  void powersOfTwoAndTheirNeighboursSurvive() {
    for (int e = 0; e < 2047; e++) {
      double power = Double.longBitsToDouble((long) e << 52);
      assertSurvives(power);
      assertSurvives(-power);
      assertSurvives(Math.nextUp(power));
      if (power > 0) {
        assertSurvives(Math.nextDown(power));
      }
    }
  }

  @Test
  void powersOfTenAndTheirNeighboursSurvive() {
    for (int e = -324; e <= 308; e++) {
      double power = Double.parseDouble("1e" + e);
      assertSurvives(power);
      assertSurvives(Math.nextUp(power));
      assertSurvives(Math.nextDown(power));
    }
  }

  /// The last five are the halves between two doubles or next to them, where rounding is decided by
  /// the last digit of many.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "0e5",
        "-0.000e-99999",
        "1",
        "10",
        "100",
        "9007199254740993",
        "9007199254740992",
        "9007199254740991.0",
        "5e-324",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "6.631236846766476e-316",
        "0.1",
        "0.30000000000000004",
        "1e22",
        "1e23",
        "8.5e22",
        "9.5367431640625e-7",
        "123456789012345678",
        "1234567890123456789",
        "12345678901234567890",
        "0.00000000000000000000000000000000000000012345678901234567890",
        "1000000000000000000000000000000000000000e-39",
        "1e-400",
        "1e400",
        "-1e400",
        "3e-99999",
        "1E+5",
        "1e05",
        "9.999999999999999999e22",
        "8.41e21",
        "2.0e-27",
        "5.764607523034235e39",
        "7.4505805969238281e-9",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "6929495644600919.5",
        "3.00000000000000022204460492503130808472633361816406251"
      })
  void hardDecimalsAreRoundedCorrectly(String decimal) {
    assertReads(decimal);
    assertReads(decimal.startsWith("-") ? decimal.substring(1) : "-" + decimal);
  }

  @Test
  void decimalsOfUpTo25DigitsAreRoundedCorrectly() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < COUNT / 2; i++) {
      int digits = random.nextInt(1, 26);
      StringBuilder text = new StringBuilder().append((char) ('1' + random.nextInt(9)));
      for (int k = 1; k < digits; k++) {
        text.append((char) ('0' + random.nextInt(10)));
      }
      if (digits > 1 && random.nextBoolean()) {
        text.insert(random.nextInt(1, digits), '.');
      }
      if (random.nextBoolean()) {
        text.append('e').append(random.nextInt(-345, 330));
      }
      String decimal = text.toString();
      byte[] source = ascii(decimal);
      int behind = reader.read(source, 0, source.length, true);
      if (behind != source.length || reader.value() != Double.parseDouble(decimal)) {
        assertReads(decimal);
      }
    }
  }

  /// The middle between a double and the next has up to 767 digits, and rounds to even; one digit
  /// more behind it rounds up.
  @Test
  void middlesBetweenDoublesRoundToEven() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2_000; i++) {
      double low = Math.abs(Double.longBitsToDouble(random.nextLong()));
      if (Double.isFinite(low) && low < Double.MAX_VALUE) {
        BigDecimal sum = new BigDecimal(low).add(new BigDecimal(Math.nextUp(low)));
        String middle = sum.divide(BigDecimal.TWO).toString();
        assertReads(middle.replace("E+", "E"));
        String mantissa = middle.contains("E") ? middle.substring(0, middle.indexOf('E')) : middle;
        String above = mantissa + (mantissa.contains(".") ? "" : ".") + "00001";
        assertReads(above + middle.substring(mantissa.length()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-", "01", "-01", "00", "1.", "1.e5", "1e", "1e+", "-.5", "1.e", "-a", "1ex"})
  void whatJsonDoesNotAllowIsNoNumber(String text) {
    byte[] source = ascii(text);
    assertThat(reader.read(source, 0, source.length, true)).isEqualTo(NumberReader.MALFORMED);
    assertThat(reader.fault()).isBetween(1, source.length);
  }

  @Test
  void aNumberThatMayGoOnIsCutOff() {
    for (String text :
        new String[] {"-", "1", "12", "1.", "1.5", "1e", "1e-", "1e-5", "0", "-0."}) {
      byte[] source = ascii(text);
      assertThat(reader.read(source, 0, source.length, false))
          .as(text)
          .isEqualTo(NumberReader.CUT_OFF);
    }
  }

  /// ⌊10^q / 2^e⌋, from the definition.
  @Test
  void thePowersOfTenAreExactTo128Bits() {
    for (int q = PowersOfTen.LEAST; q <= PowersOfTen.GREATEST; q++) {
      BigInteger ten = BigInteger.TEN.pow(Math.abs(q));
      BigInteger expected =
          q >= 0 ? ten.shiftLeft(2000) : BigInteger.ONE.shiftLeft(4000).divide(ten);
      expected = expected.shiftRight(expected.bitLength() - 128);
      BigInteger high = new BigInteger(Long.toUnsignedString(PowersOfTen.high(q)));
      BigInteger low = new BigInteger(Long.toUnsignedString(PowersOfTen.low(q)));
      assertThat(high.shiftLeft(64).add(low)).as("10^%d", q).isEqualTo(expected);
    }
  }

  @Test
  void nothingBehindTheRoomIsTouched() {
    byte[] room = new byte[NumberWriter.ROOM + 2];
    Arrays.fill(room, (byte) 'x');
    int end = NumberWriter.write(-2.2250738585072014E-308, room, 1);
    assertThat(new String(room, 1, end - 1, StandardCharsets.US_ASCII))
        .isEqualTo("-2.2250738585072014E-308");
    assertThat(room[0]).isEqualTo((byte) 'x');
    assertThat(room[NumberWriter.ROOM + 1]).isEqualTo((byte) 'x');
  }

  @Test
  void missingNumbersAreNullBetweenOthers() {
    double[] some = {Double.NaN, 1.5, -0.0, Double.NaN, 1e300, 3};
    int end = new NumberWriter().write(some, 0, some.length, some.length, 0, row, 0);
    assertThat(new String(row, 0, end, StandardCharsets.US_ASCII))
        .isEqualTo("null,1.5,-0.0,null,1.0E300,3.0");
    assertThat(new NumberWriter().write(some, 2, 2, 6, 0, row, 5)).isEqualTo(5);
  }
}
