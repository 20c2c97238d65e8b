package io.evenkeel.codec;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/// The values of one member of object rows, as JSON: null in rows that do not have it.
final class SparseColumn extends AbstractList<String> implements RandomAccess {
  /// How many bytes a column takes beside its values and the characters of its name.
  static final int BYTES = 256;

  /// How many bytes a value takes beside the value itself.
  static final int BYTES_OF_VALUE = 32;

  private final int rows;
  private int[] places = new int[4];
  private String[] values = new String[4];
  private int count;

  /// @param rows how many rows there are
  SparseColumn(int rows) {
    this.rows = rows;
  }

  /// Adds the value of a row behind those before.
  void append(int row, String json) {
    if (count == places.length) {
      places = Arrays.copyOf(places, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    places[count] = row;
    values[count++] = json;
  }

  @Override
  public String get(int row) {
    int at = count == rows ? row : Arrays.binarySearch(places, 0, count, row);
    return at < 0 ? "null" : values[at];
  }

  @Override
  public int size() {
    return rows;
  }
}
