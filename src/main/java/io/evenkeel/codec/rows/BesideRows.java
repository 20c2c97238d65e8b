package io.evenkeel.codec.rows;

import io.evenkeel.admission.Bounds;
import io.evenkeel.admission.FormFaults;
import io.evenkeel.fault.Pointers;
import org.jspecify.annotations.Nullable;

/// Tells what a body says beside the numbers of its rows: weights, bounds, and where the rows
/// stand. Each method is asked about the first rows that are not forgotten yet.
///
/// A format implements only the methods for what its bodies can hold.
public interface BesideRows {
  /// The weights of the rows; null, as here, if the body has none.
  ///
  /// @param firstRow index in the body of the first row
  /// @param last whether no rows follow: then surplus weights are returned, too
  default double @Nullable [] weights(long firstRow, int rows, boolean last) {
    return null;
  }

  /// The bounds for all rows of the body; none here.
  default Bounds bounds() {
    return Bounds.NONE;
  }

  /// The pointer of a row of the body.
  default String pointer(long row) {
    return pointers(row, 0).row(row);
  }

  /// Where the rows stand in the body. The answer stays true after [#forget].
  default Pointers pointers(long firstRow, int rows) {
    return Pointers.POSITIONS;
  }

  /// The shape in which the rows are answered. The answer stays true after [#forget].
  RowShape shape(long firstRow, int rows);

  /// Concludes the faults of the rows that are handed on next. A format may make one fault of those
  /// that a whole column has in common.
  default void conclude(FormFaults faults) {}

  /// How many numbers would take as much memory as everything kept for rows that are not forgotten.
  default long kept() {
    return 0;
  }

  /// Forgets the first rows. A format that keeps nothing for its rows has nothing to do.
  default void forget(int rows) {}
}
