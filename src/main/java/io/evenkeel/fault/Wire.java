package io.evenkeel.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The words that stand for the constants of an enumeration outside Java: `SCIKIT_LEARN` is
/// `scikit-learn`.
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

  /// The word of a constant.
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

  /// The constant of a word, if the enumeration has one.
  public static <E extends Enum<E>> Optional<E> parse(Class<E> type, String word) {
    int ordinal = WORDS.get(type).indexOf(word);
    return ordinal < 0 ? Optional.empty() : Optional.of(type.getEnumConstants()[ordinal]);
  }

  /// The constant of a word that may be left out.
  ///
  /// @param otherwise where there is no word, or none of this enumeration
  public static <E extends Enum<E>> E parse(Class<E> type, @Nullable String word, E otherwise) {
    return word == null ? otherwise : parse(type, word).orElse(otherwise);
  }
}
