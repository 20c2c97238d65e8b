package io.evenkeel.operation;

import io.evenkeel.normalization.NormalizerLog;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Readiness: up while the store takes writes. Inference goes on while it does not.
@Component
final class StoreHealthIndicator implements HealthIndicator {
  private final NormalizerLog log;

  StoreHealthIndicator(NormalizerLog log) {
    this.log = log;
  }

  @Override
  public Health health() {
    return (log.isReady() ? Health.up() : Health.down())
        .withDetail("normalizers", log.size())
        .build();
  }
}
