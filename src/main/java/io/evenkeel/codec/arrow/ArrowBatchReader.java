package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowColumns.FeatureRole;
import io.evenkeel.codec.arrow.ArrowColumns.KeptRole;
import io.evenkeel.codec.arrow.ArrowColumns.PassedOver;
import io.evenkeel.codec.arrow.ArrowColumns.WeightRole;
import io.evenkeel.codec.arrow.ArrowShape.FeatureColumn;
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

/// Reads an Arrow stream: a schema, then record batches, which together are one batch of rows. A
/// missing value is null or NaN, or its column is left out.
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
  private @Nullable ArrowColumns columns;

  /// @param mostNumbers the most numbers of a record batch, missing ones included; a message may
  ///   have twice as many bytes, as many as the longest body
  public ArrowBatchReader(
      NormalizerDefinition definition, ReadOptions options, RowCollector rows, long mostNumbers) {
    this.definition = definition;
    this.options = options;
    this.rows = rows;
    this.weights = new DoubleList(rows.memory());
    this.mostNumbers = mostNumbers;
    this.messages = new ArrowMessages(2 * mostNumbers, rows.memory(), this::take);
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
      }
      case MessageHeader.RecordBatch -> {
        if (known == null) {
          throw message.fail("A record batch comes before the schema.");
        }
        take(message, known);
      }
      // only columns that are passed over may be dictionary-encoded
      case MessageHeader.DictionaryBatch -> {}
      default ->
          throw message.fail(
              "The stream has a message that is no schema, dictionary or record batch.");
    }
  }

  private ArrowColumns columns(ArrowMessage message) {
    List<ArrowField> fields = ArrowFields.of(message);
    short version = message.metadata().version();
    return message.read(
        () -> new ArrowColumns(fields, version, definition.features(), options, rows));
  }

  /// A kept column that holds texts.
  private record Texts(String column, ArrowArray array) {}

  /// The columns of numbers of a record batch, and their features.
  private static final class Numbers {
    private int rows;
    private final List<Texts> texts = new ArrayList<>();
    private final List<ArrowNumbers> columns = new ArrayList<>();
    private final List<Integer> features = new ArrayList<>();
    private @Nullable ArrowNumbers weights;
  }

  private void take(ArrowMessage message, ArrowColumns known) {
    Numbers numbers = message.read(() -> numbers(message, known));
    ArrowNumbers[] values = numbers.columns.toArray(ArrowNumbers[]::new);
    int[] features = numbers.features.stream().mapToInt(Integer::intValue).toArray();
    ArrowNumbers weight = numbers.weights;
    for (int i = 0; i < numbers.rows; i++) {
      rows.sparseRow();
      for (int k = 0; k < values.length; k++) {
        rows.set(features[k], values[k].at(i));
      }
      if (weight != null) {
        weights.add(weight.at(i));
      }
      for (Texts texts : numbers.texts) {
        requireUtf8(texts, i);
      }
      rows.endRow(this);
    }
  }

  private void requireUtf8(Texts texts, int row) {
    if (!texts.array().isUtf8(row, 1)) {
      String detail = "The text of " + Excerpt.quoted(texts.column()) + " is not UTF-8.";
      rows.fault(new Fault(pointer(rows.row()), Fault.PATTERN, detail), this);
    }
  }

  private Numbers numbers(ArrowMessage message, ArrowColumns known) {
    ArrowBuffers buffers = new ArrowBuffers(message);
    Numbers numbers = new Numbers();
    numbers.rows = buffers.rows();
    if ((long) numbers.rows * rows.width() > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
    for (ArrowColumns.Role role : known.roles()) {
      switch (role) {
        case FeatureRole(int feature, boolean float32) -> {
          numbers.features.add(feature);
          numbers.columns.add(new ArrowNumbers(buffers, float32));
        }
        case WeightRole(boolean float32) -> numbers.weights = new ArrowNumbers(buffers, float32);
        case KeptRole(String name, ArrowLayout layout, List<ArrowArray> arrays) -> {
          ArrowArray array = ArrowArray.of(layout, buffers);
          rows.keep(array.size(), array.arrays());
          arrays.add(array);
          if (layout.hasTexts()) {
            numbers.texts.add(new Texts(name, array));
          }
        }
        case PassedOver(ArrowLayout layout) -> layout.passOver(buffers);
      }
    }
    buffers.end();
    return numbers;
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
        false, new BitSet(), Map.of(), named(shape), options.numbers(), Optional.of(shape));
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
      if (column instanceof FeatureColumn(int feature, _)) {
        named.add(new Column(definition.features().name(feature), feature, List.of()));
      }
    }
    return named;
  }
}
