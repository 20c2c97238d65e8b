package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which parameters must not be passed over. Clients send parameters for Triton, KServe and
/// MLServer that mean nothing here. But a misspelt parameter of this service, or one that makes the
/// client look for numbers elsewhere, would end in a wrong result.
final class TensorParameters {
  private static final String MODE = "mode";
  private static final String BINARY_OUTPUT = "binary_data_output";

  /// Common words that are a letter away from `mode`. Clients may mean them.
  private static final Set<String> WORDS =
      Set.of("model", "code", "node", "made", "move", "more", "mole", "lode", "rode", "ode");

  private static final Set<String> SWAPPED = Set.of("omde", "mdoe", "moed");

  private TensorParameters() {}

  /// Why a parameter of a request is refused, if it is.
  static Optional<String> ofRequest(String name) {
    if (isLikeMode(name)) {
      return Optional.of(unknown(name, MODE));
    }
    boolean isLikeOutput =
        Arrays.equals(letters(BINARY_OUTPUT), letters(name))
            || NearestName.of(name, List.of(BINARY_OUTPUT)).isPresent();
    return isLikeOutput ? Optional.of(unknown(name, BINARY_OUTPUT)) : Optional.empty();
  }

  private static String unknown(String name, String meant) {
    return "There is no parameter "
        + Excerpt.quoted(name)
        + "; did you mean "
        + Excerpt.quoted(meant)
        + "?";
  }

  /// Whether a name is `mode` but for case, one letter, or two neighbours that changed places.
  private static boolean isLikeMode(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.length() > MODE.length() + 1 || WORDS.contains(lower)) {
      return false;
    }
    return SWAPPED.contains(lower) || NearestName.of(lower, List.of(MODE)).isPresent();
  }

  /// The letters of a name, so that two names have the same ones if letters changed places.
  private static int[] letters(String name) {
    return name.chars().sorted().toArray();
  }

  /// Why a parameter of an input is refused, if it is.
  static Optional<String> ofInput(String name) {
    return name.equals("shared_memory_region")
        ? Optional.of("There is no shared memory here; send the numbers in the request.")
        : Optional.empty();
  }

  /// Why a parameter of an output is refused, if it is.
  static Optional<String> ofOutput(String name) {
    return switch (name) {
      case "shared_memory_region" ->
          Optional.of("There is no shared memory here; the numbers come in the answer.");
      case "classification" ->
          Optional.of("The output has numbers, not classes; leave out the parameter.");
      default -> Optional.empty();
    };
  }
}
