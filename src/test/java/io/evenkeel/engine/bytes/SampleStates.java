package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.Ordinals;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.AveragedStatistics;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;
import io.evenkeel.batchnorm.statistics.RunningMeans;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.normalizer.Snapshot;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.Snapshots;
import io.evenkeel.normalizer.TrainingWindow;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.Guard;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.normalizer.definition.Preset;
import io.evenkeel.normalizer.definition.Reception;
import io.evenkeel.normalizer.definition.Untrained;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// States of every kind, written down rather than computed, so that only the layouts can change
/// their bytes: three features, one of which has no value and one of which is constant.
public final class SampleStates {
  private static final Instant START = Instant.parse("2026-11-01T10:00:00.123456789Z");
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private SampleStates() {}

  /// All of them, by what is special about them.
  public static Map<String, Normalizer> all() {
    Map<String, Normalizer> states = new LinkedHashMap<>();
    averagings().forEach((name, averaging) -> states.put(name, state(usual(averaging), used())));
    newer(states);
    states.put("named-features", state(peculiar(), used()));
    NormalizerDefinition usual = usual(new Averaging.Cumulative(Optional.empty()));
    states.put("untouched", untouched(usual));
    states.put("identity-affine", state(usual, Affine.identity(3)));
    states.put(
        "frozen", frozen(usual, new Freeze(Freeze.Scope.STATISTICS, START, Optional.empty())));
    states.put(
        "frozen-with-reason",
        frozen(usual, new Freeze(Freeze.Scope.ALL, START, Optional.of("für später"))));
    return states;
  }

  /// Those that the layouts of version 1 did not know.
  private static void newer(Map<String, Normalizer> states) {
    for (WindowKind kind : WindowKind.values()) {
      String word = kind.name().toLowerCase(java.util.Locale.ROOT);
      Averaging window = new Averaging.Window(4, kind);
      states.put("window-" + word, state(usual(window), used()));
      states.put("empty-window-" + word, untouched(usual(window)));
      states.put(
          "training-window-" + word,
          state(trained(new Training.Window(3, kind), Activation.NONE), used()));
    }
    states.put(
        "renormalization",
        state(trained(new Training.Renormalization(3, 5), Activation.NONE), used()));
    for (Activation activation : Activation.values()) {
      states.put(
          "activation-" + activation.name().toLowerCase(java.util.Locale.ROOT),
          state(trained(new Training.Batch(), activation), used()));
    }
    states.put("snapshots", withSnapshots());
    for (Extra extra : Extra.values()) {
      String word = extra.name().toLowerCase(java.util.Locale.ROOT);
      states.put("extra-" + word, state(received(extra), used()));
    }
    states.put("guard-refuse", state(guarded(new Guard(8, Guard.Action.REFUSE, 1000)), used()));
    states.put(
        "guard-report", state(guarded(new Guard(3.5, Guard.Action.REPORT, 1L << 40)), used()));
  }

  private static NormalizerDefinition guarded(Guard guard) {
    NormalizerDefinition usual = usual(new Averaging.Cumulative(Optional.empty()));
    return new NormalizerDefinition(
        usual.preset(),
        usual.features(),
        usual.averaging(),
        usual.runningVariance(),
        usual.training(),
        usual.minimumBatchRows(),
        usual.rules(),
        usual.affine(),
        usual.reception(),
        Optional.of(guard));
  }

  /// The other constants of the reception by turns, with no text for a missing value and with some.
  private static NormalizerDefinition received(Extra extra) {
    NormalizerDefinition usual = usual(new Averaging.Cumulative(Optional.empty()));
    Reception reception =
        switch (extra) {
          case REJECT -> new Reception(extra, Absent.ZERO, List.of(), Untrained.REFUSE);
          case IGNORE -> new Reception(extra, Absent.MISSING, Reception.NA, Untrained.IDENTITY);
          case KEEP -> new Reception(extra, Absent.REJECT, List.of("-", "für"), Untrained.REFUSE);
        };
    return new NormalizerDefinition(
        usual.preset(),
        usual.features(),
        usual.averaging(),
        usual.runningVariance(),
        usual.training(),
        usual.minimumBatchRows(),
        usual.rules(),
        usual.affine(),
        reception,
        Optional.empty());
  }

  private static NormalizerDefinition trained(Training training, Activation activation) {
    return new NormalizerDefinition(
        Preset.PYTORCH,
        Features.numbered(3),
        new Exponential(0.1, VarianceKind.WITHIN, Start.ZERO_ONE),
        VarianceEstimator.BIASED,
        training,
        1,
        new NormalizationRules(
            true,
            true,
            1e-3,
            ConstantFeature.EPSILON,
            MissingValues.IGNORE,
            OptionalDouble.empty(),
            activation),
        Affine.identity(3));
  }

  private static Normalizer withSnapshots() {
    Normalizer state = state(usual(new Averaging.Window(4, WindowKind.SLIDING)), used());
    SnapshotLabel label = new SnapshotLabel("2026-11");
    List<Snapshot> snapshots =
        List.of(
            new Snapshot(label, 19, state.live(), 5, 4, START),
            new Snapshot(
                new SnapshotLabel("old"),
                18,
                new Model(2, state.definition(), Affine.identity(3), state.running()),
                1,
                1,
                START));
    return new Normalizer(
        state.name(),
        state.revision(),
        state.definition(),
        state.affine(),
        state.running(),
        state.window(),
        state.frozen(),
        Snapshots.of(snapshots, Optional.of(label)),
        state.rows(),
        state.batches(),
        state.keys(),
        state.createdAt(),
        state.updatedAt());
  }

