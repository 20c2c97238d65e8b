package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.Column;
import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Writes an Arrow stream: a schema, record batches of some hundred kilobytes, and the end. The
/// columns have the order in which they came; features that did not come follow. A missing value is
/// null.
public final class ArrowAnswerWriter extends AnswerWriter {
  /// The end of a stream: a continuation marker and no length.
  private static final byte[] END = {-1, -1, -1, -1, 0, 0, 0, 0};

  /// About how many bytes a record batch has, unless it is very wide.
  private static final int BATCH = 1 << 18;

  /// The fewest rows of a record batch. With fewer rows its metadata would be longer than its
  /// values.
  private static final int FEWEST_ROWS = 16;

  /// About how many bytes of metadata a column takes in the schema and in a record batch.
  private static final int ABOUT_A_COLUMN = 256;

  /// The rows of one record batch: their place in the array of a kept column, and in the answer.
  private record Slice(int array, int from, int row, int rows) {}

  private final BatchAnswer answer;
  private final List<Column> columns;
  private final List<Slice> slices;
  private final int behindSchema;

  /// @param first whether the schema is written before the rows
  /// @param last whether the end is written behind the rows
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
        partSize(answer.rows(), columns.size(), slices.size() + 2));
    this.answer = answer;
    this.columns = columns;
    this.slices = slices;
    this.behindSchema = first ? 1 : 0;
  }

  /// The bytes that end a stream.
  public static byte[] end() {
    return END.clone();
  }

  /// About how many bytes a part has: the whole of a small answer, whose one piece then never
  /// grows; for a large answer the bytes of a record batch beyond its usual size.
  private static long partSize(int rows, int columns, int parts) {
    long whole = columns * ((long) rows * Double.BYTES + ABOUT_A_COLUMN);
    return whole <= BATCH
        ? whole / parts
        : (long) Math.min(rows, FEWEST_ROWS) * columns * Double.BYTES;
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

  /// Slices the rows so that no slice crosses an array of a kept column. All kept columns have
  /// arrays of the same lengths.
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
    int slice = part - behindSchema;
    if (slice < 0) {
      ArrowSchema.write(columns.stream().map(this::field).toList(), out);
    } else if (slice < slices.size()) {
      write(slices.get(slice), out);
    } else {
      out.put(END);
    }
  }

  private ArrowField field(Column column) {
    return switch (column) {
      case FeatureColumn(int feature, boolean float32) ->
          ArrowField.ofNumbers(answer.features().name(feature), float32);
      case KeptColumn(ArrowField field, _) -> field;
    };
  }

  private void write(Slice slice, ByteSink out) {
    ArrowBody body = new ArrowBody(slice.rows());
    for (Column column : columns) {
      switch (column) {
        case FeatureColumn(int feature, boolean float32) ->
            body.numbers(answer, feature, slice.row(), float32);
        case KeptColumn(_, List<ArrowArray> arrays) ->
            body.array(arrays.get(slice.array()).slice(slice.from(), slice.rows()));
      }
    }
    body.write(out);
  }
}
