package io.evenkeel.normalizer.definition;

/// The treatment of a value outside its feature's declared range.
public enum OutOfRange {
  /// The batch (or row) is refused.
  REJECT,
  /// It is moved to the nearest end of the range.
  CLIP,
  /// It counts as missing.
  MISSING
}
