package io.evenkeel.codec.rows;

import io.evenkeel.codec.number.NumberType;
import io.evenkeel.normalizer.definition.Features;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/// The shape in which rows came. The answer has the same shape.
///
/// @param columnar whether the rows came as JSON columns
/// @param objects which JSON rows came as objects
/// @param extras the kept members that are no feature, by row
/// @param columns the columns of the CSV, or the kept JSON columns that are no feature
/// @param numbers the type of raw numbers in the answer: a float
/// @param arrived the columns of the table, if the format has typed columns
/// @param array the array that the rows came as, if the format tells its shape before the rows
/// @param absence the columns and members that did not come
/// @param dialect how an answer as CSV is written
public record RowShape(
    boolean columnar,
    BitSet objects,
    Map<Integer, List<Member>> extras,
    List<Column> columns,
    NumberType numbers,
    Optional<ArrivedColumns> arrived,
    Optional<ArrivedArray> array,
    Absence absence,
    CsvDialect dialect) {

  /// The most columns of a table, features and others together.
  public static final int MOST_COLUMNS = 2 * Features.MOST;

  public RowShape {
    numbers = numbers.answered();
  }

  /// The shape of rows that had every feature.
  public RowShape(
      boolean columnar,
      BitSet objects,
      Map<Integer, List<Member>> extras,
      List<Column> columns,
      NumberType numbers,
      Optional<ArrivedColumns> arrived,
      Optional<ArrivedArray> array) {
    this(
        columnar,
        objects,
        extras,
        columns,
        numbers,
        arrived,
        array,
        Absence.NONE,
        CsvDialect.RFC_4180);
  }

  /// The same shape of rows that lacked something.
  public RowShape lacking(Absence lacked) {
    return lacked.isNone()
        ? this
        : new RowShape(
            columnar, objects, extras, columns, numbers, arrived, array, lacked, dialect);
  }

  /// The same shape, whose features have other indices; those of −1 are left out.
  ///
  /// @param cells the places of members that some objects did not have
  RowShape renumbered(IntUnaryOperator newIndex, BitSet cells) {
    return new RowShape(
        columnar,
        objects,
        extras,
        columns.stream()
            .filter(column -> column.isExtra() || newIndex.applyAsInt(column.feature()) >= 0)
            .map(column -> column.renumbered(newIndex))
            .toList(),
        numbers,
        arrived.map(columns -> columns.renumbered(newIndex)),
        array,
        new Absence(new BitSet(), cells),
        dialect);
  }

  /// The shape of rows that came as a table of typed columns.
  public RowShape(
      boolean columnar,
      BitSet objects,
      Map<Integer, List<Member>> extras,
      List<Column> columns,
      NumberType numbers,
      Optional<ArrivedColumns> arrived) {
    this(columnar, objects, extras, columns, numbers, arrived, Optional.empty());
  }

  /// The shape of rows that did not come as a table of typed columns.
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
      return (first ? KeptValues.ROW : 0) + KeptValues.bytesOf(name) + KeptValues.bytesOf(json);
    }
  }

  /// How the values of a column are spelled.
  public enum Spelling {
    /// As cells of CSV; an empty one holds nothing.
    CELLS,
    /// As JSON; null holds nothing.
    JSON
  }

  /// A column as it came: a feature (index ≥ 0), or an extra one with its values as text; for JSON
  /// columns one text, the whole array.
  public record Column(String name, int feature, List<String> values, Spelling spelling) {
    /// A column of cells, or of JSON columns.
    public Column(String name, int feature, List<String> values) {
      this(name, feature, values, Spelling.CELLS);
    }

    /// Whether the column is no feature.
    public boolean isExtra() {
      return feature < 0;
    }

    private Column renumbered(IntUnaryOperator newIndex) {
      return isExtra() ? this : new Column(name, newIndex.applyAsInt(feature), values, spelling);
    }
  }

  /// The columns of a table in the order in which they came. Only the format that made this knows
  /// more of them.
  public interface ArrivedColumns {
    /// How many numbers would take as much memory as everything kept of the columns.
    long kept();

    /// The narrowest type of the answer's numbers, which all of them must fit.
    NumberType narrowest();

    /// The name of a column that is no feature, if there is one.
    Optional<String> extra();

    /// The name of a column that is no feature and has an infinite value, if there is one.
    Optional<String> infinite();

    /// The columns in order for an answer in another format, with values as JSON.
    ///
    /// @throws LostExtras if a column that is no feature has a type without a usual text
    List<Column> table(Features features);

    /// The same columns, whose features have other indices.
    ArrivedColumns renumbered(IntUnaryOperator newIndex);
  }

  /// An array whose shape was known before its rows.
  ///
  /// @param rows N of the whole body
  /// @param flat whether the array had only one axis: the values of the one feature
  public record ArrivedArray(long rows, boolean flat) {}

  /// The name of a member or column that is no feature and that the answer repeats, if there is
  /// one.
  public Optional<String> extra() {
    return Stream.of(
            extras.values().stream().flatMap(List::stream).map(Member::name),
            columns.stream().filter(Column::isExtra).map(Column::name),
            arrived.flatMap(ArrivedColumns::extra).stream())
        .flatMap(names -> names)
        .findFirst();
  }

  /// The same rows as a table with these columns.
  public RowShape withColumns(List<Column> table) {
    return new RowShape(
        false, objects, Map.of(), table, numbers, Optional.empty(), array, absence, dialect);
  }

  /// The same rows as a table of typed columns.
  public RowShape withColumns(ArrivedColumns table) {
    return new RowShape(
        false, objects, Map.of(), List.of(), numbers, Optional.of(table), array, absence, dialect);
  }

  /// How many numbers would take as much memory as everything kept of these rows alone. Kept JSON
  /// columns do not count: all rows of the body share them.
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
        numbers += KeptValues.numbers(members.get(i).bytes(i == 0), 1);
      }
    }
    return numbers;
  }

  public static long ofValues(List<String> values) {
    return values.stream()
        .mapToLong(value -> KeptValues.numbers(KeptValues.bytesOf(value), 1))
        .sum();
  }

  /// The shape of rows that are nothing but numbers.
  public static RowShape ofNumbers(NumberType numbers) {
    return new RowShape(false, new BitSet(), Map.of(), List.of(), numbers);
  }

  /// The shape of rows of an array.
  public static RowShape ofArray(NumberType numbers, ArrivedArray array) {
    return new RowShape(
        false, new BitSet(), Map.of(), List.of(), numbers, Optional.empty(), Optional.of(array));
  }

  /// The same shape, answered in a dialect if it is answered as CSV.
  public RowShape in(CsvDialect other) {
    return new RowShape(
        columnar, objects, extras, columns, numbers, arrived, array, absence, other);
  }

  /// The same shape without members and columns that are no feature.
  public RowShape withoutExtras() {
    return new RowShape(columnar, objects, Map.of(), List.of(), numbers);
  }
}
