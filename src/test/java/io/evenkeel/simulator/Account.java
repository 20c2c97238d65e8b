package io.evenkeel.simulator;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.SnapshotExists;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.Redefinition;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.normalizer.SnapshotLabel;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One creation of a name as the [Ledger] has it: counted, not computed.
///
/// Told a second time, from what is promised and not from the fold: the values are finite and of a
/// moderate size, so that nothing overflows.
final class Account {
  private static final Duration KEYS_COUNT_FOR = Duration.ofHours(24);

  private final long incarnation;
  private final Map<Digest, UsedKey> keys = new HashMap<>();
  private final Map<SnapshotLabel, Kept> snapshots = new HashMap<>();
  private NormalizerDefinition definition;
  private Affine affine;
  private Optional<Freeze.Scope> held = Optional.empty();
  private Optional<SnapshotLabel> serving = Optional.empty();
  private long version = 1;
  private long rows;
  private long batches;

  private record UsedKey(IdempotencyKey key, long version, Instant at) {}

  private record Kept(NormalizerDefinition definition, Affine affine, long rows, long batches) {}

  Account(long incarnation, NormalizerDefinition definition) {
    this.incarnation = incarnation;
    this.definition = definition;
    affine = definition.affine();
  }

  static Account imported(long incarnation, NormalizerEvent.Imported imported, Instant at) {
    Account account = new Account(incarnation, imported.definition());
    account.count(imported.statistics().rows(), imported.statistics().greatestBatches());
    account.remember(imported.envelope(), at);
    return account;
  }

  Verdict enter(NormalizerEvent event, Instant at) {
    Envelope asked = event.envelope();
    UsedKey earlier = asked.key().map(key -> keys.get(key.hash())).orElse(null);
    if (earlier != null && earlier.at.plus(KEYS_COUNT_FOR).isAfter(at)) {
      return asked.key().filter(earlier.key::equals).isPresent()
          ? verdict("duplicate", earlier.version)
          : Verdict.refused(KeyReused.class);
    }
    Revision now = new Revision(incarnation, version);
    if (asked.incarnation().orElse(incarnation) != incarnation
        || !asked.condition().holdsFor(now)) {
      return Verdict.refused(VersionMismatch.class);
    }
    Verdict verdict = decide(event);
    if (verdict.is("applied")) {
      remember(asked, at);
    }
    return verdict;
  }

  private void remember(Envelope asked, Instant at) {
    asked.key().ifPresent(key -> keys.put(key.hash(), new UsedKey(key, version, at)));
  }

  private Verdict decide(NormalizerEvent event) {
    return switch (event) {
      case NormalizerEvent.Created created ->
          created.definition().equals(definition)
              ? verdict("exists", 0)
              : Verdict.refused(DefinitionConflict.class);
      case NormalizerEvent.Imported _ -> Verdict.refused(DefinitionConflict.class);
      case NormalizerEvent.Deleted _ -> verdict("deleted", 0);
      case NormalizerEvent.Observed observed -> observe(observed);
      case NormalizerEvent.Merged merged ->
          definition.averaging() instanceof Averaging.Cumulative
              ? unlessHeld(
                  merged.shard().moments().features(),
                  () -> count(rows + merged.shard().rows(), batches + 1))
              : Verdict.refused(UnsupportedOperation.class);
      case NormalizerEvent.Reset _ -> unlessHeld(features(), () -> count(0, 0));
      case NormalizerEvent.StatisticsReplaced(_, var given) ->
          unlessHeld(given.features(), () -> count(given.rows(), given.greatestBatches()));
      case NormalizerEvent.AffineReplaced(_, var next) -> replace(next.features(), next);
      case NormalizerEvent.AffineStepped(_, var step) ->
          replace(step.features(), step.features() == features() ? step.apply(affine) : affine);
      case NormalizerEvent.DefinitionReplaced(_, var next) -> replace(next);
      case NormalizerEvent.Frozen(_, var scope) ->
          hold(Optional.of(scope.or(() -> held).orElse(Freeze.Scope.STATISTICS)));
      case NormalizerEvent.Unfrozen _ -> hold(Optional.empty());
      case NormalizerEvent.SnapshotTaken(_, var label) -> take(label);
      case NormalizerEvent.SnapshotDeleted(_, var label) -> drop(label);
      case NormalizerEvent.Restored(_, var label) -> restore(label);
      case NormalizerEvent.ServingReplaced(_, var label) -> serve(label);
    };
  }

