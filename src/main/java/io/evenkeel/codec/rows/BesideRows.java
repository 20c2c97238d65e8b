package io.evenkeel.codec.rows;

import io.evenkeel.admission.Bounds;
import io.evenkeel.fault.Pointers;
import org.jspecify.annotations.Nullable;

/// What a body says beside the numbers of its rows, for the rows that are handed on together.
public interface BesideRows {
  /// Their weights, null where the body has none.
  ///
  /// @param firstRow the first one's index in the body
  /// @param last whether no rows follow: then also those that are too many
  double @Nullable [] weights(long firstRow, int rows, boolean last);

  /// The bounds for all of them.
  Bounds bounds();

  /// The pointer of a row of the body.
  String pointer(long row);

  /// Where they stand in the body; true also after [#forget].
  Pointers pointers(long firstRow, int rows);

  /// The shape in which they are answered; true also after [#forget].
  RowShape shape(long firstRow, int rows);

  /// How much memory, in numbers, what is kept of the rows takes that are not forgotten yet.
  default long kept() {
    return 0;
  }

  /// Forgets the first rows of those not forgotten yet.
  void forget(int rows);
}
