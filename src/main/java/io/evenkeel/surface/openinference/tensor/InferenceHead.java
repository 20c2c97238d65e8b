package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonElements;
import io.evenkeel.codec.json.JsonIgnored;
import io.evenkeel.codec.json.JsonMembers;
import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonStack;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.codec.json.token.JsonTokens;
import io.evenkeel.codec.json.token.PresentToken;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.PlainText;
import io.evenkeel.fault.Wire;
import io.evenkeel.normalization.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the JSON of an inference request: `{"id", "parameters", "inputs": [{"name", "shape",
/// "datatype", "parameters", "data"}], "outputs": [{"name", "parameters"}]}`. Parameters that this
/// service does not know are passed over. Any other unknown member is refused, because it may be
/// misspelt.
final class InferenceHead {
  /// So many bytes never come; sizes do not add up beyond it.
  private static final long MOST_BYTES = 1L << 62;

  private final JsonStack stack = new JsonStack();
  private final TensorRoom room;
  private final JsonScalar id = new JsonScalar(stack, JsonScalar.Kind.TEXT, true);
  private final JsonScalar mode = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
  private final JsonScalar binaryOutput = new JsonScalar(stack, JsonScalar.Kind.FLAG, false);
  private final JsonElements inputsValue =
      new JsonElements(stack, RowShape.MOST_COLUMNS, false, this::input);
  private final List<InferenceInput> inputs = new ArrayList<>();
  private final List<InferenceOutput> outputs = new ArrayList<>();

  InferenceHead(TensorRoom room) {
    this.room = room;
    JsonMembers parameters =
        JsonMembers.amongOthers(
            stack,
            Map.of("mode", mode, "binary_data_output", binaryOutput),
            TensorParameters::ofRequest);
    stack.begin(
        new JsonMembers(
            stack,
            "Inference requests",
            false,
            Map.of(
                "id",
                id,
                "model_name",
                new JsonIgnored(stack),
                "model_version",
                new JsonIgnored(stack),
                "parameters",
                parameters,
                "inputs",
                inputsValue,
                "outputs",
                new JsonElements(stack, RowShape.MOST_COLUMNS, true, this::output))));
  }

  private JsonValue input(int index) {
    room.memory().take(InferenceInput.BYTES);
    InferenceInput input = new InferenceInput(stack, index, room);
    inputs.add(input);
    return input.value();
  }

  private JsonValue output(int index) {
    room.memory().take(InferenceInput.BYTES);
    InferenceOutput output = new InferenceOutput(stack, index);
    outputs.add(output);
    return output.value();
  }

  JsonTokens tokens() {
    return stack.tokens();
  }

  PresentToken present() {
    return stack.present();
  }

  /// The tensors of the request.
  List<InferenceInput> inputs() {
    return inputs;
  }

  /// The outputs that the request asks for.
  RequestedOutputs requested() {
    return new RequestedOutputs(outputs, binaryOutput.flag().orElse(false));
  }

  /// The mode that the request names; inference if it names none or an unknown one.
  Mode mode() {
    return mode.text().flatMap(word -> Wire.parse(Mode.class, word)).orElse(Mode.INFERENCE);
  }

  Optional<String> id() {
    return id.text();
  }

  /// Checks whether there are tensors, and whether all bytes behind the JSON are theirs.
  ///
  /// @param bytesBehind how many bytes came behind the JSON
  void checkInputs(long bytesBehind, Faults faults) {
    if (!inputsValue.isThere()) {
      faults.add(new Fault("#/inputs", Fault.NOT_NULL, "The request has no inputs."));
      return;
    }
    if (inputs.isEmpty()) {
      faults.add(new Fault("#/inputs", Fault.SIZE, "The request has no tensor in its inputs."));
    }
    long claimed = 0;
    for (InferenceInput input : inputs) {
      long size = input.binarySize().orElse(0);
      if (size < 0) {
        String detail = "binary_data_size is " + size + "; it must not be negative.";
        String place = input.pointer() + "/parameters/binary_data_size";
        faults.add(new Fault(place, Fault.NEGATIVE, detail));
      }
      claimed = Math.min(MOST_BYTES, claimed + Math.max(0, size));
    }
    if (faults.isEmpty() && claimed != bytesBehind) {
      faults.add(notWhole(claimed, bytesBehind));
    }
  }

  private Fault notWhole(long claimed, long bytesBehind) {
    String place = inputs.size() == 1 ? inputs.getFirst().pointer() : "#/inputs";
    if (claimed == 0) {
      String detail =
          bytesBehind
              + " bytes follow the JSON, whose length Inference-Header-Content-Length tells; no"
              + " input has a binary_data_size.";
      return new Fault(place, Fault.SIZE, detail);
    }
    String detail =
        "binary_data_size "
            + (inputs.size() == 1 ? "is " : "is in all ")
            + claimed
            + "; "
            + bytesBehind
            + " bytes follow the JSON, whose length Inference-Header-Content-Length must tell.";
    boolean one = inputs.size() == 1;
    return new Fault(one ? place + "/parameters/binary_data_size" : place, Fault.SIZE, detail);
  }

  /// Checks everything beside the tensors.
  void checkRest(Faults faults) {
    for (InferenceOutput output : outputs) {
      output.check(faults);
    }
    if (id.text().filter(text -> !PlainText.isPlain(text)).isPresent()) {
      faults.add(new Fault("#/id", Fault.PATTERN, "'id' " + PlainText.RULE + "."));
    }
    Optional<String> unknown = mode.text().filter(word -> Wire.parse(Mode.class, word).isEmpty());
    if (unknown.isPresent()) {
      String words = String.join("' or '", Wire.words(Mode.class));
      String detail =
          "'mode' is " + Excerpt.quoted(unknown.get()) + "; it must be '" + words + "'.";
      faults.add(new Fault("#/parameters/mode", Fault.UNKNOWN_VALUE, detail));
    }
  }
}
