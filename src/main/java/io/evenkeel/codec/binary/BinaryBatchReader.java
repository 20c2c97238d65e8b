package io.evenkeel.codec.binary;

import io.evenkeel.admission.Bounds;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Pointers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Little-endian numbers `[N × D]` of 8 or 4 bytes without a header; NaN is a missing value.
public final class BinaryBatchReader implements BatchReader.OfBuffers, BesideRows {
  private final RowCollector rows;
  private final RowBytes numbers;
  private final boolean float32;

  public BinaryBatchReader(ReadOptions options, RowCollector rows) {
    this.rows = rows;
    this.float32 = options.float32();
    this.numbers = new RowBytes(rows, this, float32);
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    numbers.feed(bytes, offset, length);
  }

  @Override
  public void feed(ByteBuffer bytes) {
    numbers.feed(bytes);
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
    numbers.finish();
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
