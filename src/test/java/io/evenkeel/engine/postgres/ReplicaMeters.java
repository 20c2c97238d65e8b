package io.evenkeel.engine.postgres;

import io.micrometer.core.instrument.MeterRegistry;

/// The meters of a replica, for tests that have no database.
public final class ReplicaMeters {
  private ReplicaMeters() {}

  /// Registers them, as the log of a replica does.
  public static void register(MeterRegistry registry) {
    new PostgresMeters(registry, new Freshness(Machine.THIS));
  }
}
