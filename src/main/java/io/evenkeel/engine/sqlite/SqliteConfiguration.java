package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.normalization.Backups;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes the log of one machine, unless a database is named. The log is open, with all states read,
/// before anything that needs it is made, and is closed after everything that uses it.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "evenkeel.store.url", matchIfMissing = true, havingValue = "none")
@EnableConfigurationProperties({
  SqliteProperties.class,
  QueueProperties.class,
  AuditProperties.class
})
class SqliteConfiguration {

  @Bean(destroyMethod = "close")
  SqliteNormalizerLog normalizerLog(
      SqliteProperties properties,
      QueueProperties queued,
      AuditProperties audit,
      MeterRegistry registry) {
    return SqliteNormalizerLog.open(properties, queued, audit, InstantSource.system(), registry);
  }

  @Bean
  Backups backups(SqliteNormalizerLog log) {
    return log.backups();
  }
}
