package io.evenkeel.codec.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Eight characters in one `long`, the first in the lowest byte, each less the character `0`. Their
/// digits are read without a branch for each, which would be hard to predict.
final class EightDigits {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ZEROS = 0x3030303030303030L;
  private static final long[] TENS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private EightDigits() {}

  /// The eight characters from an index on.
  static long at(byte[] bytes, int index) {
    return (long) LONGS.get(bytes, index) ^ ZEROS;
  }

  /// How many of the characters are digits, up to the first that is none.
  static int count(long eight) {
    // bits in each byte that is more than 9
    long others = (eight | (eight + 0x0606060606060606L)) & 0xF0F0F0F0F0F0F0F0L;
    return Long.numberOfTrailingZeros(others) / Byte.SIZE;
  }

  /// The number that has the digits of w and, behind them, the first characters.
  ///
  /// @param count how many of the characters, which are digits
  static long behind(long w, long eight, int count) {
    // a single shift by 64 bits would shift nothing
    int half = (Long.BYTES - count) * (Byte.SIZE / 2);
    long digits = eight << half << half;
    // pairs, then fours, then all
    long pairs = digits * 10 + (digits >>> 8);
    long even = (pairs & 0x000000FF000000FFL) * 0x000F424000000064L;
    long odd = ((pairs >>> 16) & 0x000000FF000000FFL) * 0x0000271000000001L;
    return w * TENS[count] + ((even + odd) >>> 32);
  }
}
