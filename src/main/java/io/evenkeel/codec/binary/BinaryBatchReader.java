package io.evenkeel.codec.binary;

import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import java.nio.ByteBuffer;

/// Reads little-endian numbers `[N × D]` of 8 or 4 bytes without a header. NaN is a missing value.
public final class BinaryBatchReader
    implements CollectingReader, BatchReader.OfBuffers, BesideRows {
  private final RowCollector rows;
  private final RowBytes numbers;
  private final boolean float32;

  public BinaryBatchReader(ReadOptions options, RowCollector rows) {
    this.rows = rows;
    this.float32 = options.float32();
    this.numbers = new RowBytes(rows, this, float32);
  }

  @Override
  public RowCollector rows() {
    return rows;
  }

  @Override
  public BesideRows beside() {
    return this;
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
  public DecodedBatch finish() {
    numbers.finish();
    return last();
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return RowShape.ofNumbers(float32);
  }
}
