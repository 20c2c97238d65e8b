package io.evenkeel.drift;

import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Shows drift to an operator.
///
/// | meter                    | tags         | shows                                           |
/// |--------------------------|--------------|-------------------------------------------------|
/// | `evenkeel.drift.watched` |              | normalizers whose inference batches are compared|
/// | `evenkeel.drift.drifted` |              | those of them that have drifted                 |
/// | `evenkeel.drift.features`| `normalizer` | features of one that have drifted               |
/// | `evenkeel.drift.shift`   | `normalizer` | the greatest shift of a mean                    |
///
/// With a database that replicas share, each of them shows the drift of all: add nothing up over
/// them.
///
/// At most 100 normalizers have meters of their own, those that were watched first; so a scrape
/// stays small whatever is created. No meter is of a feature.
final class DriftMeters {
  private static final int MOST_NAMES = 100;

  private final MeterRegistry registry;
  private final Map<NormalizerName, List<Meter>> named = new HashMap<>();

  DriftMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /// Shows how many there are.
  void showTotals(Watches watches) {
    Gauge.builder("evenkeel.drift.watched", watches, Watches::size)
        .description("Normalizers whose inference batches are compared")
        .baseUnit("normalizers")
        .register(registry);
    Gauge.builder("evenkeel.drift.drifted", watches, Watches::drifted)
        .description("Normalizers that have drifted")
        .baseUnit("normalizers")
        .register(registry);
  }

  /// A watch has begun.
  synchronized void begun(NormalizerName name, Watch watch) {
    if (named.size() < MOST_NAMES) {
      named.put(
          name,
          List.of(
              Gauge.builder("evenkeel.drift.features", watch, w -> w.verdict().drifted())
                  .description("Features that have drifted")
                  .baseUnit("features")
                  .tag("normalizer", name.value())
                  .register(registry),
              Gauge.builder("evenkeel.drift.shift", watch, w -> w.verdict().largestShift())
                  .description("Greatest shift of a mean in reference deviations")
                  .baseUnit("deviations")
                  .tag("normalizer", name.value())
                  .register(registry)));
    }
  }

  /// A watch has ended.
  synchronized void ended(NormalizerName name) {
    List<Meter> meters = named.remove(name);
    if (meters != null) {
      meters.forEach(registry::remove);
    }
  }
}
