package io.evenkeel.engine.log;

import io.evenkeel.engine.store.NormalizerStates;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/// The meters of the log, beside [StateMeters].
///
/// | meter                       | kind    | unit        | meaning                                    |
/// |-----------------------------|---------|-------------|--------------------------------------------|
/// | `evenkeel.commit`           | timer   | seconds     | to write a group and make it durable       |
/// | `evenkeel.commit.group`     | summary | events      | events in a group that was committed       |
/// | `evenkeel.queue.depth`      | gauge   | events      | waiting for the next group                 |
/// | `evenkeel.audit.entries`    | counter | entries     | added to the audit trail by this process   |
/// | `evenkeel.audit.kept`       | gauge   | entries     | that the audit trail keeps at most         |
/// | `evenkeel.storage.failures` | counter | failures    | groups, and tries to open, that failed     |
/// | `evenkeel.storage.outage`   | gauge   | seconds     | without writes by now; 0 while all is well |
public final class CommitMeters {
  private final Timer commit;
  private final DistributionSummary group;
  private final Counter audited;
  private final Counter failures;

  /// Registers them.
  public CommitMeters(
      MeterRegistry registry,
      WaitingQueue queue,
      NormalizerStates states,
      AuditProperties audit,
      Outage outage) {
    StateMeters.register(registry, states);
    commit =
        Timer.builder("evenkeel.commit")
            .description("Time to write a group of events and make it durable")
            .register(registry);
    group =
        DistributionSummary.builder("evenkeel.commit.group")
            .description("Events that became durable together")
            .baseUnit("events")
            .register(registry);
    Gauge.builder("evenkeel.queue.depth", queue, WaitingQueue::depth)
        .description("Events waiting to be made durable")
        .baseUnit("events")
        .register(registry);
    audited =
        Counter.builder("evenkeel.audit.entries")
            .description("Commands that this process added to the audit trail")
            .baseUnit("entries")
            .register(registry);
    Gauge.builder("evenkeel.audit.kept", audit, AuditProperties::kept)
        .description("Commands that the audit trail keeps; older ones are deleted")
        .baseUnit("entries")
        .register(registry);
    failures =
        Counter.builder("evenkeel.storage.failures")
            .description("Failures of the storage to commit a group or to be opened again")
            .register(registry);
    Gauge.builder("evenkeel.storage.outage", outage, Outage::seconds)
        .description("How long the storage has taken no writes; 0 while it takes them")
        .baseUnit("seconds")
        .register(registry);
  }

  /// @param commands how many of the events were added to the audit trail
  void committed(int events, int commands, long nanoseconds) {
    commit.record(nanoseconds, java.util.concurrent.TimeUnit.NANOSECONDS);
    group.record(events);
    audited.increment(commands);
  }

  void failed() {
    failures.increment();
  }
}
