package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowColumns.EmbeddingRole;
import io.evenkeel.codec.arrow.ArrowColumns.FeatureRole;
import io.evenkeel.codec.arrow.ArrowColumns.KeptRole;
import io.evenkeel.codec.arrow.ArrowColumns.PassedOver;
import io.evenkeel.codec.arrow.ArrowColumns.WeightRole;
import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
import io.evenkeel.codec.arrow.message.ArrowBuffers;
import io.evenkeel.codec.arrow.message.ArrowFields;
import io.evenkeel.codec.arrow.message.ArrowMessage;
import io.evenkeel.codec.arrow.message.ArrowMessages;
import io.evenkeel.codec.arrow.message.ArrowSchema;
import io.evenkeel.codec.rows.Absence;
import io.evenkeel.codec.rows.AbsentColumns;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.CollectingReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.DoubleList;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.flatbuf.MessageHeader;
import org.jspecify.annotations.Nullable;

/// Reads an Arrow stream, or an Arrow file from its front: a schema, then record batches, which
/// together are one batch of rows. Each feature has a column, or one column holds all of them in
/// lists. A missing value is null or NaN.
///
/// The reader holds one message at a time, in the heap, and reads numbers where they lie in it. It
/// checks every claim of a message against the length of the message before it reads on.
public final class ArrowBatchReader implements CollectingReader, BesideRows {
  private final NormalizerDefinition definition;
  private final ReadOptions options;
  private final RowCollector rows;
  private final long mostNumbers;
  private final ArrowMessages messages;
  private final DoubleList weights;
  private final ArrowDictionaries dictionaries;
  private @Nullable ArrowColumns columns;
  private int[] refused = {};

  /// @param mostNumbers the most numbers of a record batch, missing ones included; a message may
  ///   have twice as many bytes, as many as the longest body
  public ArrowBatchReader(
      NormalizerDefinition definition, ReadOptions options, RowCollector rows, long mostNumbers) {
    this.definition = definition;
    this.options = options;
    this.rows = rows;
    this.weights = new DoubleList(rows.memory());
    this.mostNumbers = mostNumbers;
    this.dictionaries = new ArrowDictionaries(rows.memory(), rows::keep, mostNumbers);
    this.messages = new ArrowMessages(mostBytes(), rows.memory(), this::take, dictionaries::lack);
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
    messages.feed(bytes, offset, length);
  }

  private void take(ArrowMessage message) {
    ArrowColumns known = columns;
    switch (message.read(() -> message.metadata().headerType())) {
      case MessageHeader.Schema -> {
        if (known != null) {
          throw message.fail("The stream has a second schema; it must have one.");
        }
        columns = columns(message);
        refused = columns.refused().stream().toArray();
      }
      case MessageHeader.RecordBatch -> {
        if (known == null) {
          throw message.fail("A record batch comes before the schema.");
        }
        take(message, known);
      }
      case MessageHeader.DictionaryBatch -> dictionaries.take(message, mostBytes());
      default ->
          throw message.fail(
              "The stream has a message that is no schema, dictionary or record batch.");
    }
  }

  private ArrowColumns columns(ArrowMessage message) {
    ArrowSchema schema = ArrowFields.of(message);
    short version = message.metadata().version();
    return message.read(
        () -> new ArrowColumns(schema, version, definition, options, rows, dictionaries));
  }

  /// A kept column that holds texts.
  private record Texts(String column, ArrowArray array) {}

  /// The values of a feature that are not exactly doubles.
  private record Inexact(int feature, ArrowNumbers.Inexact values) {}

  /// The columns of a record batch, and their features.
  private static final class Columns {
    private int rows;
    private final List<Texts> texts = new ArrayList<>();
    private final List<Inexact> inexact = new ArrayList<>();
    private final List<ArrowNumbers> numbers = new ArrayList<>();
    private final List<Integer> features = new ArrayList<>();
    private ArrowEmbedding.@Nullable Lists lists;
    private @Nullable ArrowNumbers weights;
  }

  private void take(ArrowMessage message, ArrowColumns known) {
    try (ArrowBuffers buffers =
        message.read(() -> ArrowBuffers.of(message, rows.memory(), mostBytes()))) {
      take(message.read(() -> columns(buffers, known)));
    }
  }

  private void take(Columns columns) {
    ArrowNumbers[] values = columns.numbers.toArray(ArrowNumbers[]::new);
    int[] features = columns.features.stream().mapToInt(Integer::intValue).toArray();
    ArrowNumbers weight = columns.weights;
    for (int i = 0; i < columns.rows; i++) {
      rows.sparseRow();
      for (int k = 0; k < values.length; k++) {
        rows.set(features[k], values[k].at(i));
      }
      for (int feature : refused) {
        rows.set(feature, AbsentColumns.inRange(definition.features().get(feature)));
      }
      if (columns.lists != null) {
        takeList(columns.lists, i);
      }
      if (weight != null) {
        weights.add(weight.at(i));
      }
      for (Inexact inexact : columns.inexact) {
        requireExact(inexact, i);
      }
      for (Texts texts : columns.texts) {
        requireUtf8(texts, i);
      }
      rows.endRow(this);
    }
  }

