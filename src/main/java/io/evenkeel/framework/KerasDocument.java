package io.evenkeel.framework;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalizer.definition.Preset;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// The weights and the configuration of `keras.layers.BatchNormalization` as JSON, under the names
/// of Keras.
///
/// @param momentum the weight of the **old** statistics, as in Keras. Absent in an import: 0.99,
///   the default of Keras. Absent in an export: the normalizer averages in a way that Keras has not
/// @param center whether there is a beta; an export has beta alone
/// @param scale whether there is a gamma; an export has gamma alone
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // bound once, never compared
@JsonIgnoreProperties({ // other members of get_config(), which inference does not use
  "name",
  "trainable",
  "dtype",
  "axis",
  "synchronized",
  "beta_initializer",
  "gamma_initializer",
  "moving_mean_initializer",
  "moving_variance_initializer",
  "beta_regularizer",
  "gamma_regularizer",
  "beta_constraint",
  "gamma_constraint"
})
public record KerasDocument(
    @Nullable Double momentum,
    @Nullable Double epsilon,
    @Nullable Boolean center,
    @Nullable Boolean scale,
    double @Nullable [] gamma,
    double @Nullable [] beta,
    @JsonProperty("moving_mean") double @Nullable [] movingMean,
    @JsonProperty("moving_variance") double @Nullable [] movingVariance,
    @Nullable ExtensionDocument evenkeel) {

  private static final GivenLayer.Names NAMES =
      new GivenLayer.Names(
          "gamma",
          "beta",
          "moving_mean",
          "moving_variance",
          "epsilon",
          "#/evenkeel/features",
          "#/evenkeel/meanLow");

  /// The document of a layer.
  ///
  /// @throws io.evenkeel.normalizer.NormalizationException.UnsupportedOperation if Keras cannot do
  ///   what the layer does
  public static KerasDocument of(Layer layer) {
    FrameworkLayer form = FrameworkLayer.of(layer, "keras");
    return new KerasDocument(
        layer.definition().averaging() instanceof Averaging.Exponential exponential
            ? other(exponential.momentum())
            : null,
        form.epsilon(),
        null,
        null,
        form.gamma(),
        form.beta(),
        form.mean(),
        form.variance(),
        ExtensionDocument.of(layer, form.hasMeanLow() ? form.meanLow() : null).orNull());
  }

  /// 1 − momentum in decimal, so that 0.01 becomes 0.99 and 0.99 becomes 0.01 again.
  private static double other(double momentum) {
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(momentum)).doubleValue();
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
            gamma,
            beta,
            movingMean,
            movingVariance,
            epsilon == null ? Preset.KERAS.epsilon() : epsilon,
            extension.features(),
            extension.meanLow());
    given.check(rules);
    goTogether("scale", scale, "gamma", gamma, rules);
    goTogether("center", center, "beta", beta, rules);
    if (momentum != null) {
      boolean negative = momentum < 0;
      rules.number("momentum", momentum, !negative, Fault.NEGATIVE, "it must be 0 or greater");
      boolean below = negative || (!(momentum > 1) && other(momentum) > 0);
      rules.number("momentum", momentum, below, "decimal-max", "it must be below 1");
    }
    rules.require();
    Averaging averaging =
        momentum == null
            ? Preset.KERAS.averaging()
            : PytorchDocument.withinFromZeroOne(other(momentum));
    return given.imported(Preset.KERAS, averaging, 0);
  }

  private static void goTogether(
      String flag,
      @Nullable Boolean set,
      String member,
      double @Nullable [] values,
      MemberRules rules) {
    if (set != null && set != (values != null)) {
      String detail =
          "'" + flag + "' is " + set + ", but '" + member + (set ? "' is missing." : "' is given.");
      rules.fault("#/" + flag, set ? Fault.NOT_NULL : "null", detail);
    }
  }
}
