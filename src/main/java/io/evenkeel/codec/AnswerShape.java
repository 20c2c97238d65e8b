package io.evenkeel.codec;

import io.evenkeel.codec.json.JsonText;
import io.evenkeel.codec.rows.BatchTooLarge;
import io.evenkeel.codec.rows.DecodedBatch;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.codec.rows.RowShape.Column;
import io.evenkeel.codec.rows.RowShape.Member;
import io.evenkeel.codec.rows.RowShape.Spelling;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
/// | CSV                | objects                       | the columns in their order               |
///
/// Used by one thread at a time, for the batches in their order.
public final class AnswerShape {
  private static final List<BatchFormat> KEEPERS =
      List.of(BatchFormat.JSON, BatchFormat.NDJSON, BatchFormat.CSV);

  private final BatchFormat format;
  private final Features features;
  private final long mostNumbers;
  private final MemoryShare memory;
  private final boolean stream;
  private final Map<Column, int[]> startsOf = new IdentityHashMap<>();
  private @Nullable List<String> header;

  /// @param format of the answer
  /// @param stream whether the answer has any number of batches
  /// @param mostNumbers how many cells a batch may have
  /// @param memory is asked before anything is held
  public AnswerShape(
      BatchFormat format, Features features, boolean stream, long mostNumbers, MemoryShare memory) {
    this.format = format;
    this.stream = stream;
    this.features = features;
    this.mostNumbers = mostNumbers;
    this.memory = memory;
  }

  /// The shape in which the next batch is answered.
  ///
  /// @throws LostExtras if the answer has no place for a member or column
  public FittedShape fit(DecodedBatch batch) {
    RowShape shape = batch.shape();
    return switch (format) {
      case JSON, NDJSON -> rows(batch, shape);
      case CSV -> table(batch, shape);
      case ARROW, ARROW_FILE -> unchanged(shape.arrived().isPresent() ? shape : without(shape));
      case BINARY, NPY -> unchanged(without(shape));
    };
  }

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

  private FittedShape rows(DecodedBatch batch, RowShape shape) {
    if (shape.arrived().isPresent()) {
      return unchanged(without(shape));
    }
    if (shape.columnar() && format == BatchFormat.NDJSON && !shape.columns().isEmpty()) {
      return unchanged(shape.withColumns(cells(batch, shape.columns())));
    }
    return unchanged(shape);
  }

  private FittedShape table(DecodedBatch batch, RowShape shape) {
    if (shape.arrived().isPresent()) {
      return unchanged(without(shape));
    }
    if (shape.columnar()) {
      return unchanged(
          shape.withColumns(behindFeatures(texts(cells(batch, shape.columns())).stream())));
    }
    return shape.columns().isEmpty() ? members(batch, shape) : unchanged(shape);
  }

  private List<Column> behindFeatures(Stream<Column> extras) {
    List<Column> columns = new ArrayList<>();
    for (int j = 0; j < features.size(); j++) {
      columns.add(new Column(features.name(j), j, List.of()));
    }
    extras.forEach(columns::add);
    return columns;
  }

  /// The members of object rows as columns. The first batch decides which columns there are.
  private FittedShape members(DecodedBatch batch, RowShape shape) {
    int rows = batch.rows();
    Map<String, SparseColumn> byName = new LinkedHashMap<>();
    long bytes = 0;
    List<String> names = header;
    if (names != null) {
      bytes += taken((long) SparseColumn.BYTES * names.size());
      names.forEach(name -> byName.put(name, new SparseColumn(rows)));
    }
    for (int row = 0; row < rows; row++) {
      List<Member> members = shape.extras().getOrDefault(row, List.of());
      bytes += taken((long) SparseColumn.BYTES_OF_VALUE * members.size());
      for (Member member : members) {
        SparseColumn column = byName.get(member.name());
        if (column == null) {
          if (names != null) {
            throw LostExtras.byHeader(member.name());
          }
          requireRoom(byName.size() + 1, rows);
          bytes += taken(SparseColumn.BYTES);
          column = new SparseColumn(rows);
          byName.put(member.name(), column);
        }
        column.append(row, member.json());
      }
    }
    header = List.copyOf(byName.keySet());
    if (byName.isEmpty()) {
      return new FittedShape(shape, bytes);
    }
    Stream<Column> columns =
        byName.entrySet().stream()
            .map(entry -> new Column(entry.getKey(), -1, entry.getValue(), Spelling.JSON));
    return new FittedShape(
        shape.withColumns(behindFeatures(texts(columns.toList()).stream())), bytes);
  }

  /// A few members can be many columns, of which each row has a cell.
  private void requireRoom(int columns, int rows) {
    if (columns > RowShape.MOST_COLUMNS || (long) columns * rows > mostNumbers) {
      throw new BatchTooLarge(mostNumbers);
    }
  }

  private long taken(long bytes) {
    memory.take(bytes);
    return bytes;
  }

  /// The columns of a JSON object as columns of cells.
  private List<Column> cells(DecodedBatch batch, List<Column> arrays) {
    int from = Math.toIntExact(batch.firstRow());
    int rows = batch.rows();
    return arrays.stream().map(array -> cells(array, from, rows)).toList();
  }

  private Column cells(Column array, int from, int rows) {
    String json = array.values().getFirst();
    int[] starts = startsOf.computeIfAbsent(array, _ -> starts(json, array.name()));
    int values = starts.length - 1;
    if (values < from + rows || (values > rows && !stream)) {
      throw LostExtras.byLength(array.name());
    }
    List<String> cells =
        new CellsOnDemand(
            rows, row -> json.substring(starts[from + row], starts[from + row + 1] - 1));
    return new Column(array.name(), -1, cells, Spelling.JSON);
  }

  private int[] starts(String json, String name) {
    memory.take((long) Integer.BYTES * JsonText.mostStarts(json));
    return JsonText.starts(json).orElseThrow(() -> LostExtras.byLength(name));
  }

  /// The same columns as cells of CSV.
  private static List<Column> texts(List<Column> columns) {
    return columns.stream()
        .map(column -> {
          List<String> json = column.values();
          List<String> cells = new CellsOnDemand(json.size(), row -> JsonText.of(json.get(row)));
          return new Column(column.name(), -1, cells);
        })
        .toList();
  }
}
