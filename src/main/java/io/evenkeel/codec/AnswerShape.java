package io.evenkeel.codec;

import io.evenkeel.codec.arrow.ArrowFileDictionaries;
import io.evenkeel.codec.arrow.ArrowTexts;
import io.evenkeel.codec.arrow.ArrowTexts.TextColumn;
import io.evenkeel.codec.json.token.JsonText;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.codec.rows.RowShape.Spelling;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Fits the batches of one answer to its format, so that the answer repeats every member and column
/// that is no feature and is to be kept. What the format has no place for is refused.
///
/// | rows came as       | answer has rows               | answer is a table                        |
/// |--------------------|-------------------------------|------------------------------------------|
/// | JSON rows          | members as they came          | features, then a column for each member  |
/// | JSON columns       | objects                       | features, then the columns               |
/// | CSV, Arrow         | objects                       | the columns in their order               |
///
/// In an Arrow answer to rows of another format they are texts.
///
/// Used by one thread at a time, for the batches in their order.
public final class AnswerShape {
  private static final List<BatchFormat> KEEPERS =
      List.of(BatchFormat.JSON, BatchFormat.NDJSON, BatchFormat.CSV, BatchFormat.ARROW);

  private final BatchFormat format;
  private final Features features;
  private final MemoryShare memory;
  private final boolean stream;
  private final IdentityHashMap<Column, int[]> startsOf = new IdentityHashMap<>();
  private final MemberColumns members;
  private final ArrowFileDictionaries dictionaries;

  /// @param format of the answer
  /// @param stream whether the answer has any number of batches
  /// @param mostNumbers how many cells a batch may have
  /// @param memory is asked before anything is held
  public AnswerShape(
      BatchFormat format, Features features, boolean stream, long mostNumbers, MemoryShare memory) {
    this.format = format;
    this.stream = stream;
    this.features = features;
    this.memory = memory;
    this.members = new MemberColumns(mostNumbers, memory);
    this.dictionaries = new ArrowFileDictionaries(stream ? memory : MemoryShare.UNLIMITED);
  }

  /// The shape in which the next batch is answered.
  ///
  /// @throws LostExtras if the answer has no place for a member or column
  public FittedShape fit(DecodedBatch batch) {
    return fit(batch.shape(), batch.firstRow(), batch.rows());
  }

  /// The shape in which the next rows are answered.
  ///
  /// @throws LostExtras if the answer has no place for a member or column
  public FittedShape fit(RowShape shape, long firstRow, int rows) {
    Rows all = new Rows(shape, Math.toIntExact(firstRow), rows);
    return switch (format) {
      case JSON, NDJSON -> unchanged(rows(all));
      case CSV -> cells(table(all));
      case ARROW, ARROW_FILE -> arrow(all);
      case BINARY, NPY -> unchanged(without(shape));
    };
  }

  /// The rows of a batch.
  ///
  /// @param from index in the body of the first row
  private record Rows(RowShape shape, int from, int count) {}

  private static FittedShape unchanged(RowShape shape) {
    return new FittedShape(shape, 0);
  }

  /// The shape of rows without anything that would be lost.
  private RowShape without(RowShape shape) {
    shape
        .extra()
        .ifPresent(name -> {
          String wanted =
              KEEPERS.stream().map(BatchFormat::mediaType).collect(Collectors.joining(", "));
          throw LostExtras.byType(name, format.mediaType(), wanted);
        });
    return shape;
  }

  private RowShape rows(Rows rows) {
    RowShape shape = rows.shape();
    if (shape.arrived().isPresent()) {
      shape
          .arrived()
          .get()
          .infinite()
          .ifPresent(name -> {
            throw LostExtras.byInfinity(name);
          });
      return shape.extra().isPresent() ? shape.withColumns(arrived(shape)) : shape;
    }
    if (shape.columnar() && format == BatchFormat.NDJSON && !shape.columns().isEmpty()) {
      return shape.withColumns(values(rows));
    }
    if (!shape.columns().isEmpty()
        && shape.columns().stream().filter(column -> column.name().isEmpty()).count() > 1) {
      throw LostExtras.byName();
    }
    return shape;
  }

