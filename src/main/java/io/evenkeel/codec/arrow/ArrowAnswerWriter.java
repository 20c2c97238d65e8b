package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.Column;
import io.evenkeel.codec.arrow.ArrowShape.EmbeddingColumn;
import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptColumn;
import io.evenkeel.codec.arrow.ArrowShape.KeptRows;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowSchema;
import io.evenkeel.codec.arrow.message.ArrowSchemaWriter;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.number.ByteSink;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.RowShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes an Arrow stream or file: a schema, record batches of some hundred kilobytes, and the end.
/// The columns have the order in which they came; features that did not come follow. A missing
/// value is null.
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

  /// The rows of one record batch: their place in one from which columns are kept, and in the
  /// answer.
  private record Slice(int batch, int from, int row, int rows) {}

  private final BatchAnswer answer;
  private final ArrowShape shape;
  private final List<Slice> slices;
  private final int behindSchema;
  private final Optional<ArrowFile> file;

  /// @param first whether the schema is written before the rows
  /// @param last whether the end is written behind the rows
  /// @param file follows the messages of a file; empty for a stream
  public ArrowAnswerWriter(
      BatchAnswer answer, RowShape shape, boolean first, boolean last, Optional<ArrowFile> file) {
    this(answer, shape(answer, shape), first, last, file);
  }

  private ArrowAnswerWriter(
      BatchAnswer answer, ArrowShape shape, boolean first, boolean last, Optional<ArrowFile> file) {
    this(answer, shape, slices(answer.rows(), width(answer, shape), shape), first, last, file);
  }

  private ArrowAnswerWriter(
      BatchAnswer answer,
      ArrowShape shape,
      List<Slice> slices,
      boolean first,
      boolean last,
      Optional<ArrowFile> file) {
    super(
        slices.size() + (first ? 1 : 0) + (last ? 1 : 0),
        partSize(answer.rows(), width(answer, shape), slices.size() + 2));
    this.answer = answer;
    this.shape = shape;
    this.slices = slices;
    this.behindSchema = first ? 1 : 0;
    this.file = file;
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

  /// How many columns of numbers the answer has, or would have.
  private static int width(BatchAnswer answer, ArrowShape shape) {
    return Math.max(shape.columns().size(), answer.features().size());
  }

  /// The columns in the order in which they came; features that did not come follow.
  private static ArrowShape shape(BatchAnswer answer, RowShape shape) {
    ArrowShape all = ArrowShape.of(answer.features());
    if (shape.arrived().isEmpty()) {
      return all;
    }
    ArrowShape arrived = (ArrowShape) shape.arrived().get();
    List<Column> columns = new ArrayList<>(arrived.columns());
    BitSet came = new BitSet();
    for (Column column : arrived.columns()) {
      switch (column) {
        case FeatureColumn(int feature, _, _) -> came.set(feature);
        case EmbeddingColumn _ -> came.set(0, answer.features().size());
        case KeptColumn _ -> {}
      }
    }
    for (int j = came.nextClearBit(0); j < answer.features().size(); j = came.nextClearBit(j + 1)) {
      columns.add(all.columns().get(j));
    }
    return new ArrowShape(columns, arrived.notes(), arrived.keptRows());
  }

  /// Slices the rows so that no slice crosses a record batch from which columns are kept.
  private static List<Slice> slices(int rows, int width, ArrowShape shape) {
    List<Slice> slices = new ArrayList<>();
    int batches = shape.keptRows().isEmpty() ? 1 : shape.keptRows().size();
    int row = 0;
    for (int batch = 0; batch < batches && row < rows; batch++) {
      boolean keeps = !shape.keptRows().isEmpty();
      int length = keeps ? Math.min(shape.keptRows().get(batch).rows(), rows - row) : rows;
      long bytes = (long) length * width * Double.BYTES;
      bytes += keeps ? shape.keptRows().get(batch).size() : 0;
      int each = (int) Math.max(FEWEST_ROWS, (long) BATCH * length / Math.max(1, bytes));
      for (int from = 0; from < length; from += each) {
        int count = Math.min(each, length - from);
        slices.add(new Slice(batch, from, row, count));
        row += count;
      }
    }
    return slices;
  }

  @Override
  protected void write(int part, ByteSink out) {
    int slice = part - behindSchema;
    if (slice < 0) {
      schema(out);
    } else if (slice < slices.size()) {
      write(slices.get(slice), out);
    } else {
      out.put(file.map(ArrowFile::end).orElse(END));
    }
  }

  private void schema(ByteSink out) {
    List<ArrowField> fields = shape.columns().stream().map(this::field).toList();
    ArrowSchema schema = new ArrowSchema(fields, shape.notes());
    if (file.isPresent()) {
      file.get().begin(schema, out);
    } else {
      ArrowSchemaWriter.write(schema, out);
    }
  }

  private ArrowField field(Column column) {
    return switch (column) {
      case FeatureColumn(int feature, NumberType numbers, Map<String, String> notes) ->
          new ArrowField(
              answer.features().name(feature),
              true,
              new ArrowType.FloatingPoint(numbers.width() * Byte.SIZE),
              Optional.empty(),
              List.of(),
              notes);
      case EmbeddingColumn(ArrowField field, _) -> field;
      case KeptColumn(ArrowField field) -> field;
    };
  }

  private void write(Slice slice, ByteSink out) {
    List<ArrowArray> arrays = List.of();
    if (!shape.keptRows().isEmpty()) {
      KeptRows kept = shape.keptRows().get(slice.batch());
      if (slice.from() == 0) {
        kept.dictionaries().forEach(part -> dictionary(part, out));
      }
      arrays = kept.slice(slice.from(), slice.rows()).arrays();
    }
    ArrowBody body = new ArrowBody(slice.rows());
    int next = 0;
    for (Column column : shape.columns()) {
      switch (column) {
        case FeatureColumn(int feature, NumberType numbers, _) ->
            body.numbers(answer, feature, slice.row(), numbers);
        case EmbeddingColumn(ArrowField field, NumberType numbers) ->
            body.lists(answer, slice.row(), numbers, offsetWidth(field));
        case KeptColumn _ -> body.array(arrays.get(next++));
      }
    }
    ArrowBody.Lengths lengths = body.write(out);
    file.ifPresent(f -> f.recordBatch(lengths));
  }

  private static int offsetWidth(ArrowField field) {
    return field.type() instanceof ArrowType.FixedSizeList
        ? 0
        : field.type() == ArrowType.Plain.LIST ? Integer.BYTES : Long.BYTES;
  }

  private void dictionary(ArrowDictionaries.Part part, ByteSink out) {
    if (!part.isDelta() && file.filter(f -> f.hasDictionary(part.id())).isPresent()) {
      // the same again, as ArrowFileDictionaries has checked
      return;
    }
    ArrowBody body = new ArrowBody(part.values().length());
    body.array(part.values());
    ArrowBody.Lengths lengths = body.writeDictionary(part.id(), part.isDelta(), out);
    file.ifPresent(f -> f.dictionary(part.id(), lengths));
  }
}
