package io.evenkeel.framework;

import io.evenkeel.document.JsonWords;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.definition.Preset;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The `state_dict` of `torch.nn.BatchNorm1d` as a [SafetensorsFile].
///
/// | tensor                | dtype      | shape |
/// |-----------------------|------------|-------|
/// | `num_batches_tracked` | I64        | []    |
/// | `bias`                | see below  | [D]   |
/// | `running_mean`        | see below  | [D]   |
/// | `running_var`         | see below  | [D]   |
/// | `weight`              | see below  | [D]   |
///
/// Numbers are written as F64 or F32 and read as any [TensorFloat]. In a file of a whole model all
/// five names of a layer have the same prefix, see [PytorchPrefix].
///
/// The metadata have JSON texts for members that a `state_dict` lacks: `eps`, `momentum` (`null`
/// for an average over all batches), and if there are any `evenkeel.features` and
/// `evenkeel.mean_low`. If `eps` or `momentum` is missing the default of PyTorch holds.
@SuppressWarnings("NullableOptional") // momentum has three states: absent, null, a number
final class PytorchTensors {
  private static final String BATCHES = "num_batches_tracked";
  private static final List<String> NUMBERS =
      List.of("bias", "running_mean", "running_var", "weight");

  /// The tensors that multiply or divide.
  private static final Set<String> RELATIVE = Set.of("running_var", "weight");

  private static final String EPS = "eps";
  private static final String MOMENTUM = "momentum";
  private static final String FEATURES = "evenkeel.features";
  private static final String MEAN_LOW = "evenkeel.mean_low";
  private static final int ALIGNMENT = 8;

  private PytorchTensors() {}