  private List<Column> arrived(RowShape shape) {
    return shape.arrived().orElseThrow().table(features);
  }

  private FittedShape table(Rows rows) {
    RowShape shape = rows.shape();
    if (shape.arrived().isPresent()) {
      return unchanged(shape.extra().isPresent() ? shape.withColumns(arrived(shape)) : shape);
    }
    if (shape.columnar()) {
      return unchanged(shape.withColumns(behindFeatures(values(rows).stream())));
    }
    return shape.columns().isEmpty() ? members(rows) : unchanged(shape);
  }

  /// The same table with cells of CSV.
  private static FittedShape cells(FittedShape table) {
    RowShape shape = table.shape();
    return shape.columns().stream().anyMatch(column -> column.spelling() == Spelling.JSON)
        ? new FittedShape(
            shape.withColumns(
                shape.columns().stream()
                    .map(column -> cells(column, shape.dialect().decimal()))
                    .toList()),
            table.bytes())
        : table;
  }

  private static Column cells(Column column, char decimal) {
    List<String> json = column.values();
    return column.spelling() == Spelling.CELLS
        ? column
        : new Column(
            column.name(),
            column.feature(),
            new CellsOnDemand(json.size(), row -> cell(json.get(row), decimal)));
  }

  /// A number has the decimal mark of the numbers beside it.
  private static String cell(String json, char decimal) {
    return decimal != '.' && JsonText.isNumber(json)
        ? json.replace('.', decimal)
        : JsonText.of(json);
  }

  private FittedShape arrow(Rows rows) {
    if (rows.shape().arrived().isPresent()) {
      if (format == BatchFormat.ARROW_FILE) {
        dictionaries.require(rows.shape().arrived().get());
      }
      return unchanged(rows.shape());
    }
    FittedShape table = table(rows);
    RowShape shape = table.shape();
    if (shape.columns().stream().noneMatch(Column::isExtra)) {
      return unchanged(rows.shape());
    }
    ArrowTexts texts =
        ArrowTexts.of(
            shape.columns().stream().map(AnswerShape::texts).toList(), rows.count(), memory);
    return new FittedShape(shape.withColumns(texts.columns()), table.bytes() + texts.bytes());
  }

  private static TextColumn texts(Column column) {
    return new TextColumn(
        column.name(), column.feature(), row -> text(column.values().get(row), column.spelling()));
  }

  private static @Nullable String text(String value, Spelling spelling) {
    return switch (spelling) {
      case CELLS -> value.isEmpty() ? null : value;
      case JSON -> value.equals("null") ? null : JsonText.of(value);
    };
  }

  private List<Column> behindFeatures(Stream<Column> extras) {
    List<Column> columns = new ArrayList<>();
    for (int j = 0; j < features.size(); j++) {
      columns.add(new Column(features.name(j), j, List.of()));
    }
    extras.forEach(columns::add);
    return columns;
  }

  private FittedShape members(Rows rows) {
    RowShape shape = rows.shape();
    MemberColumns.Made made = members.of(shape.extras(), rows.count());
    return made.columns().isEmpty()
        ? new FittedShape(shape, made.bytes())
        : new FittedShape(shape.withColumns(behindFeatures(made.columns().stream())), made.bytes());
  }

  /// The columns of a JSON object, value by value.
  private List<Column> values(Rows rows) {
    return rows.shape().columns().stream().map(array -> values(array, rows)).toList();
  }

  private Column values(Column array, Rows rows) {
    String json = array.values().getFirst();
    int[] starts = startsOf.computeIfAbsent(array, _ -> starts(json, array.name()));
    int count = starts.length - 1;
    int from = rows.from();
    if (count < from + rows.count() || (count > rows.count() && !stream)) {
      throw LostExtras.byLength(array.name());
    }
    List<String> values =
        new CellsOnDemand(
            rows.count(), row -> json.substring(starts[from + row], starts[from + row + 1] - 1));
    return new Column(array.name(), -1, values, Spelling.JSON);
  }

  private int[] starts(String json, String name) {
    memory.take((long) Integer.BYTES * JsonText.mostStarts(json));
    return JsonText.starts(json).orElseThrow(() -> LostExtras.byLength(name));
  }
}
