package io.evenkeel.codec.binary;

import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.RowCollector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Reads rows of little-endian numbers `[N × D]` of 8 or 4 bytes with nothing between them. NaN is
/// a missing value.
public final class RowBytes {
  private final RowCollector rows;
  private final BesideRows beside;
  private final boolean float32;
  private final int width;
  private final byte[] rest = new byte[Double.BYTES];
  private int restLength;
  private int cells;

  public RowBytes(RowCollector rows, BesideRows beside, boolean float32) {
    this.rows = rows;
    this.beside = beside;
    this.float32 = float32;
    this.width = float32 ? Float.BYTES : Double.BYTES;
  }

  /// Takes the next bytes.
  public void feed(byte[] bytes, int offset, int length) {
    feed(ByteBuffer.wrap(bytes, offset, length));
  }

  void feed(ByteBuffer bytes) {
    while (restLength > 0 && bytes.hasRemaining()) {
      rest[restLength++] = bytes.get();
      if (restLength == width) {
        restLength = 0;
        numbers(ByteBuffer.wrap(rest, 0, width));
      }
    }
    numbers(bytes);
    while (bytes.hasRemaining()) {
      rest[restLength++] = bytes.get();
    }
  }

  private void numbers(ByteBuffer bytes) {
    ByteBuffer ordered = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int whole = ordered.remaining() / width;
    if (float32) {
      FloatBuffer floats = ordered.asFloatBuffer();
      numbers(
          whole,
          (values, from, count) -> {
            for (int k = 0; k < count; k++) {
              values[from + k] = floats.get();
            }
          });
    } else {
      numbers(whole, ordered.asDoubleBuffer()::get);
    }
    bytes.position(bytes.position() + whole * width);
  }

  /// Fills a part of an array with the next numbers.
  private interface Source {
    void get(double[] values, int from, int count);
  }

  private void numbers(int count, Source source) {
    int left = count;
    while (left > 0) {
      int run = Math.min(left, rows.width() - cells);
      double[] values = rows.cells(run);
      source.get(values, rows.endOfCells() - run, run);
      left -= run;
      cells += run;
      if (cells == rows.width()) {
        cells = 0;
        rows.endRow(beside);
      }
    }
  }

  /// Ends the bytes. An incomplete row is a fault.
  public void finish() {
    if (cells > 0 || restLength > 0) {
      rows.endRow(beside);
    }
  }
}
