package io.evenkeel.codec.arrow;

import java.util.List;
import java.util.Map;

/// The field of a column, or of the child of one, in a schema.
///
/// @param dictionaryEncoded whether its values are indices into a dictionary
/// @param notes the other metadata of the field, in the order in which they came
record ArrowField(
    String name,
    boolean nullable,
    ArrowType type,
    boolean dictionaryEncoded,
    List<ArrowField> children,
    Map<String, String> notes) {

  /// A column of numbers, any of which may be null.
  ///
  /// @param float32 whether they have 4 bytes instead of 8
  static ArrowField ofNumbers(String name, boolean float32) {
    ArrowType type = new ArrowType.FloatingPoint(float32 ? Float.SIZE : Double.SIZE);
    return new ArrowField(name, true, type, false, List.of(), Map.of());
  }
}
