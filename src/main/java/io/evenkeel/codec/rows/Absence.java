package io.evenkeel.codec.rows;

import java.util.BitSet;

/// What rows did not have. The answer of an inverse leaves it out.
///
/// @param features the features for which the table had no column
/// @param cells the places (row · D + feature) of members that JSON objects did not have
public record Absence(BitSet features, BitSet cells) {
  /// Rows that had every feature.
  public static final Absence NONE = new Absence(new BitSet(), new BitSet());

  /// Rows of a table.
  public static Absence of(AbsentColumns columns) {
    return columns.features().isEmpty() ? NONE : new Absence(columns.features(), new BitSet());
  }

  /// Whether the rows had every feature.
  public boolean isNone() {
    return features.isEmpty() && cells.isEmpty();
  }
}
