package io.evenkeel.codec;

import io.evenkeel.validation.Bounds;
import io.evenkeel.validation.Pointers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Little-endian numbers `[N × D]` of 8 or 4 bytes without a header; NaN is a missing value.
final class BinaryBatchReader implements BatchReader, BesideRows {
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

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
    for (int i = 0, at = offset; i < count; i++, at += width) {
      rows.cell(float32 ? (float) FLOATS.get(bytes, at) : (double) DOUBLES.get(bytes, at));
      if (++cells == rows.width()) {
        cells = 0;
        rows.endRow(this);
      }
    }
  }

  @Override
  public boolean isHandingOn() {
    return rows.isHandingOn();
  }

  @Override
  public void handOnComplete() {
    rows.handOnComplete(this);
  }

  @Override
  public void handOnAll() {
    rows.handOnAll(this);
  }

  @Override
  public DecodedBatch finish() {
    if (cells > 0 || restLength > 0) {
      rows.endRow(this);
    }
    return DecodedBatch.ofRows(rows.last(this, false), RowShape.ofNumbers(float32));
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return null;
  }

  @Override
  public Bounds bounds() {
    return Bounds.NONE;
  }

  @Override
  public String pointer(long row) {
    return Pointers.POSITIONS.row(row);
  }

  @Override
  public Pointers pointers(long firstRow, int count) {
    return Pointers.POSITIONS;
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return RowShape.ofNumbers(float32);
  }

  @Override
  public void forget(int count) {
    // nothing is beside the numbers
  }
}
