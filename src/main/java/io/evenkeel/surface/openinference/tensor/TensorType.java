package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.codec.number.NumberType;
import java.util.Arrays;
import java.util.Optional;

/// The types of numbers in tensors of the Open Inference Protocol. The service computes with
/// doubles in any case.
public enum TensorType {
  /// 8 bytes.
  FP64(Double.BYTES),
  /// 4 bytes.
  FP32(Float.BYTES);

  private final int width;

  TensorType(int width) {
    this.width = width;
  }

  /// The type that numbers must fit.
  public FloatType floatType() {
    return this == FP32 ? FloatType.FLOAT32 : FloatType.FLOAT64;
  }

  /// The type of the raw numbers.
  NumberType numbers() {
    return this == FP32 ? NumberType.FLOAT32 : NumberType.FLOAT64;
  }

  /// How many bytes a number has.
  int width() {
    return width;
  }

  /// The type that a name stands for.
  static Optional<TensorType> of(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
