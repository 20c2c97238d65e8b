package io.evenkeel.normalizer.definition;

/// A feature: its name and the range declared for its values. The range holds in training and in
/// inference.
///
/// @param min least value allowed, −∞ where none is declared
/// @param max greatest value allowed, +∞ where none is declared; `min <= max`
public record Feature(String name, double min, double max, OutOfRange onOutOfRange) {
  /// Refuses an empty range.
  public Feature {
    if (!(min <= max)) {
      throw new IllegalArgumentException("min is above max");
    }
  }

  /// A feature of any value.
  public static Feature named(String name) {
    return new Feature(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, OutOfRange.REJECT);
  }

  /// Whether a range is declared.
  public boolean hasRange() {
    return min != Double.NEGATIVE_INFINITY || max != Double.POSITIVE_INFINITY;
  }
}
