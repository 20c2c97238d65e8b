package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonIgnored;
import io.evenkeel.codec.json.JsonMembers;
import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonStack;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.fault.Faults;
import java.util.Map;
import java.util.Optional;

/// Reads an element of the `outputs` of an inference request: which output the client asks for, and
/// in which form.
final class InferenceOutput {
  /// The name of the one output.
  static final String NAME = "y";

  private final JsonMembers members;
  private final JsonScalar name;
  private final JsonScalar binary;

  InferenceOutput(JsonStack stack) {
    this.name = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
    this.binary = new JsonScalar(stack, JsonScalar.Kind.FLAG, false);
    JsonMembers parameters =
        new JsonMembers(
            stack,
            "The parameters of an output",
            true,
            Map.of("binary_data", binary, "content_type", new JsonIgnored(stack)));
    this.members =
        new JsonMembers(stack, "Outputs", false, Map.of("name", name, "parameters", parameters));
  }

  JsonValue value() {
    return members;
  }

  /// Whether the client asks for bytes, if the output says so.
  Optional<Boolean> binary() {
    return binary.flag();
  }

  /// Checks the name.
  ///
  /// @param pointer of the output
  void checkName(String pointer, Faults faults) {
    InferenceInput.checkName(name, pointer, "output", NAME, faults);
  }
}
