package io.evenkeel.codec.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Decimals read together, compared with [Double#parseDouble].
class PlainNumbersTest {
  /// What stands behind the numbers, so that none of them is near the end.
  private static final String BEHIND = "]" + " ".repeat(40);

  private final PlainNumbers plain = new PlainNumbers();

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Reads from another text than before.
  private int read(byte[] text, int from, int end) {
    plain.begin();
    return plain.read(text, from, end, Integer.MAX_VALUE, 0, ',');
  }

  private void assertReadsTogether(String... decimals) {
    for (String separator : new String[] {",", ", "}) {
      String joined = String.join(separator, decimals);
      byte[] text = ascii("[" + joined + BEHIND);
      assertThat(read(text, 1, text.length)).as(joined).isEqualTo(decimals.length);
      assertThat(plain.behind()).as(joined).isEqualTo(1 + joined.length());
      for (int i = 0; i < decimals.length; i++) {
        assertThat(Double.doubleToRawLongBits(plain.values()[i]))
            .as(decimals[i])
            .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(decimals[i])));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0",
        "7",
        "-7",
        "12345678",
        "-1234567",
        "1234567.123456789012345678",
        "-123456.5",
        "9999999.999999999999999999",
        "999999.9999999999",
        "8.999999999999999999",
        "9.000000000000000000",
        "12.123456789012345678",
        "9007199.254740993",
        "0.1",
        "0.30000000000000004",
        "1.0000000000000002",
        "5.123456789012345",
        "-5.1234567890123456",
        "9.007199254740993",
        "0.000000000000000001",
        "0.999999999999999999",
        "1.000000000000000111",
        "1.12345678",
        "1.1234567",
        "1.123456789"
      })
  void plainDecimalsAreRoundedCorrectly(String decimal) {
    assertReadsTogether(decimal);
    assertReadsTogether("1.5", decimal, "-2.25", decimal);
  }

  @Test
  void decimalsOfAnyLengthsAreRoundedCorrectly() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      String[] decimals = new String[random.nextInt(1, 65)];
      Arrays.setAll(decimals, _ -> decimal(random));
      assertReadsTogether(decimals);
    }
  }

  /// At most six digits before the point and eighteen behind it.
  private static String decimal(SplittableRandom random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
    int before = random.nextBoolean() ? 1 : random.nextInt(1, 7);
    text.append((char) ((before == 1 ? '0' : '1') + random.nextInt(9)));
    for (int k = 1; k < before; k++) {
      text.append((char) ('0' + random.nextInt(10)));
    }
    int after = random.nextInt(19);
    for (int k = 0; k < after; k++) {
      text.append(k == 0 ? "." : "").append((char) ('0' + random.nextInt(10)));
    }
    return text.toString();
  }

  @Test
  void doublesSurvive() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      double scale = Math.pow(10, random.nextInt(-2, 7));
      String[] decimals = new String[64];
      Arrays.setAll(decimals, _ -> Double.toString(scale * random.nextDouble(-1, 1)));
      byte[] text = ascii(String.join(",", decimals) + BEHIND);
      int at = 0;
      for (int k = 0; k < 64; at++) {
        int count = read(text, at, text.length);
        for (int j = 0; j < count; j++) {
          assertThat(plain.values()[j]).isEqualTo(Double.parseDouble(decimals[k + j]));
        }
        // one that is not plain is passed over
        at = count > 0 ? plain.behind() : at + decimals[k].length();
        k += Math.max(1, count);
      }
      assertThat(text[at - 1]).isEqualTo((byte) ']');
    }
  }

  /// Decimals next to the middle m · 2^-j between two doubles: w · 2^(j−k) = m · 5^k + c with a
  /// small odd c. A c of 0 is not possible, because m and 5^k are odd.
  @Test
  void decimalsNextToTheMiddleBetweenDoublesAreRoundedCorrectly() {
    SplittableRandom random = new SplittableRandom(6);
    for (int k = 10; k <= 18; k++) {
      BigInteger fives = BigInteger.valueOf(5).pow(k);
      long most = BigInteger.TEN.pow(k + 6).divide(fives).longValueExact();
      for (int i = 0; i < 2_000; i++) {
        BigInteger about = fives.multiply(BigInteger.valueOf(random.nextLong(most / 100, most)));
        // so that m has 54 bits
        int shift = 54 - about.divide(fives).bitLength();
        BigInteger two = BigInteger.TWO.pow(shift);
        BigInteger c = BigInteger.valueOf(2 * random.nextInt(-8, 8) + 1);
        BigInteger w = about.add(c.multiply(two.modInverse(fives)).mod(fives));
        BigInteger m = w.multiply(two).subtract(c).divide(fives);
        assertThat(m.multiply(fives).add(c)).isEqualTo(w.multiply(two));
        assertThat(m.testBit(0)).isTrue();
        String decimal = new BigDecimal(w, k).toPlainString();
        assertReadsTogether(decimal, "-" + decimal);
      }
    }
  }

  /// Ten million integers of random lengths with a point at a random place.
  @Test
  void anyDigitsAreRoundedLikeThoseOfTheOtherReader() {
    SplittableRandom random = new SplittableRandom(7);
    NumberReader reader = new NumberReader();
    long[] digits = new long[64];
    int[] scales = new int[64];
    for (int i = 0; i < 10_000_000; i += 64) {
      StringBuilder joined = new StringBuilder();
      for (int k = 0; k < 64; k++) {
        long w = random.nextLong(9_000_000_000_000_000_000L) >>> random.nextInt(64);
        int length = Long.toString(w).length();
        digits[k] = w;
        scales[k] = random.nextInt(Math.max(length - 6, 1), 19);
        joined.append(k == 0 ? "" : ",").append(random.nextBoolean() ? "-" : "");
        joined.append("0".repeat(Math.max(0, scales[k] + 1 - length))).append(w);
        joined.insert(joined.length() - scales[k], '.');
      }
      byte[] bytes = ascii(joined + BEHIND);
      assertThat(read(bytes, 0, bytes.length)).isEqualTo(64);
      int at = 0;
      for (int k = 0; k < 64; k++) {
        boolean negative = bytes[at] == '-';
        at = reader.read(bytes, at, bytes.length, false) + 1;
        double exact = NumberReader.magnitude(digits[k], -scales[k]);
        if (!same(plain.values()[k], reader.value())
            || !same(plain.values()[k], negative ? -exact : exact)) {
          assertThat(plain.values()[k]).as("%d/10^%d", digits[k], scales[k]).isEqualTo(exact);
        }
      }
    }
  }

  private static boolean same(double x, double y) {
    return Double.doubleToRawLongBits(x) == Double.doubleToRawLongBits(y);
  }

  /// The number before them is read; these are left to the other reader, which knows all decimals
  /// and all faults.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "-a",
        "null",
        "[1]",
        "01",
        "-01",
        "00.5",
        "1.",
        "1.x",
        ".5",
        "1e5",
        "1E5",
        "1.5e3",
        "1.5E-3",
        "1234567890",
        "1234567890.5",
        "0.1234567890123456789",
        "123456789",
        "-12345678",
        "12345678.5",
        "-1234567.5",
        "1.5.5",
        "1-2.5",
        "1/2.5",
        "1.2/5",
        "1.12345678-",
        "--1.5",
        "+1.5",
        "1.5+",
        "1.5E5",
        "1.1234567890123456789",
        "123456789.12345678901",
        "123456789.1234567890123456789012345678901234567890"
      })
  void otherNumbersAndWhatIsNoNumberStopTheReading(String other) {
    byte[] text = ascii("2.5," + other + BEHIND);
    assertThat(read(text, 0, text.length)).isEqualTo(1);
    assertThat(plain.values()[0]).isEqualTo(2.5);
    assertThat(plain.behind()).isEqualTo(3);
    assertThat(read(text, 4, text.length)).isZero();
  }

  /// The first row lacks two numbers; the next rows have three.
  @Test
  void numbersOfTheNextRowsAreReadWhileEachRowHasItsWidth() {
    assertReadsRows("1.5,2.5],[3,4,5],[6,7,8],[9.5", ',', 9, 3);
    assertReadsRows("1.5, 2.5], [3, 4, 5], [6, 7, 8]", ',', 8, 2);
    assertReadsRows("1.5,2.5]\n[3,4,5]\n[6", '\n', 6, 2);
    assertReadsRows("1.5,2.5]\n[3,4,5]\n[6", ',', 2, 0);
    assertReadsRows("1.5],[3,4,5],[6", ',', 1, 0);
    assertReadsRows("1.5,2.5],[3,4],[6", ',', 4, 1);
    assertReadsRows("1.5,2.5],[3,4,5,5,5,5,5],[6", ',', 9, 1);
    assertReadsRows("1.5,2.5],[3,4,5],[],[6", ',', 5, 1);
    assertReadsRows("1.5,2.5],[3,4,5],[null", ',', 5, 1);
    assertReadsRows("1.5,2.5],  [3,4,5]", ',', 2, 0);
  }

  private void assertReadsRows(String rows, char between, int count, int ended) {
    byte[] text = ascii("[" + rows + BEHIND);
    plain.begin();
    assertThat(plain.read(text, 1, text.length, 2, 3, between)).as(rows).isEqualTo(count);
    assertThat(plain.rows()).as(rows).isEqualTo(ended);
    if (ended > 0) {
      assertThat(rows.substring(0, plain.behindRows() - 1).chars().filter(c -> c == ']'))
          .as(rows)
          .hasSize(ended);
      assertThat(text[plain.behindRows() - 1]).as(rows).isEqualTo((byte) ']');
    }
  }

  @Test
  void aThreadLendsNoReaderTwice() {
    PlainNumbers first = PlainNumbers.lend();
    PlainNumbers second = PlainNumbers.lend();
    assertThat(second).isNotSameAs(first);
    first.giveBack();
    assertThat(PlainNumbers.lend()).isSameAs(first);
    second.giveBack();
  }

  /// The bytes behind `end` are of another text, and the array may end anywhere.
  @Test
  void aNumberNearTheEndIsLeft() {
    String number = "-123456.12345678901234";
    for (int end = 0; end <= number.length(); end++) {
      byte[] text = ascii(number + BEHIND);
      assertThat(read(text, 0, end)).as("%d", end).isZero();
      assertThat(read(Arrays.copyOf(text, end), 0, end)).as("%d", end).isZero();
    }
    for (int behind = 0; behind < 40; behind++) {
      byte[] text = ascii("[" + "12.5,".repeat(20) + number + " ".repeat(behind));
      read(text, 1, text.length);
      assertThat(plain.behind()).isLessThanOrEqualTo(text.length - behind);
    }
  }
}
