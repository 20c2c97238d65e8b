package io.evenkeel.store;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Averaging;
import io.evenkeel.batchnorm.Averaging.Exponential;
import io.evenkeel.batchnorm.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.Averaging.Exponential.VarianceKind;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.FeatureBatch;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.VarianceEstimator;
import io.evenkeel.normalizer.Asking;
import io.evenkeel.normalizer.Feature;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.OutOfRange;
import io.evenkeel.normalizer.Preset;
import io.evenkeel.normalizer.Stamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// States of every kind, each made by the same few events: two batches of three features, one of
/// which never shows a value and one of which is constant.
final class SampleStates {
  private static final Instant START = Instant.parse("2026-11-01T10:00:00.123456789Z");
  private static final FeatureBatch FIRST =
      FeatureBatch.of(3, 0.1, Double.NaN, -7, 0.2, Double.NaN, -7, 1e9, Double.NaN, -7);
  private static final FeatureBatch SECOND =
      FeatureBatch.of(
          2, 3, new double[] {3, Double.NaN, -7, -0.0, Double.NaN, -7}, new double[] {0.5, 2});

  private SampleStates() {}

  /// All of them, by what is special about them.
  static Map<String, Normalizer> all() {
    Map<String, Normalizer> states = new LinkedHashMap<>();
    averagings().forEach((name, averaging) -> states.put(name, after(usual(averaging))));
    states.put("named-features", after(peculiar()));
    Normalizer usual = after(usual(new Averaging.Cumulative(Optional.empty())));
    states.put("untouched", created(usual.definition()));
    states.put("identity-affine", fold(created(usual.definition()), of().observe(FIRST), 9));
    states.put("frozen", fold(usual, of().freeze(Freeze.Scope.STATISTICS), 9));
    states.put(
        "frozen-with-reason",
        fold(usual, of().by("ann", "für später").freeze(Freeze.Scope.ALL), 9));
    return states;
  }

  private static Map<String, Averaging> averagings() {
    Map<String, Averaging> kinds = new LinkedHashMap<>();
    kinds.put("cumulative", new Averaging.Cumulative(Optional.empty()));
    kinds.put(
        "cumulative-with-prior",
        new Averaging.Cumulative(Optional.of(new Averaging.Prior(1e-4, 0.5, 1))));
    kinds.put("cumulative-batches", new Averaging.CumulativeBatches());
    for (VarianceKind variance : VarianceKind.values()) {
      for (Start start : Start.values()) {
        kinds.put(
            ("exponential-" + variance + "-" + start).toLowerCase(java.util.Locale.ROOT),
            new Exponential(0.1, variance, start));
      }
    }
    kinds.put("decaying", new Averaging.Decaying(2.5));
    return kinds;
  }

  private static NormalizerDefinition usual(Averaging averaging) {
    return new NormalizerDefinition(
        Preset.EVENKEEL,
        Features.numbered(3),
        averaging,
        VarianceEstimator.UNBIASED,
        new Training.Batch(),
        2,
        new NormalizationRules(
            true, true, 0, ConstantFeature.ONE, MissingValues.IGNORE, OptionalDouble.empty()),
        Affine.identity(3));
  }

  /// With nothing at its default.
  private static NormalizerDefinition peculiar() {
    return new NormalizerDefinition(
        Preset.STABLE_BASELINES3,
        Features.of(
            List.of(
                new Feature("Größe", -1.5, Double.POSITIVE_INFINITY, OutOfRange.CLIP),
                new Feature("age", Double.NEGATIVE_INFINITY, 130, OutOfRange.MISSING),
                Feature.named("\uD83D\uDCA7"))),
        new Averaging.Decaying(1e6),
        VarianceEstimator.BIASED,
        new Training.Running(Training.Running.Order.BEFORE, Training.Running.Per.ROW),
        7,
        new NormalizationRules(
            false, false, 1e-8, ConstantFeature.ZERO, MissingValues.IMPUTE, OptionalDouble.of(10)),
        Affine.of(new double[] {1, 1, 1}, new double[] {0, -0.0, 0}));
  }

  private static Asking of() {
    return Asking.of("payments");
  }

  static Normalizer created(NormalizerDefinition definition) {
    return Fold.step(
            Optional.empty(), of().create(definition), Optional.empty(), new Stamp(17, START))
        .next()
        .orElseThrow();
  }

  private static Normalizer after(NormalizerDefinition definition) {
    Normalizer state = created(definition);
    state = fold(state, of().observe(FIRST), 1);
    state = fold(state, of().withKey("a").observe(SECOND), 2);
    return fold(
        state,
        new NormalizerEvent.AffineReplaced(
            of().reset().envelope(),
            Affine.of(new double[] {2, 2, 2}, new double[] {0.1, Double.MIN_VALUE, -0.0})),
        3);
  }

  private static Normalizer fold(Normalizer state, NormalizerEvent event, long seconds) {
    return Fold.step(
            Optional.of(state),
            event,
            Optional.empty(),
            new Stamp(17 + seconds, START.plusSeconds(seconds)))
        .next()
        .orElseThrow();
  }
}
