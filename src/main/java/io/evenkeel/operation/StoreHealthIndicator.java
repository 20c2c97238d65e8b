package io.evenkeel.operation;

import io.evenkeel.normalization.NormalizerLog;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Readiness: up while requests should be sent here. A store of this machine alone must take
/// writes; one that all replicas share may be away, since no other replica could do better.
@Component
final class StoreHealthIndicator implements HealthIndicator {
  private final NormalizerLog log;

  StoreHealthIndicator(NormalizerLog log) {
    this.log = log;
  }

  @Override
  public Health health() {
    return (log.isServing() ? Health.up() : Health.down())
        .withDetail("normalizers", log.size())
        .build();
  }
}
