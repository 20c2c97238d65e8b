package io.evenkeel.document;

import io.evenkeel.fault.Wire;
import org.jspecify.annotations.Nullable;

/// Words of a valid document as constants.
final class Words {
  private Words() {}

  static <E extends Enum<E>> E constant(Class<E> type, @Nullable String word, E absent) {
    return word == null ? absent : Wire.parse(type, word).orElse(absent);
  }
}
