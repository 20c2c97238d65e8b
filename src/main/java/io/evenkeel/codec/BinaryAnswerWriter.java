package io.evenkeel.codec;

/// Numbers `[N × D]`, little-endian, 8 or 4 bytes each, without a header; NaN where missing.
final class BinaryAnswerWriter extends AnswerWriter {
  private final BatchAnswer answer;
  private final boolean float32;

  BinaryAnswerWriter(BatchAnswer answer, RowShape shape) {
    super(answer.rows());
    this.answer = answer;
    this.float32 = shape.float32();
  }

  @Override
  void write(int part, ByteSink out) {
    int features = answer.features().size();
    for (int j = 0; j < features; j++) {
      double x = answer.value(part, j);
      if (float32) {
        out.intBits(Float.floatToIntBits((float) x));
      } else {
        out.longBits(Double.doubleToLongBits(x));
      }
    }
  }
}
