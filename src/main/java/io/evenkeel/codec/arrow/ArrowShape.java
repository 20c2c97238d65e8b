package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.KeptValues;
import io.evenkeel.codec.rows.LostExtras;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalizer.definition.Features;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// The columns of an Arrow table that the answer has, in the order in which they came.
///
/// @param notes the metadata of the schema
/// @param keptRows the values of kept columns; empty if there is none
record ArrowShape(List<Column> columns, Map<String, String> notes, List<KeptRows> keptRows)
    implements RowShape.ArrivedColumns {

  /// A column of the answer.
  sealed interface Column permits FeatureColumn, EmbeddingColumn, KeptColumn {
    /// The type of its numbers.
    default NumberType numbers() {
      return NumberType.FLOAT64;
    }
  }

  /// The values of a feature, as floats.
  ///
  /// @param notes the metadata of the field
  record FeatureColumn(int feature, NumberType numbers, Map<String, String> notes)
      implements Column {}

  /// All features in lists of D numbers.
  record EmbeddingColumn(ArrowField field, NumberType numbers) implements Column {}

  /// A kept column that is no feature.
  record KeptColumn(ArrowField field) implements Column {}

  /// The values of the kept columns in the rows of one record batch, or in some of them.
  ///
  /// @param arrays one for each kept column
  /// @param dictionaries what must come before these rows
  record KeptRows(int rows, List<ArrowArray> arrays, List<ArrowDictionaries.Part> dictionaries) {
    /// Some of the rows. The dictionaries stay with the first.
    KeptRows slice(int from, int count) {
      return from == 0 && count == rows
          ? this
          : new KeptRows(
              count,
              arrays.stream().map(array -> array.slice(from, count)).toList(),
              from == 0 ? dictionaries : List.of());
    }

    /// How many bytes the values have.
    long size() {
      return arrays.stream().mapToLong(ArrowArray::size).sum();
    }

    /// How many numbers would take as much memory.
    long kept() {
      return dictionaries.stream().mapToLong(ArrowDictionaries.Part::kept).sum()
          + arrays.stream()
              .mapToLong(array -> KeptValues.numbers(array.size(), array.arrays()))
              .sum();
    }
  }

  /// The rows from one index to another.
  static List<KeptRows> slice(List<KeptRows> kept, int from, int to) {
    List<KeptRows> slices = new ArrayList<>();
    int start = 0;
    for (KeptRows rows : kept) {
      int first = Math.max(from, start);
      int last = Math.min(to, start + rows.rows());
      if (first < last) {
        slices.add(rows.slice(first - start, last - first));
      }
      start += rows.rows();
    }
    return slices;
  }

  /// How many numbers would take as much memory as everything kept for the rows.
  @Override
  public long kept() {
    return keptRows.stream().mapToLong(KeptRows::kept).sum();
  }

  @Override
  public NumberType narrowest() {
    NumberType narrowest = NumberType.FLOAT64;
    for (Column column : columns) {
      narrowest = column.numbers().width() < narrowest.width() ? column.numbers() : narrowest;
    }
    return narrowest;
  }

  @Override
  public Optional<String> extra() {
    return columns.stream()
        .filter(KeptColumn.class::isInstance)
        .map(column -> ((KeptColumn) column).field().name())
        .findFirst();
  }

  @Override
  public Optional<String> infinite() {
    int kept = 0;
    for (Column column : columns) {
      if (column instanceof KeptColumn(ArrowField field)) {
        int index = kept++;
        if (ArrowValue.canBeTold(field) && new ArrowCells(field, keptRows, index).anyInfinite()) {
          return Optional.of(field.name());
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public ArrowShape renumbered(IntUnaryOperator newIndex) {
    return new ArrowShape(
        columns.stream()
            .map(column ->
                column instanceof FeatureColumn(int feature, NumberType type, var fieldNotes)
                    ? new FeatureColumn(newIndex.applyAsInt(feature), type, fieldNotes)
                    : column)
            .toList(),
        notes,
        keptRows);
  }

  @Override
  public List<RowShape.Column> table(Features features) {
    List<RowShape.Column> table = new ArrayList<>();
    int kept = 0;
    for (Column column : columns) {
      switch (column) {
        case FeatureColumn(int feature, _, _) -> table.add(ofFeature(features, feature));
        case EmbeddingColumn _ ->
            IntStream.range(0, features.size()).forEach(j -> table.add(ofFeature(features, j)));
        case KeptColumn(ArrowField field) -> {
          if (!ArrowValue.canBeTold(field)) {
            throw LostExtras.byColumn(field.name(), field.text());
          }
          table.add(
              new RowShape.Column(
                  field.name(),
                  -1,
                  new ArrowCells(field, keptRows, kept++),
                  RowShape.Spelling.JSON));
        }
      }
    }
    return table;
  }

  private static RowShape.Column ofFeature(Features features, int feature) {
    return new RowShape.Column(features.name(feature), feature, List.of());
  }

  /// Every feature in its order, of 8 bytes each.
  static ArrowShape of(Features features) {
    return new ArrowShape(
        IntStream.range(0, features.size())
            .<Column>mapToObj(j -> new FeatureColumn(j, NumberType.FLOAT64, Map.of()))
            .toList(),
        Map.of(),
        List.of());
  }
}
