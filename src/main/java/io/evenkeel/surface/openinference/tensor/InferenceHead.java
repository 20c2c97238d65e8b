package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonElements;
import io.evenkeel.codec.json.JsonIgnored;
import io.evenkeel.codec.json.JsonMembers;
import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonStack;
import io.evenkeel.codec.json.JsonTokens;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.codec.rows.BesideRows;
import io.evenkeel.codec.rows.RowCollector;
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
/// "datatype", "parameters", "data"}], "outputs": [{"name", "parameters"}]}`. Members that Triton,
/// KServe or MLServer know and this service does not need are passed over. Any other member is
/// refused, because it may be misspelled.
final class InferenceHead {
  private final JsonStack stack = new JsonStack();
  private final JsonScalar id = new JsonScalar(stack, JsonScalar.Kind.TEXT, true);
  private final JsonScalar mode = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
  private final JsonScalar binaryOutput = new JsonScalar(stack, JsonScalar.Kind.FLAG, false);
  private final JsonElements inputsValue = new JsonElements(stack, false, this::input);
  private final JsonElements outputsValue = new JsonElements(stack, true, _ -> output());
  private final List<InferenceInput> inputs = new ArrayList<>();
  private final List<InferenceOutput> outputs = new ArrayList<>();
  private final TensorData data;

  /// @param rows collects the numbers of the first input
  InferenceHead(RowCollector rows, BesideRows beside) {
    this.data = new TensorData(stack.tokens(), rows, beside);
    JsonMembers parameters =
        new JsonMembers(
            stack,
            "The parameters of a request",
            true,
            Map.of(
                "mode", mode,
                "binary_data_output", binaryOutput,
                "sequence_id", new JsonIgnored(stack),
                "sequence_start", new JsonIgnored(stack),
                "sequence_end", new JsonIgnored(stack),
                "priority", new JsonIgnored(stack),
                "timeout", new JsonIgnored(stack),
                "content_type", new JsonIgnored(stack)));
    stack.begin(
        new JsonMembers(
            stack,
            "Inference requests",
            false,
            Map.of(
                "id", id,
                "model_name", new JsonIgnored(stack),
                "parameters", parameters,
                "inputs", inputsValue,
                "outputs", outputsValue)));
  }

  private JsonValue input(int index) {
    InferenceInput input = new InferenceInput(stack, index == 0 ? data : new JsonIgnored(stack));
    inputs.add(input);
    return input.value();
  }

  private JsonValue output() {
    InferenceOutput output = new InferenceOutput(stack);
    outputs.add(output);
    return output.value();
  }

  JsonTokens tokens() {
    return stack.tokens();
  }

  /// The numbers in the JSON.
  TensorData data() {
    return data;
  }

  /// The first input, if any.
  Optional<InferenceInput> input() {
    return inputs.stream().findFirst();
  }

  /// The type of the numbers of the first input, or that of the model if the input names no known
  /// type.
  TensorType type() {
    return input().flatMap(InferenceInput::type).orElse(TensorType.FP64);
  }

  /// The mode that the request names; inference if it names none or an unknown one.
  Mode mode() {
    return mode.text().flatMap(word -> Wire.parse(Mode.class, word)).orElse(Mode.INFERENCE);
  }

  InferenceTerms terms() {
    boolean all = binaryOutput.flag().orElse(false);
    boolean binary = outputs.stream().findFirst().flatMap(InferenceOutput::binary).orElse(all);
    return new InferenceTerms(id.text(), mode(), type(), binary);
  }

  /// Checks whether there is one whole tensor.
  ///
  /// @param features D
  /// @param rowsRead how many whole rows of JSON numbers came
  /// @param bytesBehind how many bytes came behind the JSON
  void checkInputs(int features, long rowsRead, long bytesBehind, Faults faults) {
    if (!inputsValue.isThere()) {
      faults.add(new Fault("#/inputs", Fault.NOT_NULL, "The request has no inputs."));
      return;
    }
    requireOne("inputs", inputs.size(), InferenceInput.NAME, faults);
    for (int i = 0; i < inputs.size(); i++) {
      inputs.get(i).checkName("#/inputs/" + i, faults);
    }
    if (!inputs.isEmpty()) {
      inputs.getFirst().check(features, data, rowsRead, bytesBehind, faults);
    }
  }

  /// Checks everything else.
  void checkRest(Faults faults) {
    if (!outputs.isEmpty()) {
      requireOne("outputs", outputs.size(), InferenceOutput.NAME, faults);
    }
    for (int i = 0; i < outputs.size(); i++) {
      outputs.get(i).checkName("#/outputs/" + i, faults);
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

  private static void requireOne(String member, int count, String name, Faults faults) {
    if (count != 1) {
      String detail =
          "The request has " + count + " " + member + "; the model has one, '" + name + "'.";
      faults.add(new Fault("#/" + member, Fault.SIZE, detail));
    }
  }
}
