package io.evenkeel.codec.number;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/// The types of raw numbers, by their names in NumPy. Numbers of each type are read as doubles:
/// `true` as 1 and `false` as 0.
///
/// Only an integer of 8 bytes may not be exactly a double: see [#isExact].
public enum NumberType {
  /// IEEE 754 binary64.
  FLOAT64(Double.BYTES),
  /// IEEE 754 binary32.
  FLOAT32(Float.BYTES),
  /// IEEE 754 binary16.
  FLOAT16(Short.BYTES),
  /// Signed, 8 bytes.
  INT64(Long.BYTES),
  /// Signed, 4 bytes.
  INT32(Integer.BYTES),
  /// Signed, 2 bytes.
  INT16(Short.BYTES),
  /// Signed, 1 byte.
  INT8(Byte.BYTES),
  /// Unsigned, 8 bytes.
  UINT64(Long.BYTES),
  /// Unsigned, 4 bytes.
  UINT32(Integer.BYTES),
  /// Unsigned, 2 bytes.
  UINT16(Short.BYTES),
  /// Unsigned, 1 byte.
  UINT8(Byte.BYTES),
  /// 1 byte, 0 for `false`.
  BOOL(Byte.BYTES);

  /// How many significant bits a double has.
  private static final int SIGNIFICANT = 53;

  private final int width;

  NumberType(int width) {
    this.width = width;
  }

  /// How many bytes a number has.
  public int width() {
    return width;
  }

  /// Whether it is one of the IEEE 754 types.
  public boolean isFloat() {
    return this == FLOAT64 || this == FLOAT32 || this == FLOAT16;
  }

  /// The type of the answer to rows of this type: the same for floats, otherwise float64.
  public NumberType answered() {
    return isFloat() ? this : FLOAT64;
  }

  /// Whether some numbers of this type are not exactly doubles.
  public boolean mayBeInexact() {
    return this == INT64 || this == UINT64;
  }

  /// Whether an integer of 8 bytes is exactly a double: it has at most 53 bits from its first 1 to
  /// its last.
  public boolean isExact(long bits) {
    // as an unsigned number, so that −2^63 has a magnitude
    long magnitude = this == INT64 ? Math.abs(bits) : bits;
    return magnitude == 0
        || Long.SIZE - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude)
            <= SIGNIFICANT;
  }

  /// An integer of 8 bytes in decimal.
  public String decimal(long bits) {
    return this == UINT64 ? Long.toUnsignedString(bits) : Long.toString(bits);
  }

  /// Numbers that stand one after the other.
  public interface Source {
    /// Puts the next numbers into a part of an array.
    void get(double[] values, int from, int count);
  }

  /// The numbers that a buffer has left, in its byte order. Its position stays.
  public Source source(ByteBuffer bytes) {
    return switch (this) {
      case FLOAT64 -> bytes.asDoubleBuffer()::get;
      case FLOAT32 -> floats(bytes.asFloatBuffer());
      case FLOAT16 -> {
        ShortBuffer halves = bytes.asShortBuffer();
        yield each(() -> Float.float16ToFloat(halves.get()));
      }
      case INT64, UINT64 -> {
        LongBuffer longs = bytes.asLongBuffer();
        yield this == INT64 ? each(() -> (double) longs.get()) : each(() -> unsigned(longs.get()));
      }
      case INT32, UINT32 -> {
        IntBuffer ints = bytes.asIntBuffer();
        yield this == INT32
            ? each(ints::get)
            : each(() -> (double) Integer.toUnsignedLong(ints.get()));
      }
      case INT16, UINT16 -> {
        ShortBuffer shorts = bytes.asShortBuffer();
        yield this == INT16 ? each(shorts::get) : each(() -> Short.toUnsignedInt(shorts.get()));
      }
      case INT8, UINT8, BOOL -> small(bytes.slice());
    };
  }

  private Source small(ByteBuffer bytes) {
    return switch (this) {
      case INT8 -> each(bytes::get);
      case BOOL -> each(() -> bytes.get() == 0 ? 0 : 1);
      default -> each(() -> Byte.toUnsignedInt(bytes.get()));
    };
  }

  private static Source floats(FloatBuffer floats) {
    return (values, from, count) -> {
      for (int k = 0; k < count; k++) {
        values[from + k] = floats.get();
      }
    };
  }

  private static Source each(DoubleSupplier next) {
    return (values, from, count) -> {
      for (int k = 0; k < count; k++) {
        values[from + k] = next.getAsDouble();
      }
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /// The nearest number of this type, which is a type of floats; ties to even.
  public double nearest(double x) {
    return switch (this) {
      case FLOAT32 -> (float) x;
      case FLOAT16 -> Float.float16ToFloat(float16(x));
      default -> x;
    };
  }

  /// The bits of the nearest binary16, ties to even, without rounding twice.
  public static short float16(double x) {
    float near = (float) x;
    if (near != x && !Float.isNaN(near)) {
      int bits = Float.floatToRawIntBits(near);
      // to odd: cut off towards 0, with a last bit of 1 for what was cut off
      int cut = Math.abs((double) near) > Math.abs(x) ? bits - 1 : bits;
      near = Float.intBitsToFloat(cut | 1);
    }
    return Float.floatToFloat16(near);
  }

  /// The name of the type in NumPy and in the query.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
