package io.evenkeel.codec.arrow;

import io.evenkeel.codec.arrow.message.ArrowField;
import io.evenkeel.codec.arrow.message.ArrowType;
import io.evenkeel.codec.number.NumberType;
import java.util.Optional;

/// The types of columns whose values can be read as doubles.
sealed interface ArrowNumberType {

  /// Floats and integers of 1 to 8 bytes.
  record Raw(NumberType type) implements ArrowNumberType {}

  /// Truth values, a bit each.
  record Bits() implements ArrowNumberType {}

  /// Integers of `bits` bits, each to be divided by 10^scale.
  record Decimal(int bits, int scale) implements ArrowNumberType {
    private Optional<ArrowNumberType> known() {
      boolean width = bits == Integer.SIZE || bits == Long.SIZE || bits == 128 || bits == 256;
      return width && Math.abs((long) scale) <= WIDEST_SCALE ? Optional.of(this) : Optional.empty();
    }
  }

  /// No values: each is null.
  record Nothing() implements ArrowNumberType {}

  /// Indices of numbers in a dictionary.
  record Encoded(long dictionary, NumberType indices, ArrowNumberType values)
      implements ArrowNumberType {}

  /// Numbers that each stand for a run of rows, with the row behind each run.
  record Runs(NumberType ends, ArrowNumberType values) implements ArrowNumberType {}

  /// No decimal has a scale beyond this: the widest has 76 digits.
  int WIDEST_SCALE = 1000;

  /// The type of a column; empty if its values are no numbers.
  static Optional<ArrowNumberType> of(ArrowField field) {
    if (field.dictionary().isPresent()) {
      ArrowField.Dictionary dictionary = field.dictionary().get();
      return of(field.values())
          .filter(values -> !(values instanceof Nothing))
          .flatMap(values ->
              raw(dictionary.indices())
                  .map(indices -> new Encoded(dictionary.id(), indices, values)));
    }
    return switch (field.type()) {
      case ArrowType.Int type -> raw(type).map(Raw::new);
      case ArrowType.FloatingPoint(int bits) -> Optional.of(new Raw(floats(bits)));
      case ArrowType.Decimal(_, int scale, int bits) -> new Decimal(bits, scale).known();
      case ArrowType.Plain.BOOL -> Optional.of(new Bits());
      case ArrowType.Plain.NULL -> Optional.of(new Nothing());
      case ArrowType.Plain.RUN_END_ENCODED -> runs(field);
      default -> Optional.empty();
    };
  }

  private static Optional<ArrowNumberType> runs(ArrowField field) {
    if (field.children().size() != 2
        || !(field.children().get(0).type() instanceof ArrowType.Int ends)) {
      return Optional.empty();
    }
    return of(field.children().get(1))
        .filter(values -> !(values instanceof Nothing || values instanceof Runs))
        .flatMap(values -> raw(ends).map(type -> new Runs(type, values)));
  }

  private static Optional<NumberType> raw(ArrowType.Int type) {
    return switch (type.bits()) {
      case Byte.SIZE -> Optional.of(type.signed() ? NumberType.INT8 : NumberType.UINT8);
      case Short.SIZE -> Optional.of(type.signed() ? NumberType.INT16 : NumberType.UINT16);
      case Integer.SIZE -> Optional.of(type.signed() ? NumberType.INT32 : NumberType.UINT32);
      case Long.SIZE -> Optional.of(type.signed() ? NumberType.INT64 : NumberType.UINT64);
      default -> Optional.empty();
    };
  }

  private static NumberType floats(int bits) {
    return switch (bits) {
      case Short.SIZE -> NumberType.FLOAT16;
      case Float.SIZE -> NumberType.FLOAT32;
      default -> NumberType.FLOAT64;
    };
  }

  /// The type of the answer: that of floats, otherwise float64.
  default NumberType answered() {
    return this instanceof Raw(NumberType type) ? type.answered() : NumberType.FLOAT64;
  }
}
