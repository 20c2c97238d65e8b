package io.evenkeel.sqlite;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes the log and says whether it is ready. The log is open, with all states read, before
/// anything that needs it is made, and is closed after everything that uses it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SqliteProperties.class)
class SqliteConfiguration {

  @Bean(destroyMethod = "close")
  SqliteNormalizerLog normalizerLog(SqliteProperties properties, MeterRegistry registry) {
    return SqliteNormalizerLog.open(properties, InstantSource.system(), registry);
  }

  @Bean
  StoreHealthIndicator storeHealthIndicator(SqliteNormalizerLog log) {
    return new StoreHealthIndicator(log);
  }
}
