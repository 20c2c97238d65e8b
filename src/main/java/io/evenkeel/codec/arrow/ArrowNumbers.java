package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowBuffers.Extent;
import io.evenkeel.codec.number.NumberType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.function.IntFunction;

/// A column of numbers in a message, or of a child. Each is read once: floats of 4 and 8 bytes
/// where they lie; other numbers are converted to doubles beforehand.
final class ArrowNumbers {
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  /// The values of a column that are not exactly doubles.
  ///
  /// @param texts gives such a value in decimal, as long as the message is there
  record Inexact(BitSet rows, IntFunction<String> texts) {
    /// Every value is exactly a double.
    static final Inexact NONE = new Inexact(new BitSet(), _ -> "");
  }

  private final byte[] bytes;
  private final boolean float32;
  private final byte[] validity;
  private final int validityAt;
  private final int valuesAt;
  private final int length;
  private final Inexact inexact;

  /// @param validity empty if no value is null
  private ArrowNumbers(
      Extent values, boolean float32, Extent validity, int length, Inexact inexact) {
    this.bytes = values.bytes();
    this.valuesAt = values.at();
    this.float32 = float32;
    this.validity = validity.bytes();
    this.validityAt = validity.length() == 0 ? -1 : validity.at();
    this.length = length;
    this.inexact = inexact;
  }

  /// The next column of a record batch, or the next child of one.
  ///
  /// @param dictionaries gives the values of encoded columns
  static ArrowNumbers next(
      ArrowNumberType type, ArrowBuffers buffers, ArrowDictionaries dictionaries) {
    int length = buffers.nextNode();
    if (type instanceof ArrowNumberType.Raw(NumberType raw)
        && (raw == NumberType.FLOAT64 || raw == NumberType.FLOAT32)) {
      Extent validity = buffers.nextValidity(length);
      Extent values = buffers.nextBuffer((long) length * raw.width());
      return new ArrowNumbers(values, raw == NumberType.FLOAT32, validity, length, Inexact.NONE);
    }
    return ArrowConversion.next(type, length, buffers, dictionaries);
  }

  /// A column that was converted to doubles.
  static ArrowNumbers converted(byte[] doubles, Extent validity, int length, Inexact inexact) {
    return new ArrowNumbers(
        new Extent(doubles, 0, doubles.length), false, validity, length, inexact);
  }

  /// How many values there are.
  int length() {
    return length;
  }

  /// The number in a row; NaN if it is null.
  double at(int row) {
    if (validityAt >= 0 && (validity[validityAt + (row >> 3)] >> (row & 7) & 1) == 0) {
      return Double.NaN;
    }
    return float32
        ? (float) FLOATS.get(bytes, valuesAt + row * Float.BYTES)
        : (double) DOUBLES.get(bytes, valuesAt + row * Double.BYTES);
  }

  /// The values that are not exactly doubles.
  Inexact inexact() {
    return inexact;
  }
}
