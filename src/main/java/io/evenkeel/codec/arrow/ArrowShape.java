package io.evenkeel.codec.arrow;

import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalizer.definition.Features;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The columns of an Arrow stream that the answer has, in the order in which they came.
record ArrowShape(List<Column> columns) implements RowShape.ArrivedColumns {

  /// A column of the answer.
  sealed interface Column permits FeatureColumn, KeptColumn {}

  /// The values of a feature, of 4 or 8 bytes each.
  record FeatureColumn(int feature, boolean float32) implements Column {}

  /// A kept column that is no feature, with an array for each record batch that came.
  record KeptColumn(ArrowField field, List<ArrowArray> arrays) implements Column {}

  /// How many numbers would take as much memory as everything kept.
  @Override
  public long kept() {
    long numbers = 0;
    for (Column column : columns) {
      if (column instanceof KeptColumn(_, List<ArrowArray> arrays)) {
        numbers += kept(arrays);
      }
    }
    return numbers;
  }

  static long kept(List<ArrowArray> arrays) {
    return arrays.stream()
        .mapToLong(array -> RowCollector.kept(array.size(), array.arrays()))
        .sum();
  }

  /// Whether any number has 4 bytes.
  @Override
  public boolean hasFloat32() {
    return columns.stream().anyMatch(c -> c instanceof FeatureColumn(_, boolean narrow) && narrow);
  }

  @Override
  public Optional<String> extra() {
    return columns.stream()
        .filter(KeptColumn.class::isInstance)
        .map(column -> ((KeptColumn) column).field().name())
        .findFirst();
  }

  /// Every feature in its order, of 8 bytes each.
  static ArrowShape of(Features features) {
    return new ArrowShape(
        IntStream.range(0, features.size())
            .<Column>mapToObj(j -> new FeatureColumn(j, false))
            .toList());
  }
}
