package io.evenkeel.codec.rows;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.normalizer.Features;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The shape in which rows came and in which they are answered.
///
/// @param columnar whether they came as JSON columns
/// @param objects which JSON rows came as objects
/// @param extras by row, the members that are no feature, as they came
/// @param columns the columns of the CSV, or the extra JSON columns, as they came
/// @param numbers the type of raw numbers in the answer: a float
/// @param arrived the columns of the table that they came as, where a format has columns of types
/// @param array the array that they came as, where a format says its shape before its rows
public record RowShape(
    boolean columnar,
    BitSet objects,
    Map<Integer, List<Member>> extras,
    List<Column> columns,
    NumberType numbers,
    Optional<ArrivedColumns> arrived,
    Optional<ArrivedArray> array) {

  /// The most columns that a table may have, features and others.
  public static final int MOST_COLUMNS = 2 * Features.MOST;

  public RowShape {
    numbers = numbers.answered();
  }

  /// Rows that came as a table of typed columns.
  public RowShape(
      boolean columnar,
      BitSet objects,
      Map<Integer, List<Member>> extras,
      List<Column> columns,
      NumberType numbers,
      Optional<ArrivedColumns> arrived) {
    this(columnar, objects, extras, columns, numbers, arrived, Optional.empty());
  }

  /// Rows that did not come as a table of typed columns.
  public RowShape(
      boolean columnar,
      BitSet objects,
      Map<Integer, List<Member>> extras,
      List<Column> columns,
      NumberType numbers) {
    this(columnar, objects, extras, columns, numbers, Optional.empty());
  }

  /// A member as it came: its name and the JSON text of its value.
  public record Member(String name, String json) {
    /// How many bytes it takes beside what each kept value does.
    ///
    /// @param first whether it is the first one of its row, which is kept with it
    public long bytes(boolean first) {
      return (first ? RowCollector.KEPT_ROW : 0)
          + RowCollector.bytesOf(name)
          + RowCollector.bytesOf(json);
    }
  }

  /// A column as it came: a feature (index ≥ 0), or an extra one with its values as text; for JSON
  /// one text, the whole array.
  public record Column(String name, int feature, List<String> values) {}

  /// The columns of a table in the order in which they came. Only their own format knows more.
  public interface ArrivedColumns {
    /// How much memory, in numbers, is kept of them.
    long kept();

    /// Whether any number has 4 bytes.
    boolean hasFloat32();
  }

  /// An array whose shape was known before its rows.
  ///
  /// @param rows N of the whole body
  /// @param flat whether it had one axis only: the values of the one feature
  public record ArrivedArray(long rows, boolean flat) {}

  /// How much memory, in numbers, what is kept of these rows alone takes: extra JSON columns are
  /// shared by all rows of the body.
  long kept() {
    return columnar ? 0 : ofRows();
  }

  private long ofRows() {
    return ofMembers(extras)
        + columns.stream().mapToLong(column -> ofValues(column.values())).sum()
        + arrived.map(ArrivedColumns::kept).orElse(0L);
  }

  public static long ofMembers(Map<Integer, List<Member>> extras) {
    long numbers = 0;
    for (List<Member> members : extras.values()) {
      for (int i = 0; i < members.size(); i++) {
        numbers += RowCollector.kept(members.get(i).bytes(i == 0), 1);
      }
    }
    return numbers;
  }

  public static long ofValues(List<String> values) {
    return values.stream()
        .mapToLong(value -> RowCollector.kept(RowCollector.bytesOf(value), 1))
        .sum();
  }

  /// Rows of numbers alone.
  public static RowShape ofNumbers(NumberType numbers) {
    return new RowShape(false, new BitSet(), Map.of(), List.of(), numbers);
  }

  /// Rows of an array.
  public static RowShape ofArray(NumberType numbers, ArrivedArray array) {
    return new RowShape(
        false, new BitSet(), Map.of(), List.of(), numbers, Optional.empty(), Optional.of(array));
  }

  /// The same rows without what is no feature.
  public RowShape withoutExtras() {
    return new RowShape(columnar, objects, Map.of(), List.of(), numbers);
  }
}
