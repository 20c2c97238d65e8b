package io.evenkeel.engine;

import io.evenkeel.engine.bytes.WholeBytes;
import io.evenkeel.engine.follow.FollowProperties;
import io.evenkeel.engine.follow.FollowingNormalizerLog;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.EngineLog;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.postgres.PostgresNormalizerLog;
import io.evenkeel.engine.postgres.PostgresProperties;
import io.evenkeel.engine.sqlite.SqliteNormalizerLog;
import io.evenkeel.engine.sqlite.SqliteProperties;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.normalization.Backups;
import io.evenkeel.normalization.WholeStates;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes the log: one that follows another service if one is named, in PostgreSQL if a database is
/// named, in SQLite otherwise. The log is open, with all states read, before anything that needs it
/// is made, and is closed after everything that uses it.
///
/// The settings decide when the service starts. A condition on the beans would not do: the
/// container image decides conditions when it is built.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  FollowProperties.class,
  SqliteProperties.class,
  PostgresProperties.class,
  QueueProperties.class,
  AuditProperties.class
})
class EngineConfiguration {

  @Bean(destroyMethod = "close")
  EngineLog normalizerLog(
      FollowProperties following,
      SqliteProperties oneMachine,
      PostgresProperties replicas,
      QueueProperties queue,
      AuditProperties audit,
      MeterRegistry registry) {
    if (following.follow().isPresent()) {
      if (replicas.url().isPresent()) {
        throw UnusableStoreException.unfit(
            "evenkeel.follow and evenkeel.store.url are both set.",
            "Unset one: a service that follows another one has no database.");
      }
      return FollowingNormalizerLog.open(
          following.follow().get(), following.followKey(), replicas.maxStaleness(), registry);
    }
    return replicas.url().isPresent()
        ? PostgresNormalizerLog.open(replicas, queue, audit, registry)
        : SqliteNormalizerLog.open(oneMachine, queue, audit, InstantSource.system(), registry);
  }

  @Bean
  WholeStates wholeStates() {
    return WholeBytes::encode;
  }

  @Bean
  Backups backups(EngineLog log) {
    return log.backups();
  }
}
