package io.evenkeel.codec.binary;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Writes little-endian numbers `[N × D]` of 8 or 4 bytes without a header. A missing value is NaN.
public final class BinaryAnswerWriter extends AnswerWriter {
  private final BatchAnswer answer;
  private final boolean float32;

  public BinaryAnswerWriter(BatchAnswer answer, RowShape shape) {
    super(answer.rows(), (long) answer.features().size() * Double.BYTES);
    this.answer = answer;
    this.float32 = shape.float32();
  }

  @Override
  protected Optional<FixedParts> fixedParts() {
    int size = answer.features().size() * Double.BYTES;
    return float32 ? Optional.empty() : Optional.of(new FixedParts(size, this::doubles));
  }

  private void doubles(int row, int count, ByteBuffer target) {
    int features = answer.features().size();
    int numbers = count * features;
    target
        .order(ByteOrder.LITTLE_ENDIAN)
        .asDoubleBuffer()
        .put(answer.values(), row * features, numbers);
    target.position(target.position() + numbers * Double.BYTES);
  }

  @Override
  protected void write(int part, ByteSink out) {
    int features = answer.features().size();
    int from = part * features;
    if (float32) {
      out.floats(answer.values(), from, from + features);
    } else {
      out.doubles(answer.values(), from, from + features);
    }
  }
}
