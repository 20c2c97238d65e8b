package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.codec.number.NumberType;
import java.util.Arrays;
import java.util.Optional;

/// The types of numbers in tensors of the Open Inference Protocol. The service computes with
/// doubles in any case.
public enum TensorType {
  FP64(NumberType.FLOAT64),
  FP32(NumberType.FLOAT32),
  FP16(NumberType.FLOAT16),
  INT8(NumberType.INT8, Byte.MIN_VALUE, Byte.MAX_VALUE),
  INT16(NumberType.INT16, Short.MIN_VALUE, Short.MAX_VALUE),
  INT32(NumberType.INT32, Integer.MIN_VALUE, Integer.MAX_VALUE),
  INT64(NumberType.INT64, Long.MIN_VALUE, 0x1.fffffffffffffp62),
  UINT8(NumberType.UINT8, 0, 0xff),
  UINT16(NumberType.UINT16, 0, 0xffff),
  UINT32(NumberType.UINT32, 0, 0xffffffffL),
  UINT64(NumberType.UINT64, 0, 0x1.fffffffffffffp63),
  BOOL(NumberType.BOOL, 0, 1);

  /// All of them, in a sentence.
  static final String NAMES = "FP64, FP32, FP16, INT8 to INT64, UINT8 to UINT64 or BOOL";

  private final NumberType numbers;
  private final double least;
  private final double most;

  TensorType(NumberType numbers) {
    this(numbers, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  TensorType(NumberType numbers, double least, double most) {
    this.numbers = numbers;
    this.least = least;
    this.most = most;
  }

  /// The type of the raw numbers.
  NumberType numbers() {
    return numbers;
  }

  /// How many bytes a number has.
  int width() {
    return numbers.width();
  }

  /// The type of the answer to numbers of this type: the same for floats, otherwise `FP64`.
  TensorType answered() {
    return numbers.isFloat() ? this : FP64;
  }

  /// The type that answered numbers must fit.
  FloatType floatType() {
    return switch (this) {
      case FP16 -> FloatType.FLOAT16;
      case FP32 -> FloatType.FLOAT32;
      default -> FloatType.FLOAT64;
    };
  }

  /// Whether a number is one of this type. A missing value is; so is a number that a float of this
  /// type is rounded from.
  boolean has(double x) {
    return numbers.isFloat() || Double.isNaN(x) || (x >= least && x <= most && x == Math.rint(x));
  }

  /// The type that a name stands for.
  static Optional<TensorType> of(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
