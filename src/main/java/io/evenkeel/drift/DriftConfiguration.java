package io.evenkeel.drift;

import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalization.StateChanges;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
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
}
