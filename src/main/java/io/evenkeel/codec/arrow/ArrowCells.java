package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.KeptRows;
import io.evenkeel.codec.arrow.message.ArrowField;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// The values of a kept column as JSON, each made when it is asked for.
final class ArrowCells extends AbstractList<String> implements RandomAccess {
  private final ArrowValue value;
  private final List<KeptRows> parts;
  private final int index;
  private int part;
  private int firstRow;

  /// @param field of a column that [ArrowValue#canBeTold]
  /// @param index which of the kept columns it is
  ArrowCells(ArrowField field, List<KeptRows> parts, int index) {
    this.value = new ArrowValue(field.type());
    this.parts = parts;
    this.index = index;
  }

  @Override
  public String get(int row) {
    if (row < firstRow) {
      part = 0;
      firstRow = 0;
    }
    while (row >= firstRow + parts.get(part).rows()) {
      firstRow += parts.get(part++).rows();
    }
    return value.json(parts.get(part).arrays().get(index), row - firstRow);
  }

  @Override
  public int size() {
    return parts.stream().mapToInt(KeptRows::rows).sum();
  }
}
