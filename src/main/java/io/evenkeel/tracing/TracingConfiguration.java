package io.evenkeel.tracing;

import io.evenkeel.normalization.BatchTraces;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Traces if an endpoint is set. The bean decides when the service starts, since an image fixes
/// which beans there are.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TracingSettings.class)
class TracingConfiguration {
  @Bean
  BatchTraces batchTraces(TracingSettings settings) {
    Optional<URI> endpoint = settings.endpoint();
    return endpoint.isEmpty()
        ? BatchTraces.NONE
        : new ExportedTraces(
            new SpanExport(endpoint.get()),
            InstantSource.system(),
            () -> ThreadLocalRandom.current().nextDouble() < settings.probability());
  }
}