  private static Affine used() {
    return Affine.of(new double[] {2, 2, 2}, new double[] {0.1, Double.MIN_VALUE, -0.0});
  }

  public static Map<String, Averaging> averagings() {
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
            true,
            true,
            0,
            ConstantFeature.ONE,
            MissingValues.IGNORE,
            OptionalDouble.empty(),
            Activation.NONE),
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
            false,
            false,
            1e-8,
            ConstantFeature.ZERO,
            MissingValues.IMPUTE,
            OptionalDouble.of(10),
            Activation.NONE),
        Affine.of(new double[] {1, 1, 1}, new double[] {0, -0.0, 0}));
  }

  private static Normalizer untouched(NormalizerDefinition definition) {
    return new Normalizer(
        new NormalizerName("payments"),
        new Revision(17, 1),
        definition,
        definition.affine(),
        definition.averaging().start(3, definition.runningVariance()),
        Optional.empty(),
        Optional.empty(),
        Snapshots.NONE,
        0,
        0,
        0,
        START,
        START);
  }

  private static Normalizer state(NormalizerDefinition definition, Affine affine) {
    return state(definition, affine, Optional.empty());
  }

  private static Normalizer frozen(NormalizerDefinition definition, Freeze freeze) {
    return state(definition, used(), Optional.of(freeze));
  }

  private static Normalizer state(
      NormalizerDefinition definition, Affine affine, Optional<Freeze> freeze) {
    return new Normalizer(
        new NormalizerName("payments"),
        new Revision(17, 1L << 40),
        definition,
        affine,
        running(definition),
        window(definition),
        freeze,
        Snapshots.NONE,
        5,
        4,
        3,
        START,
        START.plusSeconds(2));
  }

  /// Three batches, the first of them in the front where there is a front.
  private static MomentsWindow window(int batches, WindowKind kind) {
    List<FeatureMoments> entries =
        List.of(
            moments(new double[] {1, 0, 1}),
            moments(new double[] {2, 0, 2}),
            moments(new double[] {2.5, 0, 2.5}));
    return MomentsWindow.empty(batches, kind, 3, 12)
        .of(
            entries,
            Ordinals.of(7, 8).plus(Ordinals.of(10, 12)),
            kind == WindowKind.SLIDING ? 1 : 0);
  }

  private static Optional<TrainingWindow> window(NormalizerDefinition definition) {
    return definition.training() instanceof Training.Window(int batches, WindowKind kind)
        ? Optional.of(new TrainingWindow(Optional.of("Schritt 7"), window(batches, kind)))
        : Optional.empty();
  }

  private static RunningStatistics running(NormalizerDefinition definition) {
    VarianceEstimator estimator = definition.runningVariance();
    if (definition.training() instanceof Training.Renormalization) {
      return new RenormalizationStatistics(
          definition.momentum(),
          definition.rules().epsilon(),
          new RenormalizationStatistics.Columns(
              means(), FeatureColumn.of(1e150, 1, Double.MIN_VALUE)));
    }
    return switch (definition.averaging()) {
      case Averaging.Cumulative _ ->
          new PooledStatistics(estimator, moments(new double[] {5.5, 0, 5.5}));
      case Averaging.Decaying(double halfLife) ->
          new PooledStatistics(
              estimator,
              halfLife,
              moments(new double[] {0.1, 0, 0.3}),
              FeatureColumn.of(5.5, 0, 5.5));
      case Averaging.OfBatches averaging -> new AveragedStatistics(estimator, averaging, columns());
      case Averaging.Window(int batches, WindowKind kind) ->
          new WindowStatistics(estimator, window(batches, kind), means().min(), means().max());
    };
  }

  /// The sum of the squared weights is 7.25, or would be.
  private static FeatureMoments moments(double[] weight) {
    return new FeatureMoments(
        weight,
        new double[] {
          Math.max(0, weight[0] - 7.25 / weight[0]), 0, Math.max(0, weight[2] - 7.25 / weight[2])
        },
        new double[] {1.0 / 3, 0, -7},
        new double[] {Math.ulp(1.0 / 3) / 3, 0, 0},
        new double[] {1e300, 0, 0},
        new double[] {-0.0, INFINITY, -7},
        new double[] {1e9, -INFINITY, -7});
  }

  private static RunningMeans means() {
    return new RunningMeans(
        FeatureColumn.of(5.5, 0, 5.5),
        FeatureColumn.of(1.0 / 3, 0, -7),
        FeatureColumn.of(Math.ulp(1.0 / 3) / 3, 0, 0),
        FeatureColumn.of(-0.0, INFINITY, -7),
        FeatureColumn.of(1e9, -INFINITY, -7));
  }

  private static AveragedStatistics.Columns columns() {
    return new AveragedStatistics.Columns(
        means(),
        FeatureColumn.of(4, 0, 4),
        FeatureColumn.of(3, 0, 3),
        FeatureColumn.of(1e300, 1, Double.MIN_VALUE));
  }
}
