package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonMembers;
import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonStack;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.PlainText;
import java.util.Map;
import java.util.Optional;

/// Reads an element of the `outputs` of an inference request: the name of an output, and its form.
final class InferenceOutput {
  private final String pointer;
  private final JsonMembers members;
  private final JsonScalar name;
  private final JsonScalar binary;

  /// @param index among the outputs
  InferenceOutput(JsonStack stack, int index) {
    this.pointer = "#/outputs/" + index;
    this.name = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
    this.binary = new JsonScalar(stack, JsonScalar.Kind.FLAG, false);
    JsonMembers parameters =
        JsonMembers.amongOthers(stack, Map.of("binary_data", binary), TensorParameters::ofOutput);
    this.members =
        new JsonMembers(stack, "Outputs", false, Map.of("name", name, "parameters", parameters));
  }

  JsonValue value() {
    return members;
  }

  /// The pointer of its name.
  String pointer() {
    return pointer + "/name";
  }

  /// The name; empty if there is none.
  String name() {
    return name.text().orElse("");
  }

  /// Whether the client asks for bytes, if the output says so.
  Optional<Boolean> binary() {
    return binary.flag();
  }

  /// Checks the name.
  void check(Faults faults) {
    if (name.text().isEmpty()) {
      faults.add(new Fault(pointer(), Fault.NOT_NULL, "The output has no name."));
    } else if (!PlainText.isPlain(name())) {
      faults.add(new Fault(pointer(), Fault.PATTERN, "'name' " + PlainText.RULE + "."));
    }
  }
}
