package io.evenkeel.codec.json;

import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.Features;
import java.util.BitSet;

/// Pointers into a JSON batch: `#/rows/3/1` in a row that is an array, `#/rows/3/age` in a row that
/// is an object, `#/columns/age/3` in columns.
///
/// @param base of the rows or columns, with a slash at its end: `#/rows/`, `#/columns/`, `#/` in a
///   body that is rows alone
/// @param objects which rows came as objects, counted from the first
record JsonPointers(String base, Features features, boolean columnar, BitSet objects, long firstRow)
    implements Pointers {

  @Override
  public String rows() {
    return base.substring(0, base.length() - 1);
  }

  @Override
  public String row(long row) {
    return columnar ? "#/rows/" + row : base + row;
  }

  @Override
  public String cell(long row, int feature) {
    if (columnar) {
      return base + Pointers.escape(features.name(feature)) + "/" + row;
    }
    boolean object = objects.get((int) (row - firstRow));
    return row(row) + "/" + (object ? Pointers.escape(features.name(feature)) : feature);
  }
}
