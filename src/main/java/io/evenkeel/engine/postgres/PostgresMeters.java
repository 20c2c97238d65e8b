package io.evenkeel.engine.postgres;

import io.evenkeel.engine.store.PostgresReads.Fate;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// The meters of a replica, beside those of every log.
///
/// | meter                        | kind    | unit    | meaning                                       |
/// |------------------------------|---------|---------|-----------------------------------------------|
/// | `evenkeel.replica.look`      | timer   | seconds | to see what others wrote, acknowledged        |
/// | `evenkeel.replica.staleness` | gauge   | seconds | age of the states in memory                   |
/// | `evenkeel.replica.lock`      | timer   | seconds | a group waited for names of other replicas    |
/// | `evenkeel.replica.commits`   | counter | commits | without acknowledgement, by what became of it |
final class PostgresMeters {
  private final Timer looks;
  private final Timer locks;
  private final Map<Fate, Counter> commits = new EnumMap<>(Fate.class);

  PostgresMeters(MeterRegistry registry, Freshness freshness) {
    looks =
        Timer.builder("evenkeel.replica.look")
            .description("Time to see what other replicas have written")
            .register(registry);
    locks =
        Timer.builder("evenkeel.replica.lock")
            .description(
                "Time that a group waited for normalizers that other replicas were writing")
            .register(registry);
    Gauge.builder("evenkeel.replica.staleness", freshness, f -> f.age().toNanos() / 1e9)
        .description("Age of the states in memory: what was acknowledged before is in them")
        .baseUnit("seconds")
        .register(registry);
    for (Fate fate : Fate.values()) {
      commits.put(
          fate,
          Counter.builder("evenkeel.replica.commits")
              .description("Commits whose acknowledgement was lost, by what became of them")
              .tag("fate", fate.name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .register(registry));
    }
  }

  Timer looks() {
    return looks;
  }

  void waited(long nanoseconds) {
    locks.record(nanoseconds, TimeUnit.NANOSECONDS);
  }

  void resolved(Fate fate) {
    Objects.requireNonNull(commits.get(fate)).increment();
  }
}
