package io.evenkeel.framework;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An ONNX graph in the making: from `x` to `y`, both `[N × D]` with N the caller's, in one type of
/// number. Not safe for use by more than one thread.
///
/// The messages of `onnx.proto` that a model is made of, with the numbers of their fields:
///
/// | message                      | fields                                                       |
/// |------------------------------|--------------------------------------------------------------|
/// | `ModelProto`                 | 1 `ir_version`, 2 `producer_name`, 7 `graph`,                |
/// |                              | 8 `opset_import` (repeated), 14 `metadata_props` (repeated)  |
/// | `OperatorSetIdProto`         | 1 `domain`, 2 `version`                                      |
/// | `StringStringEntryProto`     | 1 `key`, 2 `value`                                           |
/// | `GraphProto`                 | 1 `node` (repeated), 2 `name`, 5 `initializer` (repeated),   |
/// |                              | 11 `input` (repeated), 12 `output` (repeated)                |
/// | `NodeProto`                  | 1 `input` (repeated), 2 `output` (repeated), 3 `name`,       |
/// |                              | 4 `op_type`, 5 `attribute` (repeated)                        |
/// | `AttributeProto`             | 1 `name`, 2 `f`, 20 `type`: 1 is a float                     |
/// | `TensorProto`                | 1 `dims` (repeated), 2 `data_type`, 8 `name`, 9 `raw_data`   |
/// | `ValueInfoProto`             | 1 `name`, 2 `type`                                           |
/// | `TypeProto`                  | 1 `tensor_type`                                              |
/// | `TypeProto.Tensor`           | 1 `elem_type`, 2 `shape`                                     |
/// | `TensorShapeProto`           | 1 `dim` (repeated)                                           |
/// | `TensorShapeProto.Dimension` | 1 `dim_value`, or 2 `dim_param`                              |
///
/// `data_type` and `elem_type` are 1 for float32 and 11 for float64; `raw_data` is little-endian.
/// Source: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.
final class OnnxGraph {
  static final String INPUT = "x";
  private static final String OUTPUT = "y";

  private static final int FLOAT = 1;
  private static final int DOUBLE = 11;

  /// One use of an operator.
  private record Node(
      String operator, String name, List<String> inputs, List<ProtobufMessage> attributes) {

    ProtobufMessage message(String output) {
      ProtobufMessage node = new ProtobufMessage();
      inputs.forEach(input -> node.text(1, input));
      node.text(2, output).text(3, name).text(4, operator);
      attributes.forEach(attribute -> node.message(5, attribute));
      return node;
    }
  }

  private final String name;
  private final Precision precision;
  private final int features;
  private final List<Node> nodes = new ArrayList<>();
  private final List<ProtobufMessage> constants = new ArrayList<>();

  OnnxGraph(String name, Precision precision, int features) {
    this.name = name;
    this.precision = precision;
    this.features = features;
  }

  private ProtobufMessage value(String name) {
    ProtobufMessage shape =
        new ProtobufMessage()
            .message(1, new ProtobufMessage().text(2, "N"))
            .message(1, new ProtobufMessage().integer(1, features));
    ProtobufMessage tensor = new ProtobufMessage().integer(1, type()).message(2, shape);
    return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
  }

  private int type() {
    return switch (precision) {
      case FLOAT32 -> FLOAT;
      case FLOAT64 -> DOUBLE;
    };
  }

  /// One use of an operator.
  ///
  /// @return the name of what comes out
  String node(String operator, String... inputs) {
    String name = operator.toLowerCase(Locale.ROOT) + "_" + nodes.size();
    nodes.add(new Node(operator, name, List.of(inputs), new ArrayList<>()));
    return name;
  }

  /// Gives the last node an attribute.
  void attribute(String name, float value) {
    nodes
        .getLast()
        .attributes()
        .add(new ProtobufMessage().text(1, name).float32(2, value).integer(20, FLOAT));
  }

  /// A constant `[D]`, rounded to the graph's type.
  String vector(String name, double[] values) {
    return constant(new ProtobufMessage().integer(1, values.length), name, values);
  }

  /// A constant without dimensions, rounded to the graph's type.
  String scalar(String name, double value) {
    return constant(new ProtobufMessage(), name, value);
  }

  private String constant(ProtobufMessage tensor, String name, double... values) {
    constants.add(tensor.integer(2, type()).text(8, name).bytes(9, precision.bytes(values)));
    return name;
  }

  /// The graph whose output is what this node gives, the last one that was made.
  ProtobufMessage endingIn(String last) {
    if (nodes.isEmpty() || !nodes.getLast().name().equals(last)) {
      node("Identity", last);
    }
    ProtobufMessage graph = new ProtobufMessage();
    for (Node node : nodes.subList(0, nodes.size() - 1)) {
      graph.message(1, node.message(node.name()));
    }
    graph.message(1, nodes.getLast().message(OUTPUT));
    graph.text(2, name);
    constants.forEach(constant -> graph.message(5, constant));
    return graph.message(11, value(INPUT)).message(12, value(OUTPUT));
  }
}
