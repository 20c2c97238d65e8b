package io.evenkeel.framework;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Inference as an ONNX model of opset 15: `x [N × D]` to `y [N × D]`.
///
/// Two forms, said in the metadatum `evenkeel.form`:
///
/// | form                   | where                                     | nodes                      |
/// |------------------------|-------------------------------------------|----------------------------|
/// | `batch-normalization`  | every \|μ\| ≤ s, and neither clip, ranges nor imputing | BatchNormalization |
/// | `subtract-scale-shift` | else                                      | Sub, Sub, Div, Mul, Add    |
///
/// Runtimes compute BatchNormalization as a x + b, which in float32 is off by 0.2 deviations at
/// mean 1e6, deviation 0.4. The other form keeps the service's order: the mean is subtracted in two
/// parts, the first of which is exact for an x near it (Sterbenz), so that the error is some 4
/// units of float32's 6e-8, whatever the mean. In float64 the operations are the service's own.
///
/// Values out of a range become its bound (Max, Min, after the subtraction, where no digit of the
/// bound is lost) or NaN (Where); a missing value is NaN and stays NaN, or becomes β where missing
/// values are imputed.
public final class OnnxModel {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 15;

  private final Layer layer;
  private final Precision precision;
  private final OnnxGraph graph;

  private OnnxModel(Layer layer, Precision precision) {
    this.layer = layer;
    this.precision = precision;
    this.graph = new OnnxGraph(layer.name().value(), precision, layer.features());
  }

  /// The model's bytes.
  public static byte[] write(Layer layer, Precision precision, JsonMapper json) {
    OnnxModel model = new OnnxModel(layer, precision);
    boolean plain = model.isPlain();
    ProtobufMessage graph = plain ? model.batchNormalization() : model.subtractScaleShift();
    return new ProtobufMessage()
        .integer(1, IR_VERSION)
        .text(2, "evenkeel")
        .message(7, graph)
        .message(8, new ProtobufMessage().text(1, "").integer(2, OPSET))
        .message(14, entry("evenkeel.form", plain ? "batch-normalization" : "subtract-scale-shift"))
        .message(14, entry("evenkeel.normalizer", layer.name().value()))
        .message(14, entry("evenkeel.version", Long.toString(layer.version())))
        .message(14, entry("evenkeel.features", json.writeValueAsString(layer.featureNames())))
        .toBytes();
  }

  private static ProtobufMessage entry(String key, String value) {
    return new ProtobufMessage().text(1, key).text(2, value);
  }

  private boolean isPlain() {
    return layer.rules().clip().isEmpty()
        && layer.rules().missing() != MissingValues.IMPUTE
        && !layer.hasRange(OutOfRange.CLIP)
        && !layer.hasRange(OutOfRange.MISSING)
        && IntStream.range(0, layer.features())
            .allMatch(j -> Math.abs(mean(j)) <= divisor(j) && isSquarable(divisor(j)));
  }

  /// Whether the root of the square is the number again, also in float32.
  private boolean isSquarable(double s) {
    double square = precision.round(s * s);
    return Double.isFinite(square) && square >= Float.MIN_NORMAL;
  }

  private double mean(int j) {
    return layer.isZero(j) ? 0 : layer.mean(j);
  }

  /// s; 1 for a feature whose normalised value is 0, which [#gamma] sees to.
  private double divisor(int j) {
    return layer.isZero(j) ? 1 : layer.deviation(j);
  }

  private double gamma(int j) {
    return layer.isZero(j) ? 0 : layer.affine().gamma(j);
  }

  private ProtobufMessage batchNormalization() {
    String y =
        graph.node(
            "BatchNormalization",
            OnnxGraph.INPUT,
            precise("gamma", this::gamma),
            finite("beta", layer.affine()::beta),
            finite("mean", this::mean),
            precise("variance", j -> divisor(j) * divisor(j)));
    graph.attribute("epsilon", 0);
    return graph.endingIn(keepingMissing(OnnxGraph.INPUT, activated(y)));
  }

  private ProtobufMessage subtractScaleShift() {
    String present = withoutOutOfRange();
    String z = scaled(centred(present));
    boolean imputes = layer.rules().missing() == MissingValues.IMPUTE;
    if (imputes) {
      z = graph.node("Where", graph.node("IsNaN", present), graph.scalar("zero", 0), z);
    }
    if (layer.rules().clip().isPresent()) {
      double clip = layer.rules().clip().getAsDouble();
      precision.requirePrecise(clip, () -> "clip");
      z = graph.node("Clip", z, graph.scalar("least", -clip), graph.scalar("greatest", clip));
    }
    String y = activated(shifted(z));
    return graph.endingIn(imputes ? y : keepingMissing(present, y));
  }

