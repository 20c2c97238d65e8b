package io.evenkeel.framework;

import com.google.protobuf.ByteString;
import io.evenkeel.framework.onnx.AttributeProto;
import io.evenkeel.framework.onnx.GraphProto;
import io.evenkeel.framework.onnx.NodeProto;
import io.evenkeel.framework.onnx.TensorProto;
import io.evenkeel.framework.onnx.TensorShapeProto;
import io.evenkeel.framework.onnx.TypeProto;
import io.evenkeel.framework.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An ONNX graph in the making: from `x` to `y`, both `[N × D]` with N the caller's, in one type of
/// number. Not safe for use by more than one thread.
final class OnnxGraph {
  static final String INPUT = "x";
  private static final String OUTPUT = "y";

  private final Precision precision;
  private final int features;
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final List<NodeProto.Builder> nodes = new ArrayList<>();

  OnnxGraph(String name, Precision precision, int features) {
    this.precision = precision;
    this.features = features;
    graph.setName(name);
    graph.addInput(value(INPUT));
    graph.addOutput(value(OUTPUT));
  }

  private ValueInfoProto value(String name) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(features));
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type().getNumber()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private TensorProto.DataType type() {
    return precision == Precision.FLOAT32
        ? TensorProto.DataType.FLOAT
        : TensorProto.DataType.DOUBLE;
  }

  /// One use of an operator.
  ///
  /// @return the name of what comes out
  String node(String operator, String... inputs) {
    String output = operator.toLowerCase(Locale.ROOT) + "_" + nodes.size();
    nodes.add(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(List.of(inputs))
            .addOutput(output));
    return output;
  }

  /// Gives the last node an attribute.
  void attribute(String name, float value) {
    nodes
        .getLast()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value));
  }

  /// A constant `[D]`, rounded to the graph's type.
  String vector(String name, double[] values) {
    return constant(name, values, true);
  }

  /// A constant without dimensions, rounded to the graph's type.
  String scalar(String name, double value) {
    return constant(name, new double[] {value}, false);
  }

  private String constant(String name, double[] values, boolean vector) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type().getNumber())
            .setRawData(ByteString.copyFrom(precision.bytes(values)));
    if (vector) {
      tensor.addDims(values.length);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /// The graph whose output is what this node gives, the last one that was made.
  GraphProto endingIn(String last) {
    if (nodes.isEmpty() || !nodes.getLast().getOutput(0).equals(last)) {
      node("Identity", last);
    }
    nodes.getLast().setOutput(0, OUTPUT);
    nodes.forEach(graph::addNode);
    return graph.build();
  }
}
