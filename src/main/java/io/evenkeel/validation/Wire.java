package io.evenkeel.validation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How an enumeration's constants are spelled outside Java: `SCIKIT_LEARN` is `scikit-learn`.
public final class Wire {
  private Wire() {}

  /// The constant's word.
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// All words of an enumeration, in its order.
  public static List<String> words(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Wire::word).toList();
  }

  /// The constant of a word.
  public static <E extends Enum<E>> Optional<E> parse(Class<E> type, String word) {
    return Arrays.stream(type.getEnumConstants()).filter(c -> word(c).equals(word)).findFirst();
  }
}
