package io.evenkeel.engine.log;

import io.evenkeel.engine.store.NormalizerStates;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// The meters of the states in memory.
///
/// | meter                  | kind  | unit        | meaning                           |
/// |------------------------|-------|-------------|-----------------------------------|
/// | `evenkeel.normalizers` | gauge | normalizers | that exist                        |
/// | `evenkeel.states`      | gauge | bytes       | memory of the states, by estimate |
public final class StateMeters {
  private StateMeters() {}

  /// Registers them.
  public static void register(MeterRegistry registry, NormalizerStates states) {
    Gauge.builder("evenkeel.normalizers", states, NormalizerStates::size)
        .description("Normalizers that exist")
        .baseUnit("normalizers")
        .register(registry);
    Gauge.builder("evenkeel.states", states, NormalizerStates::bytes)
        .description("Memory that statistics, windows and snapshots take, by estimate")
        .baseUnit("bytes")
        .register(registry);
  }
}
