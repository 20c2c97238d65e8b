package io.evenkeel.codec.number;

/// Reads plain decimals that stand behind one another with a comma and at most one space between
/// them, as most numbers of JSON do. A decimal is plain if it has no exponent, at most nine digits
/// before the point and at most nineteen in all. [NumberReader] reads any other.
///
/// It reads the digits of many decimals, then rounds them. Each of these two loops is so short that
/// a processor begins the next number before it has finished the last. Used by one thread at a
/// time.
public final class PlainNumbers {
  /// How many numbers are read together.
  private static final int TOGETHER = 64;

  /// How many bytes may be looked at from the beginning of a number on.
  private static final int ROOM = 32;

  private static final int MOST_BEFORE_POINT = 9;
  private static final int MOST_DIGITS = 19;
  private static final int NOT_PLAIN = -1;
  private static final int MINUS = 1 << 31;

  private final double[] values = new double[TOGETHER];
  private final long[] digits = new long[TOGETHER];

  /// How many of the digits stand behind the point, and whether there is a minus.
  private final int[] scales = new int[TOGETHER];

  private int behind;

  /// The numbers that were read last.
  public double[] values() {
    return values;
  }

  /// The index behind the number that was read last.
  public int behind() {
    return behind;
  }

  /// Reads numbers, up to the first that is not plain or stands so near to the end that it may go
  /// on behind it.
  ///
  /// @param from the index of the first number
  /// @param end the index behind the last byte
  /// @return how many numbers were read
  public int read(byte[] bytes, int from, int end) {
    int count = scan(bytes, from, end - ROOM);
    for (int i = 0; i < count; i++) {
      values[i] = value(digits[i], scales[i]);
    }
    return count;
  }

  private int scan(byte[] bytes, int from, int last) {
    int start = from;
    int count = 0;
    while (count < TOGETHER && start <= last) {
      int at = plain(bytes, start, count);
      if (at == NOT_PLAIN) {
        break;
      }
      behind = at;
      count++;
      if (bytes[at] != ',') {
        break;
      }
      start = at + (bytes[at + 1] == ' ' ? 2 : 1);
    }
    return count;
  }

  /// @return the index behind the number
  private int plain(byte[] bytes, int start, int index) {
    int minus = bytes[start] == '-' ? 1 : 0;
    int first = start + minus;
    if (!isDigit(bytes[first])) {
      return NOT_PLAIN;
    }
    int digit = bytes[first] - '0';
    long w = digit;
    int at = first + 1;
    if (bytes[at] != '.') {
      at = behindDigits(bytes, first);
      w = integer(bytes, first, at);
    }
    int scale = 0;
    if (bytes[at] == '.') {
      int fraction = at + 1;
      long eight = EightDigits.at(bytes, fraction);
      int more = EightDigits.count(eight);
      if (more < Long.BYTES) {
        w = EightDigits.behind(w, eight, more);
        at = fraction + more;
      } else {
        // a constant, so that the next load need not wait for the count
        w = EightDigits.behind(w, eight, Long.BYTES);
        at = fraction + Long.BYTES;
        eight = EightDigits.at(bytes, at);
        more = EightDigits.count(eight);
        w = EightDigits.behind(w, eight, more);
        at += more;
        // a loop would be compiled as one that runs often
        if (isDigit(bytes[at])) {
          w = w * 10 + bytes[at++] - '0';
          if (isDigit(bytes[at])) {
            w = w * 10 + bytes[at++] - '0';
          }
        }
      }
      scale = at - fraction;
      if (scale == 0 || at - first > MOST_DIGITS + 1) {
        return NOT_PLAIN;
      }
    }
    if (goesOn(bytes[at])) {
      return NOT_PLAIN;
    }
    digits[index] = w;
    scales[index] = scale | minus * MINUS;
    return at;
  }

  /// The index behind the digits before the point: one digit if it is 0.
  private static int behindDigits(byte[] bytes, int first) {
    int most = first + (bytes[first] == '0' ? 1 : MOST_BEFORE_POINT);
    int at = first;
    while (at < most && isDigit(bytes[at])) {
      at++;
    }
    return at;
  }

  private static long integer(byte[] bytes, int from, int behind) {
    long w = 0;
    for (int i = from; i < behind; i++) {
      w = w * 10 + bytes[i] - '0';
    }
    return w;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean goesOn(byte b) {
    return isDigit(b) || (b | 0x20) == 'e';
  }

  private static double value(long w, int scale) {
    double magnitude = NumberReader.magnitude(w, -(scale & ~MINUS));
    // a branch by the sign would be hard to predict
    long sign = (long) (scale & MINUS) << 32;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(magnitude) | sign);
  }
}
