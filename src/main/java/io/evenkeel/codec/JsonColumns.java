package io.evenkeel.codec;

import io.evenkeel.normalizer.Fault;
import io.evenkeel.normalizer.Features;
import io.evenkeel.validation.Pointers;
import java.util.Map;
import java.util.TreeMap;

/// The columns of a JSON batch, until all have come and can be laid out as rows.
final class JsonColumns {
  private final Features features;
  private final Map<Integer, DoubleList> byFeature = new TreeMap<>();

  JsonColumns(Features features) {
    this.features = features;
  }

  boolean has(int feature) {
    return byFeature.containsKey(feature);
  }

  DoubleList begin(int feature) {
    DoubleList column = new DoubleList();
    byFeature.put(feature, column);
    return column;
  }

  /// Lays the columns out as rows; a column that did not come is missing in each. Columns of
  /// unequal length are faults, and only the rows that all of them have are looked at further.
  void layOut(RowCollector rows) {
    if (byFeature.isEmpty()) {
      return;
    }
    int longest = byFeature.values().stream().mapToInt(DoubleList::size).max().orElse(0);
    int shortest = byFeature.values().stream().mapToInt(DoubleList::size).min().orElse(0);
    if (longest != shortest) {
      byFeature.forEach((feature, column) -> compare(feature, column.size(), longest, rows));
    }
    for (int i = 0; i < shortest; i++) {
      rows.sparseRow();
      for (Map.Entry<Integer, DoubleList> column : byFeature.entrySet()) {
        rows.set(column.getKey(), column.getValue().get(i));
      }
      rows.endRow(Pointers.POSITIONS);
    }
  }

  private void compare(int feature, int size, int longest, RowCollector rows) {
    if (size != longest) {
      String name = features.name(feature);
      String detail = name + " has " + size + " values; another column has " + longest + ".";
      rows.faultOfBody(new Fault("#/columns/" + Pointers.escape(name), Fault.SIZE, detail));
    }
  }
}
