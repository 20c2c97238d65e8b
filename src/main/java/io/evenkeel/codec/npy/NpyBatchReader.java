package io.evenkeel.codec.npy;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.RowBytes;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.ArrivedArray;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads an array `[N × D]`, or `[N]` for one feature, as `numpy.save` writes it: a header, then
/// numbers. NaN is a missing value.
///
/// An array of another shape or type is refused as soon as its header has come. An array in Fortran
/// order, column after column, is held whole, even in a stream.
public final class NpyBatchReader implements CollectingReader, BesideRows {
  private final RowCollector rows;
  private final long mostNumbers;
  private final NpyHead head;
  private @Nullable Numbers numbers;
  private long size;

  /// The numbers behind the header.
  ///
  /// @param fortran holds the bytes if the array is in Fortran order
  private record Numbers(
      NpyHeader header,
      RowShape shape,
      RowBytes rows,
      long length,
      @Nullable FortranArray fortran) {}

  /// @param mostNumbers the most numbers of an array that is held whole
  public NpyBatchReader(RowCollector rows, long mostNumbers) {
    this.rows = rows;
    this.mostNumbers = mostNumbers;
    this.head = new NpyHead(rows.memory());
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
    int at = offset;
    int end = offset + length;
    while (numbers == null && at < end) {
      NpyHeader header = head.take(bytes[at++]);
      numbers = header == null ? null : numbers(header);
    }
    if (numbers != null && at < end) {
      feed(numbers, bytes, at, end - at);
    }
  }

  private void feed(Numbers known, byte[] bytes, int offset, int length) {
    int wanted = (int) Math.min(length, known.length() - size);
    if (known.fortran() != null) {
      known.fortran().feed(bytes, offset, wanted);
    } else {
      known.rows().feed(bytes, offset, wanted);
    }
    size += wanted;
    if (wanted < length) {
      throw new UnreadableBody(
          "Bytes follow the " + known.length() + " that the header of the .npy file announces.",
          1,
          size + 1);
    }
  }

  private Numbers numbers(NpyHeader header) {
    requireShape(header.shape());
    long count = header.shape().getFirst();
    int width = rows.width() * header.type().width();
    long length = count > Long.MAX_VALUE / width ? Long.MAX_VALUE : count * width;
    ArrivedArray array = new ArrivedArray(count, header.shape().size() == 1);
    RowShape shape = RowShape.ofArray(header.type(), array);
    RowBytes bytes = new RowBytes(rows, this, header.type(), header.order());
    boolean fortran = header.fortran() && rows.width() > 1;
    if (fortran
        && (length > Integer.MAX_VALUE - 8 || length / header.type().width() > mostNumbers)) {
      throw new BatchTooLarge(mostNumbers);
    }
    FortranArray columns = fortran ? new FortranArray(rows.memory(), (int) length) : null;
    return new Numbers(header, shape, bytes, length, columns);
  }

  private void requireShape(List<Long> shape) {
    int features = rows.width();
    boolean fits =
        shape.size() == 2 ? shape.get(1) == features : shape.size() == 1 && features == 1;
    if (!fits) {
      boolean turned = shape.size() == 2 && shape.get(0) == features;
      String detail =
          "The array has the shape "
              + NpyHeader.words(shape)
              + "; it must be (N, "
              + features
              + "), a column for each of the normalizer's features."
              + (turned ? " Is it to be transposed (array.T)?" : "");
      String code = shape.size() == 2 ? Fault.FEATURE_COUNT : Fault.SIZE;
      throw new InvalidInput(Subject.BATCH, Faults.of(new Fault("#/header/shape", code, detail)));
    }
  }

  @Override
  public boolean isHandingOn() {
    return numbers != null && numbers.fortran() == null && rows.isHandingOn();
  }

  /// @throws UnreadableBody if the body ends before its last number
  @Override
  public DecodedBatch finish() {
    Numbers known = numbers;
    if (known == null) {
      throw head.endedEarly();
    }
    if (size < known.length()) {
      throw new UnreadableBody(
          "The .npy file is cut off: its header says "
              + NpyHeader.words(known.header().shape())
              + " numbers of "
              + known.header().type()
              + ", which are "
              + known.length()
              + " bytes, and "
              + size
              + " came.",
          1,
          size + 1);
    }
    if (known.fortran() != null) {
      known.fortran().rows(rows.width(), known.header().type().width(), known.rows());
    }
    return last();
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    return numbers == null ? RowShape.ofNumbers(NumberType.FLOAT64) : numbers.shape();
  }
}
