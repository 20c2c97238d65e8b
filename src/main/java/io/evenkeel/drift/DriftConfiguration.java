package io.evenkeel.drift;

import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.StateChanges;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes the monitor that listens to all batches.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DriftSettings.class)
class DriftConfiguration {
  @Bean
  DriftMonitor driftMonitor(NormalizerLog log, DriftSettings settings, MeterRegistry registry) {
    return new DriftMonitor(log, settings, InstantSource.system(), registry, new StateChanges());
  }

  /// Exchanges parts with other replicas, where there can be any.
  @Bean(destroyMethod = "close")
  AutoCloseable driftExchange(
      NormalizerLog log, DriftMonitor monitor, DriftSettings settings, MeterRegistry registry) {
    Counter failures = DriftExchange.failures(registry);
    Optional<NormalizerLog.Parts> parts = log.parts().filter(_ -> settings.enabled());
    if (parts.isEmpty()) {
      return () -> {};
    }
    DriftExchange exchange =
        new DriftExchange(
            parts.get(),
            monitor,
            InstantSource.system(),
            settings.exchange(),
            settings.mostBytes(),
            failures);
    exchange.start();
    return exchange;
  }
}
