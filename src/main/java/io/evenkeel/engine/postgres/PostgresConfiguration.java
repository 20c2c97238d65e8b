package io.evenkeel.engine.postgres;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/// Makes the log of a replica where a database is named. It is open, with all states read, before
/// anything that needs it is made, and is closed after everything that uses it.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("evenkeel.store.url")
@EnableConfigurationProperties({
  PostgresProperties.class,
  QueueProperties.class,
  AuditProperties.class
})
class PostgresConfiguration {

  @Bean(destroyMethod = "close")
  PostgresNormalizerLog normalizerLog(
      PostgresProperties properties,
      QueueProperties queue,
      AuditProperties audit,
      MeterRegistry registry) {
    return PostgresNormalizerLog.open(properties, queue, audit, registry);
  }

  @Bean
  Backups backups() {
    return () ->
        Mono.error(
            new UnsupportedOperation(
                "The store is a PostgreSQL database: pg_dump and its kin copy it."));
  }
}
