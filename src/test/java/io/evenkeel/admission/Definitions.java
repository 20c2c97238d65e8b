package io.evenkeel.admission;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.normalizer.definition.Preset;
import java.util.Arrays;
import java.util.OptionalDouble;

/// Definitions to hold batches against.
public final class Definitions {
  private Definitions() {}

  /// Features of any value.
  public static NormalizerDefinition named(MissingValues missing, String... names) {
    return of(missing, Arrays.stream(names).map(Feature::named).toArray(Feature[]::new));
  }

  /// These features.
  public static NormalizerDefinition of(MissingValues missing, Feature... features) {
    return of(missing, Features.of(Arrays.asList(features)));
  }

  /// These features; two rows make a training batch.
  public static NormalizerDefinition of(MissingValues missing, Features features) {
    Preset preset = Preset.EVENKEEL;
    return new NormalizerDefinition(
        preset,
        features,
        preset.averaging(),
        preset.runningVariance(),
        preset.training(),
        2,
        new NormalizationRules(
            true, true, 0, ConstantFeature.ONE, missing, OptionalDouble.empty(), Activation.NONE),
        Affine.identity(features.size()));
  }

  /// A feature with a range.
  public static Feature ranged(String name, double min, double max, OutOfRange rule) {
    return new Feature(name, min, max, rule);
  }
}
