package io.evenkeel.codec.binary;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.MistakenFormat;
import io.evenkeel.codec.rows.OtherFormat;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowBytes;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.Numbers;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/// Reads little-endian numbers `[N × D]` of one type without a header. NaN is a missing value.
///
/// Nothing in such a body says what it is. So it is refused if its first bytes are those of a file
/// format ([MistakenFormat]) or text, or if it does not have as many rows as the sender announced.
public final class BinaryBatchReader
    implements CollectingReader, BatchReader.OfBuffers, BesideRows {
  private final RowCollector rows;
  private final RowBytes numbers;
  private final NumberType type;
  private final OptionalLong announced;
  private final byte[] head = new byte[OtherFormat.HEAD];
  private int headSize;
  private boolean isKnown;
  private long size;

  /// @param length of the body in bytes, −1 if it is not known
  /// @throws InvalidInput if the rows announced by `options` have another length
  public BinaryBatchReader(ReadOptions options, RowCollector rows, long length) {
    this.rows = rows;
    this.type = options.numbers();
    this.announced = options.rows();
    this.numbers = new RowBytes(rows, this, type, ByteOrder.LITTLE_ENDIAN);
    if (length >= 0) {
      requireAnnounced(length);
    }
  }

  private void requireAnnounced(long bytes) {
    long row = (long) rows.width() * type.width();
    if (announced.isPresent() && (bytes % row != 0 || bytes / row != announced.getAsLong())) {
      String detail =
          "The body has "
              + bytes
              + " bytes: "
              + Numbers.plain((double) bytes / row)
              + " rows of "
              + rows.width()
              + " numbers of "
              + type
              + ". The query says rows="
              + announced.getAsLong()
              + ". Is dtype the type of the numbers?";
      Fault fault = new Fault(Pointers.POSITIONS.rows(), Fault.FEATURE_COUNT, detail);
      throw new InvalidInput(Subject.BATCH, Faults.of(fault));
    }
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
    feed(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void feed(ByteBuffer bytes) {
    size += bytes.remaining();
    while (!isKnown && bytes.hasRemaining()) {
      head[headSize++] = bytes.get();
      if (!OtherFormat.mayBeAny(head, headSize) && !MistakenText.mayBe(head, headSize, type)) {
        begin();
      }
    }
    numbers.feed(bytes);
  }

  private void begin() {
    isKnown = true;
    numbers.feed(head, 0, headSize);
  }

  @Override
  public DecodedBatch finish() {
    if (!isKnown) {
      begin();
    }
    requireAnnounced(size);
    numbers.finish(this::noWholeRows);
    return last();
  }

  private String noWholeRows() {
    String detail =
        "The body has "
            + size
            + " bytes; a row of "
            + rows.width()
            + " numbers of "
            + type
            + " has "
            + (long) rows.width() * type.width()
            + ".";
    return size == headSize && MistakenText.isText(head, headSize)
        ? detail + " " + MistakenText.detail(head, headSize)
        : detail;
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return RowShape.ofNumbers(type);
  }
}
