package io.evenkeel.engine;

import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.EngineLog;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.postgres.PostgresNormalizerLog;
import io.evenkeel.engine.postgres.PostgresProperties;
import io.evenkeel.engine.sqlite.SqliteNormalizerLog;
import io.evenkeel.engine.sqlite.SqliteProperties;
import io.evenkeel.normalization.Backups;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes the log: in PostgreSQL if a database is named, in SQLite otherwise. The log is open, with
/// all states read, before anything that needs it is made, and is closed after everything that uses
/// it.
///
/// The settings decide when the service starts. A condition on the beans would not do: the
/// container image decides conditions when it is built.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  SqliteProperties.class,
  PostgresProperties.class,
  QueueProperties.class,
  AuditProperties.class
})
class EngineConfiguration {

  @Bean(destroyMethod = "close")
  EngineLog normalizerLog(
      SqliteProperties oneMachine,
      PostgresProperties replicas,
      QueueProperties queue,
      AuditProperties audit,
      MeterRegistry registry) {
    return replicas.url().isPresent()
        ? PostgresNormalizerLog.open(replicas, queue, audit, registry)
        : SqliteNormalizerLog.open(oneMachine, queue, audit, InstantSource.system(), registry);
  }

  @Bean
  Backups backups(EngineLog log) {
    return log.backups();
  }
}
