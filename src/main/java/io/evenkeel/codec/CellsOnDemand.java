package io.evenkeel.codec;

import java.util.AbstractList;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/// The cells of a column, each made when it is asked for.
final class CellsOnDemand extends AbstractList<String> implements RandomAccess {
  private final int rows;
  private final IntFunction<String> cell;

  /// @param cell makes the cell of a row
  CellsOnDemand(int rows, IntFunction<String> cell) {
    this.rows = rows;
    this.cell = cell;
  }

  @Override
  public String get(int row) {
    return cell.apply(row);
  }

  @Override
  public int size() {
    return rows;
  }
}
