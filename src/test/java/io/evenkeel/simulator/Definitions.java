package io.evenkeel.simulator;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.normalizer.Redefinition;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Preset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Definitions by chance: all kinds of averaging and of training, where they go together.
final class Definitions {
  private static final int MOST = 5;

  private final Chance chance;

  Definitions(Chance chance) {
    this.chance = chance;
  }

  NormalizerDefinition any() {
    Averaging averaging = averaging();
    int features = chance.between(1, 3);
    return new NormalizerDefinition(
        Preset.EVENKEEL,
        Features.numbered(features),
        averaging,
        chance.oneOf(List.of(VarianceEstimator.values())),
        training(averaging),
        1,
        rules(OptionalDouble.empty()),
        chance.percent(80)
            ? Affine.identity(features)
            : Affine.of(chance.values(features), chance.values(features)));
  }

  /// One that a normalizer of this one can go on under, perhaps the same: with another clip, and
  /// now and then with another name of a feature, or with a further feature.
  Redefinition near(NormalizerDefinition one) {
    List<Feature> features = new ArrayList<>();
    for (int j = 0; j < one.features().size(); j++) {
      features.add(one.features().get(j));
    }
    Map<String, String> renamed = new HashMap<>();
    String name = "n" + chance.between(1, 5);
    if (chance.percent(20) && one.features().indexOf(name) < 0) {
      int j = chance.between(0, features.size() - 1);
      renamed.put(features.get(j).name(), name);
      features.set(j, Feature.named(name));
    }
    String added = "a" + features.size();
    if (chance.percent(25) && features.size() < MOST && one.features().indexOf(added) < 0) {
      features.add(Feature.named(added));
    }
    return new Redefinition(near(one, Features.of(features)), renamed);
  }

  private NormalizerDefinition near(NormalizerDefinition one, Features features) {
    return new NormalizerDefinition(
        one.preset(),
        features,
        one.averaging(),
        one.runningVariance(),
        one.training(),
        one.minimumBatchRows(),
        rules(OptionalDouble.of(chance.between(3, 5))),
        one.affine().widened(features.size()));
  }

  private NormalizationRules rules(OptionalDouble clip) {
    return new NormalizationRules(
        true, true, 1e-3, ConstantFeature.ONE, MissingValues.IGNORE, clip, Activation.NONE);
  }

  private Averaging averaging() {
    return switch (chance.between(0, 7)) {
      case 0, 1 -> new Averaging.Cumulative(Optional.empty());
      case 2 -> new Averaging.Cumulative(Optional.of(new Averaging.Prior(2, 1, 3)));
      case 3 -> new Averaging.CumulativeBatches();
      case 4 -> new Averaging.Decaying(chance.between(1, 20));
      case 5, 6 ->
          new Exponential(
              0.1,
              chance.oneOf(List.of(Exponential.VarianceKind.values())),
              chance.oneOf(List.of(Exponential.Start.values())));
      default -> new Averaging.Window(chance.between(1, 4), windowKind());
    };
  }

  private Training training(Averaging averaging) {
    boolean pooled =
        averaging instanceof Averaging.Cumulative || averaging instanceof Averaging.Decaying;
    return switch (chance.between(0, 4)) {
      case 0, 1 -> new Training.Window(chance.between(1, 3), windowKind());
      case 2 ->
          new Training.Running(
              chance.oneOf(List.of(Training.Running.Order.values())),
              pooled ? Training.Running.Per.ROW : Training.Running.Per.BATCH);
      case 3 ->
          averaging instanceof Exponential
              ? new Training.Renormalization(3, 5)
              : new Training.Batch();
      default -> new Training.Batch();
    };
  }

  private WindowKind windowKind() {
    return chance.oneOf(List.of(WindowKind.values()));
  }
}
