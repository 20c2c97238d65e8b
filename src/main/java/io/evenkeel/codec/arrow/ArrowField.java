package io.evenkeel.codec.arrow;

import java.util.List;
import java.util.Map;

/// A column, or the child of one, as a schema tells of it.
///
/// @param dictionaryEncoded whether its values are indices into a dictionary
/// @param notes what the schema says of it besides, in the order in which it came
record ArrowField(
    String name,
    boolean nullable,
    ArrowType type,
    boolean dictionaryEncoded,
    List<ArrowField> children,
    Map<String, String> notes) {

  /// A column of numbers, any of which may be null.
  ///
  /// @param float32 whether they have 4 bytes rather than 8
  static ArrowField ofNumbers(String name, boolean float32) {
    ArrowType type = new ArrowType.FloatingPoint(float32 ? Float.SIZE : Double.SIZE);
    return new ArrowField(name, true, type, false, List.of(), Map.of());
  }
}
