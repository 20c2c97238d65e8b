package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.ArrowShape.KeptRows;
import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowType;
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

  /// Whether a value is infinite.
  boolean anyInfinite() {
    return value.type() instanceof ArrowType.FloatingPoint
        && parts.stream().anyMatch(rows -> anyInfinite(rows.arrays().get(index), rows.rows()));
  }

  private boolean anyInfinite(ArrowArray array, int rows) {
    for (int row = 0; row < rows; row++) {
      if (value.isInfinite(array, row)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int size() {
    return parts.stream().mapToInt(KeptRows::rows).sum();
  }
}