  /// Compares in the type of x without loss: for an x of that type, x < 0.1 says the same as x <
  /// the least number of the type that is not below 0.1.
  private String withoutOutOfRange() {
    if (!layer.hasRange(OutOfRange.MISSING)) {
      return OnnxGraph.INPUT;
    }
    String least = vector("least_value", j -> up(bound(j, OutOfRange.MISSING, Feature::min)));
    String greatest =
        vector("greatest_value", j -> -up(-bound(j, OutOfRange.MISSING, Feature::max)));
    String outside =
        graph.node(
            "Or",
            graph.node("Less", OnnxGraph.INPUT, least),
            graph.node("Greater", OnnxGraph.INPUT, greatest));
    return graph.node("Where", outside, graph.scalar("missing", Double.NaN), OnnxGraph.INPUT);
  }

  private double bound(int j, OutOfRange kind, ToDoubleFunction<Feature> side) {
    Feature feature = layer.definition().features().get(j);
    double none = side.applyAsDouble(Feature.named(feature.name()));
    return feature.onOutOfRange() == kind ? side.applyAsDouble(feature) : none;
  }

  /// The least number of the graph's type that is not below this one.
  private double up(double value) {
    double rounded = precision.round(value);
    return rounded < value ? Math.nextUp((float) rounded) : rounded;
  }

  private String centred(String x) {
    double[] high = array(j -> precision.round(mean(j)));
    double[] low = array(j -> layer.isZero(j) ? 0 : (mean(j) - high[j]) + layer.meanLow(j));
    String z = x;
    if (anyNot(0, high)) {
      z = graph.node("Sub", z, finite("mean", this::mean));
    }
    if (anyNot(0, low)) {
      z = graph.node("Sub", z, graph.vector("mean_low", low));
    }
    if (layer.hasRange(OutOfRange.CLIP)) {
      z = graph.node("Max", z, vector("least_centred", j -> centredBound(j, Feature::min)));
      z = graph.node("Min", z, vector("greatest_centred", j -> centredBound(j, Feature::max)));
    }
    return z;
  }

  private double centredBound(int j, ToDoubleFunction<Feature> side) {
    double low = layer.isZero(j) ? 0 : layer.meanLow(j);
    return (bound(j, OutOfRange.CLIP, side) - mean(j)) - low;
  }

  private String scaled(String z) {
    return anyNot(1, array(this::divisor))
        ? graph.node("Div", z, precise("deviation", this::divisor))
        : z;
  }

  private String shifted(String z) {
    String y = z;
    if (anyNot(1, array(this::gamma))) {
      y = graph.node("Mul", y, precise("gamma", this::gamma));
    }
    if (anyNot(0, layer.affine().beta())) {
      y = graph.node("Add", y, finite("beta", layer.affine()::beta));
    }
    return y;
  }

  private String activated(String y) {
    return switch (layer.rules().activation()) {
      case NONE -> y;
      case RELU -> graph.node("Relu", y);
      case SIGMOID -> graph.node("Sigmoid", y);
      case TANH -> graph.node("Tanh", y);
    };
  }

  /// What limits a value may take NaN for a number.
  private String keepingMissing(String present, String y) {
    boolean limits =
        layer.rules().clip().isPresent()
            || layer.rules().activation() != Activation.NONE
            || layer.hasRange(OutOfRange.CLIP);
    return limits ? graph.node("Where", graph.node("IsNaN", present), present, y) : y;
  }

  private String finite(String name, IntToDoubleFunction value) {
    double[] values = array(value);
    for (int j = 0; j < values.length; j++) {
      int feature = j;
      precision.requireFinite(values[j], () -> named(name, feature));
    }
    return graph.vector(name, values);
  }

  private String precise(String name, IntToDoubleFunction value) {
    double[] values = array(value);
    for (int j = 0; j < values.length; j++) {
      int feature = j;
      precision.requirePrecise(values[j], () -> named(name, feature));
    }
    return graph.vector(name, values);
  }

  private String named(String name, int feature) {
    return name + " of " + Excerpt.quoted(layer.definition().features().name(feature));
  }

  private String vector(String name, IntToDoubleFunction value) {
    return graph.vector(name, array(value));
  }

  private double[] array(IntToDoubleFunction value) {
    return IntStream.range(0, layer.features()).mapToDouble(value).toArray();
  }

  private static boolean anyNot(double neutral, double[] values) {
    return Arrays.stream(values).anyMatch(value -> value != neutral);
  }
}
