package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Whether the service starts, by where it listens and what it knows of callers.
class GuardTest {
  private static final String KEY =
      "p reader sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private final ReactiveWebApplicationContextRunner service =
      new ReactiveWebApplicationContextRunner()
          .withUserConfiguration(Rest.class, SecurityConfiguration.class);

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties({ServerProperties.class, ManagementServerProperties.class})
  static class Rest {
    @Bean
    MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }

    @Bean
    Routes routes() {
      return _ -> Optional.empty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, the address 0.0.0.0",
    "'::', the address 0:0:0:0:0:0:0:0",
    "10.1.2.3, the address 10.1.2.3",
    "'', all addresses"
  })
  void openToOthersWithoutCredentialsItDoesNotStart(String address, String told) {
    service
        .withPropertyValues("server.address=" + address)
        .run(context -> {
          assertThat(context).hasFailed();
          Throwable failure = context.getStartupFailure();
          FailureAnalysis analysis = new UnguardedFailureAnalyzer().analyze(failure);
          assertThat(analysis.getDescription()).contains(told);
          assertThat(analysis.getAction())
              .contains(
                  "EVENKEEL_SECURITY_KEYS",
                  "evenkeel.security.keys-file",
                  "evenkeel.security.jwt.issuer-uri",
                  "evenkeel.security.open=true");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, evenkeel.security.keys=",
    "'::1', evenkeel.security.keys=",
    "0.0.0.0, evenkeel.security.keys=" + KEY,
    "0.0.0.0, evenkeel.security.jwt.issuer-uri=https://issuer.example",
    "0.0.0.0, evenkeel.security.open=true"
  })
  void otherwiseItDoes(String address, String setting) {
    service
        .withPropertyValues("server.address=" + address, setting)
        .run(context -> assertThat(context).hasNotFailed());
  }

  /// Spring Boot has it listen on all addresses unless told otherwise.
  @Test
  void aManagementPortThatOthersReachIsGuardedLikeTheService() {
    ReactiveWebApplicationContextRunner apart =
        service.withPropertyValues("server.address=127.0.0.1", "management.server.port=0");
    apart.run(context -> assertThat(context).hasFailed());
    apart
        .withPropertyValues("management.server.address=0.0.0.0")
        .run(context -> assertThat(context).hasFailed());
    apart
        .withPropertyValues("management.server.address=127.0.0.1")
        .run(context -> assertThat(context).hasNotFailed());
    apart
        .withPropertyValues("evenkeel.security.keys=" + KEY)
        .run(context -> assertThat(context).hasNotFailed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a.test", "a.test:80", "*.a.test", "a..test", "fd00::7"})
  void hostsThatNoClientSendsAreRefused(String host) {
    service
        .withPropertyValues("server.address=127.0.0.1", "evenkeel.http.hosts=" + host)
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  void aKeyThatCannotBeReadIsToldByItsPlace() {
    service
        .withPropertyValues("server.address=127.0.0.1", "evenkeel.security.keys=p reader secret")
        .run(context ->
            assertThatThrownBy(
                    () -> {
                      throw context.getStartupFailure();
                    })
                .rootCause()
                .hasMessageNotContaining("secret"));
  }
}
