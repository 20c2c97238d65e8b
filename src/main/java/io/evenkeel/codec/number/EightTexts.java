package io.evenkeel.codec.number;

/// Spells numbers below 10^8 with eight digits, the first in the lowest byte of a `long`: one by a
/// table of four digits, many together by multiplications, which the compiler makes vectors of.
final class EightTexts {
  /// Eight zeros.
  static final long ZEROS = 0x3030_3030_3030_3030L;

  /// 2^40 / 10^4, rounded up: an exact quotient of what is less than 10^8.
  private static final long OF_FOUR_DIGITS = 109_951_163;

  /// 2^19 / 100 and 2^10 / 10, rounded up: exact quotients of what is less than 10^4 and 100.
  private static final int OF_TWO_DIGITS = 5_243;

  private static final int OF_ONE_DIGIT = 103;

  /// How 0000 to 9999 are spelled. It is longer than that, so that no index can be beyond it.
  private static final int[] FOUR_DIGITS = new int[1 << 14];

  static {
    for (int i = 0; i < 10_000; i++) {
      FOUR_DIGITS[i] =
          (int) ZEROS | i / 1000 | i / 100 % 10 << 8 | i / 10 % 10 << 16 | i % 10 << 24;
    }
  }

  private final int[] uppers;
  private final int[] lowers;

  /// @param most how many numbers are spelled together
  EightTexts(int most) {
    uppers = new int[most];
    lowers = new int[most];
  }

  /// The text of a number below 10^8.
  static long of(long eight) {
    long upper = (eight * OF_FOUR_DIGITS) >>> 40;
    int most = FOUR_DIGITS.length - 1;
    return four((int) upper) | (long) FOUR_DIGITS[(int) (eight - upper * 10_000) & most] << 32;
  }

  /// The text of a number below 10^4.
  static int four(int number) {
    return FOUR_DIGITS[number & (FOUR_DIGITS.length - 1)];
  }

  /// Spells the first `count` numbers, which are integers below 10^8.
  void spell(double[] numbers, long[] texts, int count) {
    halve(numbers, uppers, lowers, count);
    pairs(uppers, count);
    pairs(lowers, count);
    digits(uppers, count);
    digits(lowers, count);
    join(uppers, lowers, texts, count);
  }

  private static void halve(double[] numbers, int[] uppers, int[] lowers, int count) {
    for (int i = 0; i < count; i++) {
      double number = numbers[i];
      double upper = Math.floor((number + 0.5) * 1e-4);
      uppers[i] = (int) upper;
      lowers[i] = (int) (number - upper * 1e4);
    }
  }

  /// Two digits in each half of an `int`.
  private static void pairs(int[] fours, int count) {
    for (int i = 0; i < count; i++) {
      int four = fours[i];
      int pair = (four * OF_TWO_DIGITS) >>> 19;
      // pair + (four - 100 * pair) * 2^16
      fours[i] = (four << 16) - pair * ((100 << 16) - 1);
    }
  }

  private static void digits(int[] fours, int count) {
    for (int i = 0; i < count; i++) {
      int pairs = fours[i];
      int digits = ((pairs * OF_ONE_DIGIT) >>> 10) & 0x000F_000F;
      fours[i] = (pairs << 8) - digits * ((10 << 8) - 1) + (int) ZEROS;
    }
  }

  private static void join(int[] uppers, int[] lowers, long[] texts, int count) {
    for (int i = 0; i < count; i++) {
      texts[i] = uppers[i] | (long) lowers[i] << Integer.SIZE;
    }
  }
}
