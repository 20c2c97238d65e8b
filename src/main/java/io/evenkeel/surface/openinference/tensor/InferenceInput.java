package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonIgnored;
import io.evenkeel.codec.json.JsonMembers;
import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonStack;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads an element of the `inputs` of an inference request. Its members may have any order.
final class InferenceInput {
  /// The name of the one input.
  static final String NAME = "x";

  private static final String POINTER = TensorPointers.INPUT;

  private final JsonMembers members;
  private final JsonScalar name;
  private final JsonScalar datatype;
  private final TensorShape shape;
  private final JsonScalar binarySize;

  /// @param data reads the numbers
  InferenceInput(JsonStack stack, JsonValue data) {
    this.name = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
    this.datatype = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
    this.shape = new TensorShape(stack.tokens());
    this.binarySize = new JsonScalar(stack, JsonScalar.Kind.WHOLE, false);
    JsonMembers parameters =
        new JsonMembers(
            stack,
            "The parameters of an input",
            true,
            Map.of("binary_data_size", binarySize, "content_type", new JsonIgnored(stack)));
    this.members =
        new JsonMembers(
            stack,
            "Inputs",
            false,
            Map.of(
                "name", name,
                "datatype", datatype,
                "shape", shape,
                "parameters", parameters,
                "data", data));
  }

  JsonValue value() {
    return members;
  }

  /// The type of the numbers, if the input names a known type.
  Optional<TensorType> type() {
    return datatype.text().flatMap(TensorType::of);
  }

  /// How many bytes behind the JSON are the numbers, if the input says so.
  OptionalLong binarySize() {
    return binarySize.whole();
  }

  /// Checks the name.
  ///
  /// @param pointer of the input
  void checkName(String pointer, Faults faults) {
    checkName(name, pointer, "input", NAME, faults);
  }

  /// Checks the name of an input or output.
  static void checkName(JsonScalar name, String pointer, String what, String only, Faults faults) {
    String found = name.text().orElse(null);
    if (found == null) {
      faults.add(new Fault(pointer + "/name", Fault.NOT_NULL, "The " + what + " has no name."));
    } else if (!found.equals(only)) {
      String detail =
          "The model has no "
              + what
              + " "
              + Excerpt.quoted(found)
              + "; its "
              + what
              + " is '"
              + only
              + "'.";
      faults.add(new Fault(pointer + "/name", Fault.UNKNOWN_VALUE, detail));
    }
  }

  /// Checks type and shape, and whether as many numbers came as the shape says.
  ///
  /// @param features D
  /// @param data the numbers in the JSON
  /// @param rowsRead how many whole rows of these came
  /// @param bytesBehind how many bytes came behind the JSON
  void check(int features, TensorData data, long rowsRead, long bytesBehind, Faults faults) {
    checkType(faults);
    OptionalLong rows = shape.rows(features, POINTER + "/shape", faults);
    if (binarySize.whole().isPresent()) {
      checkBytes(features, rows, data.isThere(), bytesBehind, faults);
      return;
    }
    if (bytesBehind > 0) {
      String detail = bytesBehind + " bytes follow the JSON; the input has no binary_data_size.";
      faults.add(new Fault(POINTER, Fault.SIZE, detail));
    }
    if (!data.isThere()) {
      faults.add(new Fault(POINTER + "/data", Fault.NOT_NULL, "The input has no data."));
    } else if (rows.isPresent() && (rowsRead != rows.getAsLong() || data.rest() > 0)) {
      String found =
          data.isFlat() ? (rowsRead * features + data.rest()) + " values" : rowsRead + " rows";
      String detail = "The data have " + found + "; the shape is " + shape + ".";
      faults.add(new Fault(POINTER + "/data", Fault.SIZE, detail));
    }
  }

  private void checkType(Faults faults) {
    String pointer = POINTER + "/datatype";
    if (datatype.text().isEmpty()) {
      faults.add(new Fault(pointer, Fault.NOT_NULL, "The input has no datatype."));
    } else if (type().isEmpty()) {
      String found = Excerpt.quoted(datatype.text().get());
      String detail = "The datatype is " + found + "; it must be 'FP64' or 'FP32'.";
      faults.add(new Fault(pointer, Fault.UNKNOWN_VALUE, detail));
    }
  }

  private void checkBytes(
      int features, OptionalLong rows, boolean hasData, long bytesBehind, Faults faults) {
    String pointer = POINTER + "/parameters/binary_data_size";
    long size = binarySize.whole().orElseThrow();
    String given = "binary_data_size is " + size + "; ";
    if (hasData) {
      String detail = "The input has data and a binary_data_size; it must have only one of them.";
      faults.add(new Fault(POINTER + "/data", Fault.SIZE, detail));
    }
    if (size < 0) {
      faults.add(new Fault(pointer, Fault.NEGATIVE, given + "it must not be negative."));
      return;
    }
    if (size != bytesBehind) {
      String detail =
          given
              + bytesBehind
              + " bytes follow the JSON, whose length Inference-Header-Content-Length must tell.";
      faults.add(new Fault(pointer, Fault.SIZE, detail));
    }
    TensorType type = type().orElse(null);
    if (type != null && rows.isPresent()) {
      long row = (long) features * type.width();
      if (size % row != 0 || size / row != rows.getAsLong()) {
        String detail = given + "the shape is " + shape + ", " + row + " bytes a row.";
        faults.add(new Fault(pointer, Fault.SIZE, detail));
      }
    }
  }
}
