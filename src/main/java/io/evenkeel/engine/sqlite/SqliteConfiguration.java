package io.evenkeel.engine.sqlite;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.normalization.Backups;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes the log. The log is open, with all states read, before anything that needs it is made, and
/// is closed after everything that uses it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SqliteProperties.class, AuditProperties.class})
class SqliteConfiguration {

  @Bean(destroyMethod = "close")
  SqliteNormalizerLog normalizerLog(
      SqliteProperties properties, AuditProperties audit, MeterRegistry registry) {
    return SqliteNormalizerLog.open(properties, audit, InstantSource.system(), registry);
  }

  @Bean
  Backups backups(SqliteNormalizerLog log) {
    return log.backups();
  }
}
