package io.evenkeel.codec.rows;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/// Reads rows of raw numbers `[N × D]` of one type with nothing between them. NaN is a missing
/// value. An integer that is not exactly a double is a fault.
public final class RowBytes {
  private final RowCollector rows;
  private final BesideRows beside;
  private final NumberType type;
  private final ByteOrder order;
  private final int width;
  private final byte[] rest = new byte[Double.BYTES];
  private int restLength;

  public RowBytes(RowCollector rows, BesideRows beside, NumberType type, ByteOrder order) {
    this.rows = rows;
    this.beside = beside;
    this.type = type;
    this.order = order;
    this.width = type.width();
  }

  /// Takes the next bytes.
  public void feed(byte[] bytes, int offset, int length) {
    feed(ByteBuffer.wrap(bytes, offset, length));
  }

  /// Takes all remaining bytes of a buffer.
  public void feed(ByteBuffer bytes) {
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
    ByteBuffer ordered = bytes.slice().order(order);
    NumberType.Source source = type.source(ordered);
    int whole = ordered.remaining() / width;
    int taken = 0;
    while (taken < whole) {
      int count = rows.reserve(whole - taken);
      if (type.mayBeInexact()) {
        count = Math.min(count, rows.width() - rows.cellsOfRow());
        requireExact(ordered, taken, count);
      }
      rows.put(source, count, beside);
      taken += count;
    }
    bytes.position(bytes.position() + whole * width);
  }

  private void requireExact(ByteBuffer numbers, int first, int run) {
    for (int k = 0; k < run; k++) {
      long bits = numbers.getLong((first + k) * Long.BYTES);
      if (!type.isExact(bits)) {
        long row = rows.row();
        String detail =
            type.decimal(bits)
                + " is no float64. Send the numbers as float64, if the nearest ones will do.";
        String pointer = beside.pointers(row, 1).cell(row, rows.cellsOfRow() + k);
        rows.fault(new Fault(pointer, Fault.NOT_EXACT, detail), beside);
      }
    }
  }

  /// Ends the bytes. An incomplete row is a fault.
  ///
  /// @param detail the sentence about it
  public void finish(Supplier<String> detail) {
    if (rows.cellsOfRow() > 0 || restLength > 0) {
      String pointer = beside.pointer(rows.row());
      rows.fault(new Fault(pointer, Fault.FEATURE_COUNT, detail.get()), beside);
      rows.cutOffRow(beside);
    }
  }
}
