package io.evenkeel.codec;

import io.evenkeel.validation.Bounds;
import io.evenkeel.validation.Pointers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Little-endian numbers `[N × D]` of 8 or 4 bytes without a header; NaN is a missing value.
final class BinaryBatchReader implements BatchReader {
  private final RowCollector rows;
  private final boolean float32;
  private final int width;
  private final byte[] rest = new byte[Double.BYTES];
  private int restLength;
  private int cells;

  BinaryBatchReader(ReadOptions options, RowCollector rows) {
    this.rows = rows;
    this.float32 = options.float32();
    this.width = float32 ? Float.BYTES : Double.BYTES;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (restLength > 0 && at < end) {
      rest[restLength++] = bytes[at++];
      if (restLength == width) {
        numbers(rest, 0, 1);
        restLength = 0;
      }
    }
    int whole = (end - at) / width;
    numbers(bytes, at, whole);
    at += whole * width;
    while (at < end) {
      rest[restLength++] = bytes[at++];
    }
  }

  private void numbers(byte[] bytes, int offset, int count) {
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes, offset, count * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      rows.cell(float32 ? buffer.getFloat() : buffer.getDouble());
      if (++cells == rows.width()) {
        cells = 0;
        rows.endRow(Pointers.POSITIONS);
        if (rows.isPartFull()) {
          rows.handOn(null, Bounds.NONE, Pointers.POSITIONS);
        }
      }
    }
  }

  @Override
  public boolean isHandingOn() {
    return rows.inParts();
  }

  @Override
  public DecodedBatch finish() {
    if (cells > 0 || restLength > 0) {
      rows.endRow(Pointers.POSITIONS);
    }
    return DecodedBatch.ofRows(
        rows.batch(null, Bounds.NONE, Pointers.POSITIONS, false), RowShape.ofNumbers(float32));
  }
}
