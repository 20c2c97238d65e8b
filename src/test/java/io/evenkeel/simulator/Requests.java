package io.evenkeel.simulator;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.gradients.AffineStep;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Redefinition;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What clients may want, by chance, of three normalizers of a few definitions.
final class Requests {
  private static final List<NormalizerName> NAMES =
      List.of(new NormalizerName("a"), new NormalizerName("b"), new NormalizerName("c"));
  private static final List<SnapshotLabel> LABELS =
      List.of(new SnapshotLabel("s"), new SnapshotLabel("t"));

  private final Chance chance;
  private final Definitions definitions;
  private final List<NormalizerDefinition> known = new ArrayList<>();
  private final List<Digest> used = new ArrayList<>();
  private int made;

  Requests(Chance chance) {
    this.chance = chance;
    definitions = new Definitions(chance);
    for (int i = 0; i < 4; i++) {
      known.add(definitions.any());
    }
  }

  private record Wish(String word, Optional<Request.Matter> matter) {
    static Wish of(String word, Request.Matter matter) {
      return new Wish(word, Optional.of(matter));
    }
  }

  NormalizerName name() {
    return chance.oneOf(NAMES);
  }

  /// @param seen the state that the client has read last, if there is one
  Request next(NormalizerName name, Optional<Normalizer> seen) {
    Wish wish = seen.isEmpty() && chance.percent(80) ? create() : wish(seen);
    return new Request(
        ++made,
        wish.word,
        name,
        chance.percent(60) ? Optional.of(key()) : Optional.empty(),
        seen.filter(_ -> chance.percent(10)).map(Normalizer::revision),
        wish.word.equals("observe") || chance.percent(50),
        wish.matter);
  }

  /// Now and then one that was used before, with another fingerprint.
  private IdempotencyKey key() {
    boolean again = !used.isEmpty() && chance.percent(3);
    Digest hash = again ? chance.oneOf(used) : new Digest(chance.bits(), chance.bits());
    used.add(hash);
    return new IdempotencyKey(hash, new Digest(chance.bits(), made));
  }

  private Wish wish(Optional<Normalizer> seen) {
    int features =
        seen.filter(_ -> chance.percent(95))
            .map(state -> state.running().features())
            .orElseGet(() -> chance.between(1, 3));
    int percent = chance.between(0, 99);
    if (percent < 50) {
      return observe(features);
    }
    if (percent < 80) {
      return statisticsOrFreeze(features);
    }
    return definitionOrSnapshot(seen, features);
  }

  private Wish create() {
    NormalizerDefinition definition = chance.oneOf(known);
    if (chance.percent(80)) {
      return Wish.of("create", (envelope, _) -> new NormalizerEvent.Created(envelope, definition));
    }
    GivenStatistics statistics = statistics(definition.features().size());
    return Wish.of(
        "import", (envelope, _) -> new NormalizerEvent.Imported(envelope, definition, statistics));
  }

  private Wish observe(int features) {
    FeatureBatch batch = batch(features);
    boolean answered = chance.percent(50);
    boolean rejectFrozen = chance.percent(20);
    Optional<String> windowId =
        chance.percent(20) ? Optional.of("w" + chance.between(1, 2)) : Optional.empty();
    return Wish.of(
        "observe",
        (envelope, seen) ->
            seen.filter(state -> state.definition().training().entersRowByRow())
                .filter(state -> state.running().features() == features)
                .map(state -> rowByRow(envelope, state, batch, rejectFrozen))
                .orElseGet(() -> {
                  BatchMoments moments = BatchMoments.of(batch);
                  return new NormalizerEvent.Observed(
                      envelope,
                      moments,
                      answered
                          ? Optional.of(
                              FeatureRange.of(batch, moments.moments(), FloatType.FLOAT64))
                          : Optional.empty(),
                      rejectFrozen,
                      windowId);
                }));
  }

  /// As the service does it: the rows depend on the very state that they were made from.
  private static NormalizerEvent.Observed rowByRow(
      Envelope envelope, Normalizer state, FeatureBatch batch, boolean rejectFrozen) {
    return new NormalizerEvent.Observed(
        envelope.condition().isNone() ? envelope.forRevision(state.revision()) : envelope,
        state.definition().momentsOf(batch),
        Optional.empty(),
        rejectFrozen,
        Optional.empty());
  }

