package io.evenkeel.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Rows of little-endian numbers `[N × D]` of 8 or 4 bytes, nothing between them; NaN is a missing
/// value.
final class RowBytes {
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private final RowCollector rows;
  private final BesideRows beside;
  private final boolean float32;
  private final int width;
  private final byte[] rest = new byte[Double.BYTES];
  private int restLength;
  private int cells;

  RowBytes(RowCollector rows, BesideRows beside, boolean float32) {
    this.rows = rows;
    this.beside = beside;
    this.float32 = float32;
    this.width = float32 ? Float.BYTES : Double.BYTES;
  }

  void feed(byte[] bytes, int offset, int length) {
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
    int at = offset;
    int left = count;
    while (left > 0) {
      int run = Math.min(left, rows.width() - cells);
      double[] values = rows.cells(run);
      int to = rows.endOfCells() - run;
      for (int k = 0; k < run; k++) {
        int from = at + k * width;
        values[to + k] =
            float32 ? (float) FLOATS.get(bytes, from) : (double) DOUBLES.get(bytes, from);
      }
      at += run * width;
      left -= run;
      cells += run;
      if (cells == rows.width()) {
        cells = 0;
        rows.endRow(beside);
      }
    }
  }

  /// Ends the bytes; what is left of a row is a fault.
  void finish() {
    if (cells > 0 || restLength > 0) {
      rows.endRow(beside);
    }
  }
}