  private Verdict observe(NormalizerEvent.Observed observed) {
    if (held.isPresent()) {
      return observed.rejectFrozen()
          ? Verdict.refused(StatisticsFrozen.class)
          : verdict("frozen", 0);
    }
    return unlessHeld(
        observed.batch().moments().features(),
        () -> count(rows + observed.batch().rows(), batches + 1));
  }

  private Verdict unlessHeld(int features, Runnable change) {
    if (held.isPresent()) {
      return Verdict.refused(StatisticsFrozen.class);
    }
    return features == features() ? applied(change) : Verdict.refused(DefinitionConflict.class);
  }

  private Verdict replace(int features, Affine next) {
    if (held.equals(Optional.of(Freeze.Scope.ALL))) {
      return Verdict.refused(StatisticsFrozen.class);
    }
    if (features != features()) {
      return Verdict.refused(DefinitionConflict.class);
    }
    return next.equals(affine) ? verdict("unchanged", 0) : applied(() -> affine = next);
  }

  private Verdict replace(Redefinition asked) {
    NormalizerDefinition next = asked.definition();
    if (next.equals(definition)) {
      return verdict("unchanged", 0);
    }
    if (!goesOn(next, asked.renamed())) {
      return Verdict.refused(DefinitionConflict.class);
    }
    return applied(() -> {
      affine = followedByIdentity(affine, next.features().size());
      definition = next;
    });
  }

  /// Whether the moments stay: the features keep their places, under the names that were asked for,
  /// and others come behind them.
  private boolean goesOn(NormalizerDefinition next, Map<String, String> renamed) {
    List<String> names = definition.features().names();
    List<String> expected = names.stream().map(name -> renamed.getOrDefault(name, name)).toList();
    int size = next.features().size();
    return names.containsAll(renamed.keySet())
        && size >= names.size()
        && next.features().names().subList(0, names.size()).equals(expected)
        && next.averaging().equals(definition.averaging())
        && next.runningVariance() == definition.runningVariance()
        && next.training().equals(definition.training())
        && next.affine().equals(followedByIdentity(definition.affine(), size));
  }

  private static Affine followedByIdentity(Affine first, int features) {
    double[] gamma = Arrays.copyOf(first.gamma(), features);
    Arrays.fill(gamma, first.features(), features, 1);
    return Affine.of(gamma, Arrays.copyOf(first.beta(), features));
  }

  private Verdict hold(Optional<Freeze.Scope> next) {
    return next.equals(held) ? verdict("unchanged", 0) : applied(() -> held = next);
  }

  /// Snapshots are no part of what a version names.
  private Verdict take(SnapshotLabel label) {
    if (snapshots.containsKey(label)) {
      return Verdict.refused(SnapshotExists.class);
    }
    snapshots.put(label, new Kept(definition, affine, rows, batches));
    return verdict("applied", 0);
  }

  private Verdict drop(SnapshotLabel label) {
    if (!snapshots.containsKey(label)) {
      return Verdict.refused(UnknownSnapshot.class);
    }
    if (serving.equals(Optional.of(label))) {
      return Verdict.refused(UnsupportedOperation.class);
    }
    snapshots.remove(label);
    return verdict("applied", 0);
  }

  private Verdict restore(SnapshotLabel label) {
    Kept kept = snapshots.get(label);
    if (kept == null) {
      return Verdict.refused(UnknownSnapshot.class);
    }
    return unlessHeld(
        features(),
        () -> {
          definition = kept.definition;
          affine = kept.affine;
          count(kept.rows, kept.batches);
        });
  }

  private Verdict serve(Optional<SnapshotLabel> label) {
    if (label.isPresent() && !snapshots.containsKey(label.get())) {
      return Verdict.refused(UnknownSnapshot.class);
    }
    return label.equals(serving) ? verdict("unchanged", 0) : applied(() -> serving = label);
  }

  private Verdict applied(Runnable change) {
    change.run();
    version++;
    return verdict("applied", 0);
  }

  private void count(long nextRows, long nextBatches) {
    rows = nextRows;
    batches = nextBatches;
  }

  private int features() {
    return definition.features().size();
  }

  Verdict verdict(String word, long appliedVersion) {
    return new Verdict(word, incarnation, version, rows, batches, appliedVersion);
  }
}
