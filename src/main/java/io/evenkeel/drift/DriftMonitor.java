package io.evenkeel.drift;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.normalization.BatchListener;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/// Watches the inference batches that the standing model of a normalizer normalises, and tells
/// whether they have drifted. It covers this replica since its start.
///
/// Batches by another snapshot than the one that serves are not looked at. Neither are batches of a
/// normalizer without a [Standing] model; its watch ends.
public final class DriftMonitor implements BatchListener {
  private final NormalizerLog log;
  private final boolean enabled;
  private final Watches watches;
  private final InstantSource clock;

  /// @param log knows which model serves
  DriftMonitor(
      NormalizerLog log, DriftSettings settings, InstantSource clock, MeterRegistry registry) {
    this.log = log;
    this.clock = clock;
    enabled = settings.enabled();
    DriftMeters meters = new DriftMeters(registry);
    watches = new Watches(settings.mostBytes(), settings.referenceRows(), meters);
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
          return _ -> watch.add(sums, clock.millis());
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

  /// What is known of a normalizer.
  ///
  /// @param from the index of the first feature that is wanted
  /// @param limit the most features
  /// @param wanted whether a feature is wanted, by whether it has drifted
  public DriftReport report(Normalizer normalizer, int from, int limit, Predicate<Boolean> wanted) {
    Optional<Standing> standing = Standing.of(normalizer);
    return new DriftReport(
        standing,
        standing
            .flatMap(
                stands -> watches.find(normalizer.name()).filter(w -> w.reference().isOf(stands)))
            .map(watch -> watch.report(from, limit, wanted)));
  }
}
