package io.evenkeel.codec.rows;

import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.number.NumberType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Optional;

/// Writes little-endian numbers `[N × D]` of a type of floats, behind a header if there is one. A
/// missing value is NaN.
public final class NumbersAnswerWriter extends AnswerWriter {
  private final BatchAnswer answer;
  private final NumberType type;
  private final byte[] header;
  private boolean headed;

  /// @param header the bytes before the numbers; empty if there are none
  public NumbersAnswerWriter(BatchAnswer answer, NumberType type, byte[] header) {
    super(
        answer.rows() + (header.length > 0 ? 1 : 0),
        (long) answer.features().size() * Double.BYTES + header.length);
    this.answer = answer;
    this.type = type;
    this.header = header;
    this.headed = header.length == 0;
  }

  @Override
  protected Optional<FixedParts> fixedParts() {
    int size = answer.features().size() * Double.BYTES;
    return headed && type == NumberType.FLOAT64
        ? Optional.of(new FixedParts(size, this::doubles))
        : Optional.empty();
  }

  private void doubles(int part, int count, ByteBuffer target) {
    int features = answer.features().size();
    DoubleBuffer numbers = target.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    answer.matrix().put(row(part), count, features, numbers);
    target.position(target.position() + count * features * Double.BYTES);
  }

  /// The header, if there is one, is the first part.
  private int row(int part) {
    return header.length > 0 ? part - 1 : part;
  }

  @Override
  protected void write(int part, ByteSink out) {
    if (!headed) {
      headed = true;
      out.put(header);
      return;
    }
    int features = answer.features().size();
    int from = row(part) * features;
    out.floats(type, answer.matrix().before(row(part) + 1), from, from + features);
  }
}
