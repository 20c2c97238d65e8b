package io.evenkeel.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How an enumeration's constants are spelled outside Java: `SCIKIT_LEARN` is `scikit-learn`.
public final class Wire {
  private static final ClassValue<List<String>> WORDS =
      new ClassValue<>() {
        @Override
        protected List<String> computeValue(Class<?> type) {
          return Arrays.stream(type.getEnumConstants())
              .map(constant -> word(((Enum<?>) constant).name()))
              .toList();
        }
      };

  private Wire() {}

  /// The constant's word.
  @SuppressWarnings("EnumOrdinal") // the words are in the order of the constants
  public static String word(Enum<?> constant) {
    return WORDS.get(constant.getDeclaringClass()).get(constant.ordinal());
  }

  /// The word of a constant of this name.
  public static String word(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// All words of an enumeration, in its order.
  public static List<String> words(Class<? extends Enum<?>> type) {
    return WORDS.get(type);
  }

  /// The constant of a word.
  public static <E extends Enum<E>> Optional<E> parse(Class<E> type, String word) {
    int ordinal = WORDS.get(type).indexOf(word);
    return ordinal < 0 ? Optional.empty() : Optional.of(type.getEnumConstants()[ordinal]);
  }
}
