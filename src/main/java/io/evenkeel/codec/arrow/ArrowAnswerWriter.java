package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.Column;
import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// An Arrow stream: a schema, record batches of some hundred kilobytes, and the end. The columns
/// come in the order in which they came, then the features that did not come; null where missing.
public final class ArrowAnswerWriter extends AnswerWriter {
  /// The end of a stream: a continuation marker and no length.
  private static final byte[] END = {-1, -1, -1, -1, 0, 0, 0, 0};

  /// What a record batch has in bytes, unless it is very wide.
  private static final int BATCH = 1 << 18;

  /// With fewer rows, what a record batch tells of its columns would be longer than its values.
  private static final int FEWEST_ROWS = 16;

  /// Rows that become one record batch: in an array of a kept column, and in the answer.
  private record Slice(int array, int from, int row, int rows) {}

  private final BatchAnswer answer;
  private final List<Column> columns;
  private final List<Slice> slices;
  private final int behindSchema;

  /// @param first whether the schema comes before the rows
  /// @param last whether the end comes behind them
  public ArrowAnswerWriter(BatchAnswer answer, RowShape shape, boolean first, boolean last) {
    this(answer, columns(answer, shape), first, last);
  }

  private ArrowAnswerWriter(BatchAnswer answer, List<Column> columns, boolean first, boolean last) {
    this(answer, columns, slices(answer.rows(), columns), first, last);
  }

  private ArrowAnswerWriter(
      BatchAnswer answer, List<Column> columns, List<Slice> slices, boolean first, boolean last) {
    super(
        slices.size() + (first ? 1 : 0) + (last ? 1 : 0),
        (long) Math.min(answer.rows(), FEWEST_ROWS) * columns.size() * Double.BYTES);
    this.answer = answer;
    this.columns = columns;
    this.slices = slices;
    this.behindSchema = first ? 1 : 0;
  }

  /// What ends a stream.
  public static byte[] end() {
    return END.clone();
  }

  private static List<Column> columns(BatchAnswer answer, RowShape shape) {
    List<Column> columns = new ArrayList<>();
    BitSet came = new BitSet();
    shape
        .arrived()
        .map(ArrowShape.class::cast)
        .ifPresent(arrow -> {
          columns.addAll(arrow.columns());
          arrow
              .columns()
              .forEach(column -> {
                if (column instanceof FeatureColumn(int feature, _)) {
                  came.set(feature);
                }
              });
        });
    for (Column column : ArrowShape.of(answer.features()).columns()) {
      if (column instanceof FeatureColumn(int feature, _) && !came.get(feature)) {
        columns.add(column);
      }
    }
    return columns;
  }

  /// No slice crosses the arrays of kept columns, which all have the same lengths.
  private static List<Slice> slices(int rows, List<Column> columns) {
    List<KeptColumn> kept =
        columns.stream().filter(KeptColumn.class::isInstance).map(KeptColumn.class::cast).toList();
    List<Slice> slices = new ArrayList<>();
    int arrays = kept.isEmpty() ? 1 : kept.getFirst().arrays().size();
    int row = 0;
    for (int array = 0; array < arrays; array++) {
      int length = kept.isEmpty() ? rows : kept.getFirst().arrays().get(array).length();
      long bytes = (long) length * columns.size() * Double.BYTES;
      for (KeptColumn column : kept) {
        bytes += column.arrays().get(array).size();
      }
      int each = (int) Math.max(FEWEST_ROWS, (long) BATCH * length / Math.max(1, bytes));
      for (int from = 0; from < length; from += each) {
        int count = Math.min(each, length - from);
        slices.add(new Slice(array, from, row, count));
        row += count;
      }
    }
    return slices;
  }

  @Override
  protected void write(int part, ByteSink out) {
    WriteChannel channel = new WriteChannel(new SinkChannel(out));
    try {
      int slice = part - behindSchema;
      if (slice < 0) {
        MessageSerializer.serialize(channel, schema());
      } else if (slice < slices.size()) {
        write(slices.get(slice), channel);
      } else {
        out.put(END);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Schema schema() {
    return new Schema(columns.stream().map(this::field).toList());
  }

  private Field field(Column column) {
    return switch (column) {
      case FeatureColumn(int feature, boolean float32) ->
          Field.nullable(
              answer.features().name(feature),
              new ArrowType.FloatingPoint(
                  float32 ? FloatingPointPrecision.SINGLE : FloatingPointPrecision.DOUBLE));
      case KeptColumn(Field field, _) -> field;
    };
  }

  private void write(Slice slice, WriteChannel channel) throws IOException {
    List<ArrowArray> kept = new ArrayList<>();
    long size = 0;
    for (Column column : columns) {
      switch (column) {
        case FeatureColumn(_, boolean float32) ->
            size += ArrowBody.sizeOfNumbers(slice.rows(), float32);
        case KeptColumn(_, List<ArrowArray> arrays) -> {
          ArrowArray array = arrays.get(slice.array()).slice(slice.from(), slice.rows());
          kept.add(array);
          size += ArrowBody.sizeOf(array);
        }
      }
    }
    try (ArrowBody body = new ArrowBody(slice.rows(), Math.toIntExact(size))) {
      int next = 0;
      for (Column column : columns) {
        switch (column) {
          case FeatureColumn(int feature, boolean float32) ->
              body.numbers(answer, feature, slice.row(), float32);
          case KeptColumn _ -> body.array(kept.get(next++));
        }
      }
      try (ArrowRecordBatch batch = body.batch()) {
        MessageSerializer.serialize(channel, batch);
      }
    }
  }

  /// Where Arrow's library writes to.
  private record SinkChannel(ByteSink out) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) {
      int length = source.remaining();
      out.bytes(source);
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