  /// The file, in the order in which the safetensors library itself writes it.
  static byte[] write(Layer layer, Precision precision, JsonMapper json) {
    FrameworkLayer form = FrameworkLayer.of(layer, "safetensors");
    if (precision == Precision.FLOAT32) {
      requireRoots(layer, form);
    }
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(SafetensorsFile.METADATA, metadata(layer, form, precision, json));
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] batches =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(layer.batches())
            .array();
    add(BATCHES, "I64", List.of(), batches, header, data);
    Map<String, double[]> numbers =
        Map.of(
            "bias", form.beta(),
            "running_mean", form.mean(),
            "running_var", form.variance(),
            "weight", form.gamma());
    for (String name : NUMBERS) {
      double[] values = numbers.getOrDefault(name, new double[0]);
      for (int j = 0; j < values.length; j++) {
        int feature = j;
        Supplier<String> what =
            () -> name + " of " + Excerpt.quoted(layer.definition().features().name(feature));
        if (RELATIVE.contains(name)) {
          precision.requirePrecise(values[j], what);
        } else {
          precision.requireFinite(values[j], what);
        }
      }
      List<Integer> shape = List.of(values.length);
      add(name, precision.dtype(), shape, precision.bytes(values), header, data);
    }
    return assemble(json.writeValueAsBytes(header), data.toByteArray());
  }

  /// Refuses a root of 0: in float32 a variance and epsilon may both become 0.
  private static void requireRoots(Layer layer, FrameworkLayer form) {
    for (int j = 0; j < layer.features(); j++) {
      if ((float) form.variance()[j] + (float) form.epsilon() == 0) {
        throw new UnsupportedOperation(
            "running_var of "
                + Excerpt.quoted(layer.definition().features().name(j))
                + " would be 0 in float32; dtype=float64 can hold it.");
      }
    }
  }

  private static Map<String, String> metadata(
      Layer layer, FrameworkLayer form, Precision precision, JsonMapper json) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put(EPS, json.writeValueAsString(form.epsilon()));
    Optional<Double> momentum = PytorchDocument.momentum(layer.definition().averaging());
    if (momentum != null) {
      metadata.put(MOMENTUM, json.writeValueAsString(momentum.orElse(null)));
    }
    // a mean rounded to float32 has another low part, which would not make it exact either
    boolean keepsLow = form.hasMeanLow() && precision == Precision.FLOAT64;
    ExtensionDocument extension = ExtensionDocument.of(layer, keepsLow ? form.meanLow() : null);
    if (extension.features() != null) {
      metadata.put(FEATURES, json.writeValueAsString(extension.features()));
    }
    if (extension.meanLow() != null) {
      metadata.put(MEAN_LOW, json.writeValueAsString(extension.meanLow()));
    }
    return metadata;
  }

  private static void add(
      String name,
      String dtype,
      List<Integer> shape,
      byte[] bytes,
      Map<String, Object> header,
      ByteArrayOutputStream data) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("dtype", dtype);
    entry.put("shape", shape);
    entry.put("data_offsets", List.of(data.size(), data.size() + bytes.length));
    header.put(name, entry);
    data.writeBytes(bytes);
  }

  private static byte[] assemble(byte[] header, byte[] data) {
    int padded = Math.ceilDiv(header.length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer file =
        ByteBuffer.allocate(Math.addExact(Long.BYTES + padded, data.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(padded).put(header);
    while (file.position() < Long.BYTES + padded) {
      file.put((byte) ' ');
    }
    return file.put(data).array();
  }

  /// The normalizer that a file makes.
  ///
  /// @param prefix of the names of the layer's tensors; if it is not given, the only one there is
  /// @throws io.evenkeel.codec.rows.UnreadableBody if it is no safetensors file
  /// @throws io.evenkeel.normalizer.NormalizationException.InvalidInput with all faults
  static ImportedLayer read(byte[] bytes, Optional<String> prefix, JsonMapper json) {
    SafetensorsFile file = SafetensorsFile.read(bytes);
    MemberRules rules = new MemberRules();
    String chosen = PytorchPrefix.of(file.tensors().keySet(), prefix, rules);
    rules.require();
    requireKnown(file, chosen, rules);
    Double eps = text(file, EPS, Double.class, json, rules);
    Optional<Double> momentum = momentum(file, json, rules);
    String[] features = text(file, FEATURES, String[].class, json, rules);
    GivenLayer given =
        new GivenLayer(
            names(chosen),
            numbers(file, chosen + "weight", rules),
            numbers(file, chosen + "bias", rules),
            numbers(file, chosen + PytorchPrefix.MEAN, rules),
            numbers(file, chosen + PytorchPrefix.VARIANCE, rules),
            eps == null ? Preset.PYTORCH.epsilon() : eps,
            features == null ? null : Arrays.asList(features),
            text(file, MEAN_LOW, double[].class, json, rules));
    given.check(rules);
    String counted = chosen + BATCHES;
    return PytorchDocument.imported(
        given, momentum, counted, batches(file, counted, momentum, rules), rules);
  }

  private static GivenLayer.Names names(String prefix) {
    return new GivenLayer.Names(
        prefix + "weight",
        prefix + "bias",
        prefix + PytorchPrefix.MEAN,
        prefix + PytorchPrefix.VARIANCE,
        EPS,
        MemberRules.pointer(SafetensorsFile.METADATA, FEATURES),
        MemberRules.pointer(SafetensorsFile.METADATA, MEAN_LOW));
  }

  /// What a layer with the prefix has must be what such a layer has; other tensors are of others.
  private static void requireKnown(SafetensorsFile file, String prefix, MemberRules rules) {
    for (String name : file.tensors().keySet()) {
      String own = name.startsWith(prefix) ? name.substring(prefix.length()) : BATCHES;
      if (!NUMBERS.contains(own) && !own.equals(BATCHES)) {
        String detail = "BatchNorm1d has no tensor " + Excerpt.quoted(own) + ".";
        rules.fault(MemberRules.pointer(name), "null", detail);
      }
    }
  }

  private static double @Nullable [] numbers(SafetensorsFile file, String name, MemberRules rules) {
    SafetensorsFile.Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      return null;
    }
    Optional<TensorFloat> type = TensorFloat.of(tensor.dtype());
    if (type.isEmpty()) {
      String detail =
          "The tensor "
              + Excerpt.quoted(name)
              + " has the dtype "
              + Excerpt.quoted(tensor.dtype())
              + "; it must be 'F64', 'F32', 'F16' or 'BF16'.";
      rules.fault(MemberRules.pointer(name), Fault.UNKNOWN_VALUE, detail);
      return null;
    }
    int size = type.get().bytes();
    if (tensor.shape().size() != 1
        || tensor.bytes() % size != 0
        || tensor.shape().getFirst() != tensor.bytes() / size) {
      String detail =
          "The tensor "
              + Excerpt.quoted(name)
              + " has the shape "
              + tensor.shape()
              + " and "
              + tensor.bytes()
              + " bytes; it must have one dimension and "
              + size
              + " bytes for each number.";
      rules.fault(MemberRules.pointer(name), Fault.SIZE, detail);
      return null;
    }
    return type.get().numbers(file.data(tensor));
  }

  /// Files of other tools often lack it. Their statistics are those of at least one batch, and of
  /// how many matters only where all batches count alike.
  private static @Nullable Long batches(
      SafetensorsFile file, String name, @Nullable Optional<Double> momentum, MemberRules rules) {
    SafetensorsFile.Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      return momentum != null && momentum.isEmpty() ? null : Long.valueOf(1);
    }
    if (!tensor.dtype().equals("I64")
        || !tensor.shape().isEmpty()
        || tensor.bytes() != Long.BYTES) {
      String detail =
          "The tensor "
              + Excerpt.quoted(name)
              + " has the dtype "
              + Excerpt.quoted(tensor.dtype())
              + " and the shape "
              + tensor.shape()
              + "; it must be one number of dtype 'I64' without dimensions.";
      rules.fault(MemberRules.pointer(name), Fault.UNKNOWN_VALUE, detail);
      return 0L;
    }
    return file.wholeNumber(tensor);
  }

  private static @Nullable Optional<Double> momentum(
      SafetensorsFile file, JsonMapper json, MemberRules rules) {
    String text = file.metadata().get(MOMENTUM);
    if (text == null) {
      return null;
    }
    if (text.strip().equals("null")) {
      return Optional.empty();
    }
    return Optional.ofNullable(text(file, MOMENTUM, Double.class, json, rules));
  }

  /// A metadatum as a value; null if it is not there or has a fault.
  private static <T> @Nullable T text(
      SafetensorsFile file, String key, Class<T> type, JsonMapper json, MemberRules rules) {
    String text = file.metadata().get(key);
    if (text == null) {
      return null;
    }
    try {
      T value = json.readValue(text, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException notOfThisType) {
      // told below
    }
    String pointer = MemberRules.pointer(SafetensorsFile.METADATA, key);
    rules.fault(
        pointer,
        Fault.NOT_A_NUMBER,
        "The metadata "
            + Excerpt.quoted(key)
            + " is "
            + Excerpt.quoted(text)
            + "; it must be "
            + JsonWords.mustBe(type)
            + " in JSON.");
    return null;
  }
}
