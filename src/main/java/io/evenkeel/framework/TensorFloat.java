package io.evenkeel.framework;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// A type of floating-point numbers in a safetensors file. Each of its numbers is exactly a double.
enum TensorFloat {
  /// IEEE 754 binary64.
  F64(Double.BYTES) {
    @Override
    double next(ByteBuffer data) {
      return data.getDouble();
    }
  },
  /// IEEE 754 binary32.
  F32(Float.BYTES) {
    @Override
    double next(ByteBuffer data) {
      return data.getFloat();
    }
  },
  /// IEEE 754 binary16.
  F16(Short.BYTES) {
    @Override
    double next(ByteBuffer data) {
      return Float.float16ToFloat(data.getShort());
    }
  },
  /// The upper half of a binary32.
  BF16(Short.BYTES) {
    @Override
    double next(ByteBuffer data) {
      return Float.intBitsToFloat(data.getShort() << Short.SIZE);
    }
  };

  private final int bytes;

  TensorFloat(int bytes) {
    this.bytes = bytes;
  }

  /// The type of a dtype in a file's header.
  static Optional<TensorFloat> of(String dtype) {
    return Arrays.stream(values()).filter(type -> type.name().equals(dtype)).findFirst();
  }

  /// How many bytes a number takes.
  int bytes() {
    return bytes;
  }

  abstract double next(ByteBuffer data);

  /// All numbers of a tensor.
  ///
  /// @param data little-endian
  double[] numbers(ByteBuffer data) {
    double[] values = new double[data.remaining() / bytes];
    for (int j = 0; j < values.length; j++) {
      values[j] = next(data);
    }
    return values;
  }
}
