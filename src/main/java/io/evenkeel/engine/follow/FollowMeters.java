package io.evenkeel.engine.follow;

import io.evenkeel.engine.log.StateMeters;
import io.evenkeel.engine.store.NormalizerStates;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/// The meters of a follower, beside [StateMeters].
///
/// | meter                        | kind    | unit        | meaning                                 |
/// |------------------------------|---------|-------------|-----------------------------------------|
/// | `evenkeel.replica.staleness` | gauge   | seconds     | age of the states in memory             |
/// | `evenkeel.follow.fetch`      | timer   | seconds     | to fetch a state                        |
/// | `evenkeel.follow.owed`       | gauge   | states      | that have changed and are not here yet  |
/// | `evenkeel.follow.failures`   | counter | failures    | of the stream of events, and of fetches |
final class FollowMeters {
  private final Timer fetch;
  private final Counter failures;

  FollowMeters(
      MeterRegistry registry, NormalizerStates states, Owed owed, Supplier<Duration> staleness) {
    StateMeters.register(registry, states);
    Gauge.builder("evenkeel.replica.staleness", () -> staleness.get().toNanos() / 1e9)
        .description("Age of the states in memory: what was acknowledged before is in them")
        .baseUnit("seconds")
        .register(registry);
    fetch =
        Timer.builder("evenkeel.follow.fetch")
            .description("Time to fetch a state from the service that is followed")
            .register(registry);
    Gauge.builder("evenkeel.follow.owed", owed, Owed::size)
        .description("States that have changed and are not here yet")
        .baseUnit("states")
        .register(registry);
    failures =
        Counter.builder("evenkeel.follow.failures")
            .description("Failures of the stream of events and of fetches")
            .register(registry);
  }

  Timer fetch() {
    return fetch;
  }

  void failed() {
    failures.increment();
  }
}
