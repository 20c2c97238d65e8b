package io.evenkeel.surface.openinference.tensor;

/// A tensor of the answer.
///
/// @param type FP64, FP32 or FP16
/// @param binary whether its numbers follow the JSON as bytes
/// @param order where its values stand among the normalised rows
@SuppressWarnings("ArrayRecordComponent") // handed on to one writer, never compared
record AnsweredTensor(
    String name, TensorType type, long[] shape, boolean binary, ValueOrder order) {

  /// How many numbers there are.
  int size() {
    long size = 1;
    for (long each : shape) {
      size *= each;
    }
    return (int) size;
  }

  /// How many bytes the numbers take as bytes.
  long bytes() {
    return (long) size() * type.width();
  }
}
