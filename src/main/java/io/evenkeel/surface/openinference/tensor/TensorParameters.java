package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which parameters must not be passed over. Clients send parameters for Triton, KServe and
/// MLServer that mean nothing here. But a misspelt parameter of this service, or one that makes the
/// client look for numbers elsewhere, would end in a wrong result.
final class TensorParameters {
  /// The parameters of a request that mean something here.
  static final List<String> OF_REQUEST = List.of("mode", "binary_data_output");

  private TensorParameters() {}

  /// Why a parameter of a request is refused, if it is.
  static Optional<String> ofRequest(String name) {
    return OF_REQUEST.stream()
        .filter(known -> Arrays.equals(letters(known), letters(name)))
        .findFirst()
        .or(() -> NearestName.of(name, OF_REQUEST))
        .map(meant ->
            "There is no parameter "
                + Excerpt.quoted(name)
                + "; did you mean "
                + Excerpt.quoted(meant)
                + "?");
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
