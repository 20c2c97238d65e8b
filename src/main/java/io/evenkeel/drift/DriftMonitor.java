package io.evenkeel.drift;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.normalization.BatchListener;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// Watches the inference batches that the standing model of a normalizer normalises, and tells
/// whether they have drifted. It covers this replica since its start, and what [DriftExchange]
/// brings from others.
///
/// Batches by another snapshot than the one that serves are not looked at. Neither are batches of a
/// normalizer without a [Standing] model; its watch ends.
public final class DriftMonitor implements BatchListener {
  private final NormalizerLog log;
  private final boolean enabled;
  private final StateChanges changes;
  private final Watches watches;
  private final InstantSource clock;
  private volatile boolean hasExchanged;

  /// @param log knows which model serves
  /// @param changes wakes those who follow drift
  DriftMonitor(
      NormalizerLog log,
      DriftSettings settings,
      InstantSource clock,
      MeterRegistry registry,
      StateChanges changes) {
    this.log = log;
    this.clock = clock;
    this.changes = changes;
    enabled = settings.enabled();
    DriftMeters meters = new DriftMeters(registry);
    watches = new Watches(settings.mostBytes(), settings.referenceRows(), meters, changes);
    meters.showTotals(watches);
  }

  @Override
  public Optional<Reading> onInference(NormalizerName name, Model model, FeatureBatch values) {
    if (!enabled || values.rows() == 0) {
      return Optional.empty();
    }
    Optional<Standing> standing = log.find(name).flatMap(Standing::of);
    if (standing.isEmpty()) {
      forget(name);
      return Optional.empty();
    }
    return standing
        .filter(stands -> stands.model().running() == model.running())
        .flatMap(stands -> watches.of(name, stands, clock.millis()))
        .filter(watch -> watch.reference().features() == values.features())
        .map(watch -> {
          BatchSums sums = BatchSums.of(values, watch.reference());
          return _ -> {
            if (watch.add(sums, clock.millis())) {
              changes.changed(name);
            }
          };
        });
  }

  private void forget(NormalizerName name) {
    if (watches.find(name).isPresent()) {
      watches.remove(name);
    }
  }

  @Override
  public void onBatch(NormalizerName name, Mode mode, BatchOutcome outcome, long rows) {
    // it counts a batch by its reading
  }

  @Override
  public void onRefused(NormalizerName name, Mode mode, String reason) {
    // a refused batch says nothing of the data that is normalised
  }

  /// Tells of which names [#state] finds another state than before.
  public StateChanges changes() {
    return changes;
  }

  /// Whether a normalizer has drifted, in short.
  public DriftState state(Normalizer normalizer) {
    return comparison(normalizer).map(Watch::state).orElse(DriftState.NONE);
  }

  /// Ends the comparison with a reference that no longer serves, if there is one. Otherwise the
  /// next inference batch ends it.
  public void endOutdated(NormalizerName name) {
    watches
        .find(name)
        .filter(
            watch -> log.find(name).flatMap(Standing::of).filter(watch.reference()::isOf).isEmpty())
        .ifPresent(watch -> watches.remove(name, watch));
  }

  /// Up to `limit` normalizers that are compared, by name.
  ///
  /// @param prefix of their names
  /// @param after the name before the first
  /// @param wanted whether a normalizer is wanted, by whether it has drifted
  public List<DriftState.Named> list(
      String prefix, Optional<String> after, int limit, Predicate<Boolean> wanted) {
    return watches
        .names(prefix, after)
        .flatMap(name ->
            log.find(name).flatMap(this::comparison).stream()
                .map(watch -> new DriftState.Named(name, watch.state())))
        .filter(found -> wanted.test(found.state().hasDrifted()))
        .limit(limit)
        .toList();
  }

  private Optional<Watch> comparison(Normalizer normalizer) {
    return Standing.of(normalizer)
        .flatMap(stands ->
            watches.find(normalizer.name()).filter(watch -> watch.reference().isOf(stands)));
  }

  /// What is known of a normalizer.
  ///
  /// @param from the index of the first feature that is wanted
  /// @param limit the most features
  /// @param wanted whether a feature is wanted, by whether it has drifted
  public DriftReport report(Normalizer normalizer, int from, int limit, Predicate<Boolean> wanted) {
    return new DriftReport(
        hasExchanged,
        Standing.of(normalizer),
        comparison(normalizer).map(watch -> watch.report(from, limit, wanted)));
  }

  /// Whether what other replicas show is added.
  public boolean isOfAll() {
    return hasExchanged;
  }

  /// Whether other replicas are heard.
  void exchanged(boolean heard) {
    hasExchanged = heard;
  }

  /// All comparisons.
  Map<NormalizerName, Watch> watches() {
    return watches.all();
  }

  /// The comparison of which another replica shows a part, begun if this one has had no batch;
  /// empty if this one has another reference, or none.
  Optional<Watch> watch(NormalizerName name, Digest subject) {
    return log.find(name)
        .flatMap(Standing::of)
        .flatMap(stands -> watches.of(name, stands, clock.millis()))
        .filter(watch -> watch.reference().subject().equals(subject));
  }

  /// Adds what other replicas show of a comparison.
  void take(NormalizerName name, Watch watch, Map<UUID, Part> parts, Duration oldest) {
    if (watch.take(parts, oldest, clock.millis())) {
      changes.changed(name);
    }
  }
}
