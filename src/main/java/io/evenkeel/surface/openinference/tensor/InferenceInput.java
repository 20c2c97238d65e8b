package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.codec.json.JsonMembers;
import io.evenkeel.codec.json.JsonScalar;
import io.evenkeel.codec.json.JsonStack;
import io.evenkeel.codec.json.JsonValue;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.PlainText;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads an element of the `inputs` of an inference request, a tensor. Its members may have any
/// order, and its numbers may follow the JSON as bytes.
final class InferenceInput {
  /// How many bytes a tensor takes beside its numbers, its name included.
  static final int BYTES = 2048;

  private final String pointer;
  private final JsonMembers members;
  private final JsonScalar name;
  private final JsonScalar datatype;
  private final TensorShape shape;
  private final JsonScalar binarySize;
  private final TensorNumbers numbers;
  private final TensorData data;

  /// @param index among the inputs
  InferenceInput(JsonStack stack, int index, TensorRoom room) {
    this.pointer = "#/inputs/" + index;
    this.name = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
    this.datatype = new JsonScalar(stack, JsonScalar.Kind.TEXT, false);
    this.shape = new TensorShape(stack.present());
    this.binarySize = new JsonScalar(stack, JsonScalar.Kind.WHOLE, false);
    this.numbers = new TensorNumbers(room);
    this.data = new TensorData(stack.present(), numbers);
    this.members =
        new JsonMembers(
            stack,
            "Inputs",
            false,
            Map.of(
                "name",
                name,
                "datatype",
                datatype,
                "shape",
                shape,
                "parameters",
                JsonMembers.amongOthers(
                    stack, Map.of("binary_data_size", binarySize), TensorParameters::ofInput),
                "data",
                data));
  }

  JsonValue value() {
    return members;
  }

  /// The pointer of the tensor.
  String pointer() {
    return pointer;
  }

  /// The name, if there is one.
  Optional<String> name() {
    return name.text();
  }

  /// The type of the numbers, if the input names a known type.
  Optional<TensorType> type() {
    return datatype.text().flatMap(TensorType::of);
  }

  TensorShape shape() {
    return shape;
  }

  TensorNumbers numbers() {
    return numbers;
  }

  /// How many bytes behind the JSON are the numbers, if the input says so.
  OptionalLong binarySize() {
    return binarySize.whole();
  }

  /// What reads these bytes.
  TensorBytes bytes() {
    long size = Math.max(0, binarySize.whole().orElse(0));
    Optional<TensorType> type = type().filter(_ -> !data.isThere());
    return type.isPresent() ? TensorBytes.of(numbers, type.get(), size) : TensorBytes.ignored(size);
  }

  /// Whether the JSON has the numbers one after the other.
  boolean isFlat() {
    return data.isThere() && data.isFlat();
  }

  /// Checks everything that does not depend on the normalizer.
  ///
  /// @throws UnreadableBody if there is text among numbers
  void check(Faults faults) {
    if (name().isEmpty()) {
      faults.add(new Fault(pointer + "/name", Fault.NOT_NULL, "The input has no name."));
    } else if (!PlainText.isPlain(name().get())) {
      faults.add(new Fault(pointer + "/name", Fault.PATTERN, "'name' " + PlainText.RULE + "."));
    }
    checkType(faults);
    if (!shape.isThere()) {
      faults.add(new Fault(pointer + "/shape", Fault.NOT_NULL, "The input has no shape."));
    } else if (shape.hasNegative()) {
      String detail = "The shape is " + shape + "; no dimension may be negative.";
      faults.add(new Fault(pointer + "/shape", Fault.NEGATIVE, detail));
    } else if (type().isPresent()) {
      checkLength(type().get(), shape.product(0), faults);
    }
    if (binarySize.whole().isEmpty() && !data.isThere()) {
      faults.add(new Fault(pointer + "/data", Fault.NOT_NULL, "The input has no data."));
    }
    if (binarySize.whole().isPresent() && data.isThere()) {
      String detail = "The input has data and a binary_data_size; it must have only one of them.";
      faults.add(new Fault(pointer + "/data", Fault.SIZE, detail));
    }
  }

  private void checkType(Faults faults) {
    String place = pointer + "/datatype";
    Optional<String> found = datatype.text();
    if (found.isEmpty()) {
      faults.add(new Fault(place, Fault.NOT_NULL, "The input has no datatype."));
    } else if (type().isEmpty()) {
      String detail =
          "The datatype is "
              + Excerpt.quoted(found.get())
              + (found.get().equals("BYTES") ? ", which is text" : "")
              + "; send numbers as "
              + TensorType.NAMES
              + ".";
      faults.add(new Fault(place, Fault.UNKNOWN_VALUE, detail));
    } else if (data.text().isPresent()) {
      throw data.text().get();
    }
  }

  private void checkLength(TensorType type, long elements, Faults faults) {
    if (binarySize.whole().isPresent() && !data.isThere()) {
      long size = binarySize.whole().getAsLong();
      long wanted = elements > Long.MAX_VALUE / 8 ? Long.MAX_VALUE : elements * type.width();
      if (size >= 0 && size != wanted) {
        String detail =
            "binary_data_size is "
                + size
                + "; the shape "
                + shape
                + " of "
                + type
                + " takes "
                + wanted
                + " bytes.";
        faults.add(new Fault(pointer + "/parameters/binary_data_size", Fault.SIZE, detail));
      }
    } else if (data.isThere()) {
      checkData(elements, faults);
    }
  }

  private void checkData(long elements, Faults faults) {
    String place = pointer + "/data";
    if (!data.isFlat() && data.uneven().isPresent()) {
      String detail = "This array is longer or shorter than those before it.";
      faults.add(new Fault(place + data.uneven().get(), Fault.SIZE, detail));
    } else if (!data.isFlat() && !data.isNestedAs(shape)) {
      String detail = "The data are nested as " + data.nesting() + "; the shape is " + shape + ".";
      faults.add(new Fault(place, Fault.SIZE, detail));
    } else if (data.isFlat() && numbers.size() != elements) {
      String detail = "The data have " + numbers.size() + " values; the shape is " + shape + ".";
      faults.add(new Fault(place, Fault.SIZE, detail));
    }
  }

  /// Rounds numbers of the JSON as their datatype would have rounded them, and tells which are not
  /// of this type. The tensor must have passed [#check].
  ///
  /// @param places of the numbers, by their index
  void checkNumbers(TensorPlaces places, Faults faults) {
    TensorType type = type().orElseThrow();
    if (data.isThere() && type.answered() == type && type != TensorType.FP64) {
      numbers.round(type);
    }
    if (data.isThere() || type.numbers().mayBeInexact()) {
      numbers.check(type, places::of, faults);
    }
  }
}
