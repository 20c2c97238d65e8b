package io.evenkeel.codec.npy;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;
import io.evenkeel.codec.sample.SampledColumn;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Features;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the columns of an array `[N × D]`, or `[N]`, that `numpy.save` wrote. They have no names.
///
/// The header tells everything but whether values are missing. In Fortran order the first rows are
/// spread over the whole array, so that all of it is read.
public final class NpySampleReader implements SampleReader {
  /// How many bytes a column takes.
  private static final long OF_COLUMN = 160;

  private static final int CHUNK = 1 << 12;

  private final MemoryShare memory;
  private final NpyHead head;
  private @Nullable Numbers numbers;
  private final double[] chunk = new double[CHUNK];
  private final byte[] rest = new byte[Double.BYTES];
  private int restLength;
  private long seen;

  /// The array behind the header.
  private record Numbers(NpyHeader header, long rows, List<SampledColumn> columns) {
    long size() {
      return rows * columns.size();
    }

    /// The numbers that need not be read any more begin here.
    long enough() {
      return header.fortran() ? size() : Math.min(rows, MOST_ROWS) * columns.size();
    }

    void take(long index, double x) {
      boolean fortran = header.fortran();
      long row = fortran ? index % rows : index / columns.size();
      if (row < MOST_ROWS) {
        SampledColumn column = columns.get((int) (fortran ? index / rows : index % columns.size()));
        if (Double.isNaN(x)) {
          column.missing();
        } else {
          column.number();
        }
      }
    }
  }

  /// @param memory is asked before columns are held
  public NpySampleReader(MemoryShare memory) {
    this.memory = memory;
    this.head = new NpyHead(memory);
  }

  @Override
  public boolean feed(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (numbers == null && at < end) {
      NpyHeader header = head.take(bytes[at++]);
      numbers = header == null ? null : numbers(header);
    }
    Numbers known = numbers;
    if (known == null) {
      return true;
    }
    take(known, ByteBuffer.wrap(bytes, at, end - at));
    return seen < known.enough();
  }

  private Numbers numbers(NpyHeader header) {
    List<Long> shape = header.shape();
    if (shape.isEmpty() || shape.size() > 2) {
      throw refused(
          Fault.SIZE,
          "The array has the shape "
              + NpyHeader.words(shape)
              + "; it must have two axes, rows and columns, or one.");
    }
    long features = shape.size() == 1 ? 1 : shape.get(1);
    if (features < 1 || features > Features.MOST) {
      throw refused(
          features < 1 ? Fault.FEATURE_COUNT : Fault.TOO_MANY_FEATURES,
          "The array has the shape "
              + NpyHeader.words(shape)
              + "; a normalizer has 1 to "
              + Features.MOST
              + " features, one for each column.");
    }
    long rows = shape.getFirst();
    if (rows > Long.MAX_VALUE / Double.BYTES / features) {
      throw refused(
          Fault.SIZE,
          "The array has the shape " + NpyHeader.words(shape) + ", which is larger than any file.");
    }
    memory.take(OF_COLUMN * features);
    List<SampledColumn> columns = new ArrayList<>();
    for (int j = 0; j < features; j++) {
      columns.add(new SampledColumn("f" + j));
    }
    return new Numbers(header, rows, columns);
  }

  private static InvalidInput refused(String code, String detail) {
    return new InvalidInput(Subject.BATCH, Faults.of(new Fault("#/header/shape", code, detail)));
  }

  private void take(Numbers known, ByteBuffer bytes) {
    int width = known.header().type().width();
    while (restLength > 0 && bytes.hasRemaining()) {
      rest[restLength++] = bytes.get();
      if (restLength == width) {
        restLength = 0;
        numbers(known, ByteBuffer.wrap(rest, 0, width));
      }
    }
    numbers(known, bytes);
    while (bytes.hasRemaining()) {
      rest[restLength++] = bytes.get();
    }
  }

  private void numbers(Numbers known, ByteBuffer bytes) {
    NumberType type = known.header().type();
    int whole = bytes.remaining() / type.width();
    NumberType.Source source = type.source(bytes.slice().order(known.header().order()));
    int left = (int) Math.min(whole, Math.max(0, known.enough() - seen));
    while (left > 0) {
      int count = Math.min(left, CHUNK);
      source.get(chunk, 0, count);
      for (int k = 0; k < count; k++) {
        known.take(seen + k, chunk[k]);
      }
      seen += count;
      left -= count;
    }
    bytes.position(bytes.position() + whole * type.width());
  }

  @Override
  public Sample finish() {
    Numbers known = numbers;
    if (known == null) {
      throw head.endedEarly();
    }
    if (seen < known.enough()) {
      throw new UnreadableBody(
          "The .npy file is cut off: its header says "
              + NpyHeader.words(known.header().shape())
              + ", and "
              + seen
              + " numbers came.",
          1,
          1);
    }
    return new Sample(known.columns(), (int) Math.min(known.rows(), MOST_ROWS), false);
  }
}
