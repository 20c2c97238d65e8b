package io.evenkeel.normalizer.definition;

/// What happens where a table has no column for a feature, or no object row any feature.
public enum Absent {
  /// It is a fault.
  REJECT,
  /// The feature is missing in every row.
  MISSING,
  /// The feature is 0 in every row; in object rows, where its member is left out.
  ZERO
}
