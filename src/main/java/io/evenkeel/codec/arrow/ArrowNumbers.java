package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowBuffers.Extent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A column of numbers in a message. Each is read once, where it lies.
final class ArrowNumbers {
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final boolean float32;
  private final int validityAt;
  private final int valuesAt;

  /// The next column of a record batch.
  ArrowNumbers(ArrowBuffers buffers, boolean float32) {
    buffers.nextColumn();
    Extent validity = buffers.nextValidity(buffers.rows());
    this.validityAt = validity.length() == 0 ? -1 : validity.at();
    int width = float32 ? Float.BYTES : Double.BYTES;
    this.valuesAt = buffers.nextBuffer((long) buffers.rows() * width).at();
    this.bytes = buffers.bytes();
    this.float32 = float32;
  }

  /// The number in a row; NaN if it is null.
  double at(int row) {
    if (validityAt >= 0 && (bytes[validityAt + (row >> 3)] >> (row & 7) & 1) == 0) {
      return Double.NaN;
    }
    return float32
        ? (float) FLOATS.get(bytes, valuesAt + row * Float.BYTES)
        : (double) DOUBLES.get(bytes, valuesAt + row * Double.BYTES);
  }
}