  private void takeList(ArrowEmbedding.Lists lists, int row) {
    if (lists.isNull(row)) {
      return;
    }
    int size = lists.size(row);
    if (size != rows.width()) {
      String detail =
          "The list of the row has "
              + size
              + " values; the normalizer has "
              + rows.width()
              + " features.";
      rows.fault(new Fault(pointer(rows.row()), Fault.FEATURE_COUNT, detail), this);
      return;
    }
    int start = lists.start(row);
    ArrowNumbers numbers = lists.numbers();
    for (int j = 0; j < size; j++) {
      rows.set(j, numbers.at(start + j));
    }
    BitSet inexact = numbers.inexact().rows();
    for (int at = inexact.nextSetBit(start);
        at >= 0 && at < start + size;
        at = inexact.nextSetBit(at + 1)) {
      notExact(at - start, numbers.inexact().texts().apply(at));
    }
  }

  private void requireExact(Inexact inexact, int row) {
    if (inexact.values().rows().get(row)) {
      notExact(inexact.feature(), inexact.values().texts().apply(row));
    }
  }

  private void notExact(int feature, String text) {
    String detail =
        Excerpt.quoted(definition.features().name(feature))
            + " is "
            + text
            + ", which no float64 is. Cast the column to float64, if the nearest number will do.";
    String pointer = pointers(rows.row(), 1).cell(rows.row(), feature);
    rows.fault(new Fault(pointer, Fault.NOT_EXACT, detail), this);
  }

  private void requireUtf8(Texts texts, int row) {
    if (!texts.array().isUtf8(row, 1)) {
      String detail = "The text of " + Excerpt.quoted(texts.column()) + " is not UTF-8.";
      rows.fault(new Fault(pointer(rows.row()), Fault.PATTERN, detail), this);
    }
  }

  private Columns columns(ArrowBuffers buffers, ArrowColumns known) {
    Columns columns = new Columns();
    columns.rows = buffers.rows();
    if ((long) columns.rows * rows.width() > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
    if (columns.rows > 0 && dictionaries.lack()) {
      throw buffers.fail("A record batch comes before the dictionary of one of its columns.");
    }
    List<ArrowArray> arrays = new ArrayList<>();
    for (ArrowColumns.Role role : known.roles()) {
      switch (role) {
        case FeatureRole(int feature, ArrowNumberType type) -> {
          ArrowNumbers numbers = numbers(type, buffers);
          columns.features.add(feature);
          columns.numbers.add(numbers);
          if (!numbers.inexact().rows().isEmpty()) {
            columns.inexact.add(new Inexact(feature, numbers.inexact()));
          }
        }
        case EmbeddingRole(ArrowEmbedding embedding) ->
            columns.lists = embedding.next(buffers, dictionaries);
        case WeightRole(ArrowNumberType type) -> columns.weights = numbers(type, buffers);
        case KeptRole(String name, ArrowLayout layout) -> {
          ArrowArray array = ArrowArray.of(layout, buffers);
          rows.keep(array.size(), array.arrays());
          arrays.add(array);
          if (layout.hasTexts()) {
            columns.texts.add(new Texts(name, array));
          }
        }
        case PassedOver(ArrowLayout layout) -> layout.passOver(buffers);
      }
    }
    buffers.end();
    known.keep(columns.rows, arrays);
    return columns;
  }

  private ArrowNumbers numbers(ArrowNumberType type, ArrowBuffers buffers) {
    ArrowNumbers numbers = ArrowNumbers.next(type, buffers, dictionaries);
    buffers.requireRows(numbers.length());
    return numbers;
  }

  private long mostBytes() {
    return Math.min(2 * mostNumbers, Integer.MAX_VALUE - 8);
  }

  @Override
  public boolean isHandingOn() {
    return columns != null && rows.isHandingOn();
  }

  @Override
  public DecodedBatch finish() {
    messages.finish();
    if (columns == null) {
      throw messages.fail("The body has no schema.");
    }
    return last();
  }

  @Override
  public double @Nullable [] weights(long firstRow, int count, boolean last) {
    return columns != null && columns.isWeighted() ? weights.slice(0, count) : null;
  }

  @Override
  public RowShape shape(long firstRow, int count) {
    ArrowShape shape =
        columns == null ? ArrowShape.of(definition.features()) : columns.shape(count);
    return new RowShape(
            false, new BitSet(), Map.of(), named(shape), options.numbers(), Optional.of(shape))
        .lacking(Absence.of(rows.absentColumns()));
  }

  @Override
  public long kept() {
    return columns == null ? 0 : columns.kept();
  }

  @Override
  public void forget(int count) {
    weights.forget(count);
    if (columns != null) {
      columns.forget(count);
    }
  }

  /// The features in the order in which they came, for an answer in another format.
  private List<Column> named(ArrowShape shape) {
    List<Column> named = new ArrayList<>();
    for (ArrowShape.Column column : shape.columns()) {
      if (column instanceof FeatureColumn(int feature, _, _)) {
        named.add(new Column(definition.features().name(feature), feature, List.of()));
      }
    }
    return named;
  }
}
