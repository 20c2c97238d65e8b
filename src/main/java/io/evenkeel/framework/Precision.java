package io.evenkeel.framework;

import io.evenkeel.fault.Numbers;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/// The type of the numbers in a binary form.
public enum Precision {
  /// IEEE 754 binary64.
  FLOAT64(Double.BYTES, "F64"),
  /// IEEE 754 binary32.
  FLOAT32(Float.BYTES, "F32");

  private final int bytes;
  private final String dtype;

  Precision(int bytes, String dtype) {
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /// How many bytes a number takes.
  int bytes() {
    return bytes;
  }

  /// Its name in a safetensors header.
  String dtype() {
    return dtype;
  }

  /// The nearest number of this type.
  double round(double value) {
    return this == FLOAT32 ? (float) value : value;
  }

  /// Refuses a number that is too large for this type.
  ///
  /// @param what names the number in the sentence
  void requireFinite(double value, Supplier<String> what) {
    if (!Double.isFinite(round(value))) {
      throw cannotHold(value, what);
    }
  }

  /// Refuses a number that is too large, or too small to keep its relative precision.
  ///
  /// @param what names the number in the sentence
  void requirePrecise(double value, Supplier<String> what) {
    requireFinite(value, what);
    if (this == FLOAT32 && value != 0 && Math.abs((float) value) < Float.MIN_NORMAL) {
      throw cannotHold(value, what);
    }
  }

  private UnsupportedOperation cannotHold(double value, Supplier<String> what) {
    String reason =
        this == FLOAT32
            ? "; float32 cannot hold it, but dtype=float64 can."
            : "; it must be finite.";
    return new UnsupportedOperation(what.get() + " is " + Numbers.plain(value) + reason);
  }

  /// The numbers, little-endian.
  byte[] bytes(double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (this == FLOAT32) {
        buffer.putFloat((float) value);
      } else {
        buffer.putDouble(value);
      }
    }
    return buffer.array();
  }
}
