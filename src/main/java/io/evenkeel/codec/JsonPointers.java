package io.evenkeel.codec;

import io.evenkeel.normalizer.Features;
import io.evenkeel.validation.Pointers;
import java.util.BitSet;

/// Pointers into a JSON batch: `#/rows/3/1`, `#/rows/3/age` for a row that came as an object,
/// `#/columns/age/3` for columns.
final class JsonPointers implements Pointers {
  private final String base;
  private final Features features;
  private final BitSet objects = new BitSet();
  private boolean columnar;
  private long firstRow;

  /// With the member of the body that holds the rows.
  JsonPointers(String member, Features features) {
    this.base = "#/" + member + "/";
    this.features = features;
  }

  /// Which rows came as objects, counted from the first row that is still there.
  BitSet objects() {
    return objects;
  }

  boolean isColumnar() {
    return columnar;
  }

  void becomeColumnar() {
    columnar = true;
  }

  /// Forgets the rows before this one.
  void forgetBefore(long row) {
    objects.clear();
    firstRow = row;
  }

  @Override
  public String row(long row) {
    return base + row;
  }

  @Override
  public String cell(long row, int feature) {
    if (columnar) {
      return "#/columns/" + Pointers.escape(features.name(feature)) + "/" + row;
    }
    boolean object = objects.get((int) (row - firstRow));
    return row(row) + "/" + (object ? Pointers.escape(features.name(feature)) : feature);
  }
}
