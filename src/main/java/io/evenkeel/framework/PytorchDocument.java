package io.evenkeel.framework;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Preset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The attributes of `torch.nn.BatchNorm1d` as JSON, under the names of PyTorch.
///
/// @param momentum null: averaged over all batches. Absent in an import: 0.1, the default of
///   PyTorch. Absent in an export: the normalizer averages in a way that PyTorch has not
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings({
  "ArrayRecordComponent", // bound once, never compared
  "NullableOptional" // momentum has three states: absent, null, a number
})
@JsonIgnoreProperties({"affine", "track_running_stats", "training"}) // inference does not use them
public record PytorchDocument(
    @JsonProperty("num_features") @Nullable Integer numFeatures,
    @Nullable Double eps,
    @Nullable Optional<Double> momentum,
    double @Nullable [] weight,
    double @Nullable [] bias,
    @JsonProperty("running_mean") double @Nullable [] runningMean,
    @JsonProperty("running_var") double @Nullable [] runningVar,
    @JsonProperty("num_batches_tracked") @Nullable Long numBatchesTracked,
    @Nullable ExtensionDocument evenkeel) {

  private static final GivenLayer.Names NAMES =
      new GivenLayer.Names(
          "weight",
          "bias",
          "running_mean",
          "running_var",
          "eps",
          "#/evenkeel/features",
          "#/evenkeel/meanLow");

  /// The document of a layer.
  ///
  /// @throws io.evenkeel.normalizer.NormalizationException.UnsupportedOperation if PyTorch cannot
  ///   do what the layer does
  public static PytorchDocument of(Layer layer) {
    FrameworkLayer form = FrameworkLayer.of(layer, "pytorch");
    return new PytorchDocument(
        layer.features(),
        form.epsilon(),
        momentum(layer.definition().averaging()),
        form.gamma(),
        form.beta(),
        form.mean(),
        form.variance(),
        layer.batches(),
        ExtensionDocument.of(layer, form.hasMeanLow() ? form.meanLow() : null).orNull());
  }

  /// The momentum of PyTorch; null if PyTorch has no such average.
  static @Nullable Optional<Double> momentum(Averaging averaging) {
    return switch (averaging) {
      case Averaging.Exponential exponential -> Optional.of(exponential.momentum());
      case Averaging.CumulativeBatches _ -> Optional.empty();
      case Averaging.Cumulative _, Averaging.Decaying _, Averaging.Window _ -> null;
    };
  }

  /// The normalizer that the document makes.
  ///
  /// @throws io.evenkeel.normalizer.NormalizationException.InvalidInput with all faults
  public ImportedLayer toImported() {
    MemberRules rules = new MemberRules();
    ExtensionDocument extension = evenkeel == null ? ExtensionDocument.EMPTY : evenkeel;
    GivenLayer given =
        new GivenLayer(
            NAMES,
            weight,
            bias,
            runningMean,
            runningVar,
            eps == null ? Preset.PYTORCH.epsilon() : eps,
            extension.features(),
            extension.meanLow());
    given.check(rules);
    if (numFeatures != null && rules.features() >= 0 && numFeatures != rules.features()) {
      String detail =
          "'num_features' is "
              + numFeatures
              + "; 'running_mean' has "
              + rules.features()
              + " values.";
      rules.fault("#/num_features", Fault.SIZE, detail);
    }
    return imported(given, momentum, "num_batches_tracked", numBatchesTracked, rules);
  }

  /// Checks the rules that hold for attributes and tensors alike, and makes the normalizer.
  ///
  /// @param counted what the number of batches is called
  static ImportedLayer imported(
      GivenLayer given,
      @Nullable Optional<Double> momentum,
      String counted,
      @Nullable Long numBatchesTracked,
      MemberRules rules) {
    String pointer = MemberRules.pointer(counted);
    if (numBatchesTracked == null) {
      rules.fault(pointer, Fault.NOT_NULL, MemberRules.missing(counted));
    } else if (numBatchesTracked < 0) {
      String detail = "'" + counted + "' is " + numBatchesTracked + "; it must be 0 or greater.";
      rules.fault(pointer, Fault.NEGATIVE, detail);
    } else if (numBatchesTracked > MemberRules.MOST_COUNTED) {
      String detail = "'" + counted + "' is " + numBatchesTracked + "; it must be at most 2^53.";
      rules.fault(pointer, Fault.OUT_OF_RANGE, detail);
    }
    if (momentum != null && momentum.isPresent()) {
      double m = momentum.get();
      rules.number("momentum", m, m > 0, Fault.POSITIVE, "it must be above 0");
      rules.number("momentum", m, !(m > 1), "decimal-max", "it must be at most 1");
    }
    rules.require();
    double batches = numBatchesTracked == null ? 0 : numBatchesTracked;
    if (momentum != null && momentum.isEmpty()) {
      return given.imported(Preset.PYTORCH_CUMULATIVE, new Averaging.CumulativeBatches(), batches);
    }
    Averaging averaging =
        momentum == null ? Preset.PYTORCH.averaging() : withinFromZeroOne(momentum.get());
    return given.imported(Preset.PYTORCH, averaging, batches);
  }

  static Averaging withinFromZeroOne(double momentum) {
    return new Averaging.Exponential(
        momentum, Averaging.Exponential.VarianceKind.WITHIN, Averaging.Exponential.Start.ZERO_ONE);
  }
}