  private FeatureBatch batch(int features) {
    return FeatureBatch.of(features, chance.values(features * chance.between(1, 4)));
  }

  private GivenStatistics statistics(int features) {
    double[] spread = new double[features];
    Arrays.fill(spread, chance.between(0, 9));
    double[] many = new double[features];
    Arrays.fill(many, chance.between(1, 9));
    double[] mean = chance.values(features);
    return new GivenStatistics(many, mean, new double[features], spread, mean, mean, many);
  }

  private Wish statisticsOrFreeze(int features) {
    switch (chance.between(0, 6)) {
      case 0 -> {
        BatchMoments shard = BatchMoments.of(batch(features));
        return Wish.of("merge", (envelope, _) -> new NormalizerEvent.Merged(envelope, shard));
      }
      case 1 -> {
        return Wish.of("reset", (envelope, _) -> new NormalizerEvent.Reset(envelope));
      }
      case 2 -> {
        GivenStatistics given = statistics(features);
        return Wish.of(
            "replace-statistics",
            (envelope, _) -> new NormalizerEvent.StatisticsReplaced(envelope, given));
      }
      case 3, 4 -> {
        Optional<Freeze.Scope> scope =
            chance.percent(20)
                ? Optional.empty()
                : Optional.of(chance.oneOf(List.of(Freeze.Scope.values())));
        return Wish.of("freeze", (envelope, _) -> new NormalizerEvent.Frozen(envelope, scope));
      }
      default -> {
        return Wish.of("unfreeze", (envelope, _) -> new NormalizerEvent.Unfrozen(envelope));
      }
    }
  }

  private Wish definitionOrSnapshot(Optional<Normalizer> seen, int features) {
    SnapshotLabel label = chance.oneOf(LABELS);
    switch (chance.between(0, 11)) {
      case 0 -> {
        return create();
      }
      case 1 -> {
        return Wish.of("delete", (envelope, _) -> new NormalizerEvent.Deleted(envelope));
      }
      case 2 -> {
        Affine affine =
            chance.percent(30)
                ? Affine.identity(features)
                : Affine.of(chance.values(features), chance.values(features));
        return Wish.of(
            "replace-affine",
            (envelope, _) -> new NormalizerEvent.AffineReplaced(envelope, affine));
      }
      case 3 -> {
        AffineStep step = step(features);
        return Wish.of(
            "step-affine", (envelope, _) -> new NormalizerEvent.AffineStepped(envelope, step));
      }
      case 4, 5 -> {
        Redefinition next =
            seen.filter(_ -> chance.percent(90))
                .map(state -> definitions.near(state.definition()))
                .orElseGet(() -> new Redefinition(chance.oneOf(known), Map.of()));
        return Wish.of(
            "replace-definition",
            (envelope, _) -> new NormalizerEvent.DefinitionReplaced(envelope, next));
      }
      case 6, 7 -> {
        return Wish.of(
            "take-snapshot " + label,
            (envelope, _) -> new NormalizerEvent.SnapshotTaken(envelope, label));
      }
      case 8 -> {
        return Wish.of(
            "delete-snapshot " + label,
            (envelope, _) -> new NormalizerEvent.SnapshotDeleted(envelope, label));
      }
      case 9 -> {
        return Wish.of(
            "restore " + label, (envelope, _) -> new NormalizerEvent.Restored(envelope, label));
      }
      case 10 -> {
        Optional<SnapshotLabel> serving =
            chance.percent(70) ? Optional.of(label) : Optional.empty();
        return Wish.of(
            "serve", (envelope, _) -> new NormalizerEvent.ServingReplaced(envelope, serving));
      }
      default -> {
        return new Wish("audit", Optional.empty());
      }
    }
  }

  private AffineStep step(int features) {
    double[] gradients = chance.percent(20) ? new double[features] : chance.values(features);
    return AffineStep.of(gradients, gradients, 0.01, 0, AffineStep.Method.PROXIMAL);
  }
}
