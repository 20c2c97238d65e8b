package io.evenkeel.engine.follow;

import io.evenkeel.engine.store.NormalizerStates;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/// The meters of a follower, for tests that follow nobody.
public final class FollowerMeters {
  private FollowerMeters() {}

  /// Registers them, as the log of a follower does.
  public static void register(MeterRegistry registry) {
    new FollowMeters(registry, new NormalizerStates(), new Owed(), () -> Duration.ZERO);
  }
}
