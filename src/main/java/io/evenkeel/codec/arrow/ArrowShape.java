package io.evenkeel.codec.arrow;

import io.evenkeel.codec.rows.RowCollector;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalizer.Features;
import java.util.List;
import java.util.stream.IntStream;

/// The columns of an Arrow stream in the order in which they came, as far as they are answered.
record ArrowShape(List<Column> columns) implements RowShape.ArrivedColumns {

  /// A column that is answered.
  sealed interface Column permits FeatureColumn, KeptColumn {}

  /// The values of a feature, with 4 bytes each or with 8.
  record FeatureColumn(int feature, boolean float32) implements Column {}

  /// A column that is no feature, with an array for each record batch that came.
  record KeptColumn(ArrowField field, List<ArrowArray> arrays) implements Column {}

  /// How much memory, in numbers, what is kept takes.
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

  /// Every feature in its order, with 8 bytes a value.
  static ArrowShape of(Features features) {
    return new ArrowShape(
        IntStream.range(0, features.size())
            .<Column>mapToObj(j -> new FeatureColumn(j, false))
            .toList());
  }
}
