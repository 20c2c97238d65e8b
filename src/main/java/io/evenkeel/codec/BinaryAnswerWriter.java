package io.evenkeel.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/// Numbers `[N × D]`, little-endian, 8 or 4 bytes each, without a header; NaN where missing.
final class BinaryAnswerWriter extends AnswerWriter {
  private final BatchAnswer answer;
  private final boolean float32;

  BinaryAnswerWriter(BatchAnswer answer, RowShape shape) {
    super(answer.rows(), (long) answer.features().size() * Double.BYTES);
    this.answer = answer;
    this.float32 = shape.float32();
  }

  @Override
  OptionalInt exactPart() {
    return float32 ? OptionalInt.empty() : OptionalInt.of(answer.features().size() * Double.BYTES);
  }

  @Override
  void write(int part, int parts, ByteBuffer target) {
    int features = answer.features().size();
    int count = parts * features;
    target
        .order(ByteOrder.LITTLE_ENDIAN)
        .asDoubleBuffer()
        .put(answer.values(), part * features, count);
    target.position(target.position() + count * Double.BYTES);
  }

  @Override
  void write(int part, ByteSink out) {
    int features = answer.features().size();
    int from = part * features;
    if (float32) {
      out.floats(answer.values(), from, from + features);
    } else {
      out.doubles(answer.values(), from, from + features);
    }
  }
}
