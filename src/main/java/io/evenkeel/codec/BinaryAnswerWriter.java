package io.evenkeel.codec;

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
