package io.evenkeel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.engine.log.EngineLog;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.log.UnusableStoreFailureAnalyzer;
import io.evenkeel.engine.postgres.PostgresProperties;
import io.evenkeel.engine.store.UnusableStoreException;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.NormalizerLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/// The log as Spring makes it.
@ExtendWith(OutputCaptureExtension.class)
class EngineConfigurationTest {
  @TempDir Path directory;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
        .withUserConfiguration(EngineConfiguration.class)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("evenkeel.store.directory=" + directory.resolve("data"));
  }

  @Test
  void theDefaultsAreThoseDocumented() {
    runner()
        .run(context -> {
          QueueProperties properties = context.getBean(QueueProperties.class);
          assertThat(properties.queueCapacity()).isEqualTo(10_000);
          assertThat(properties.queueSize().toMegabytes()).isEqualTo(64);
          assertThat(context).hasSingleBean(NormalizerLog.class);
        });
  }

  @Test
  void whatWasAcknowledgedIsThereWhenTheContextIsMadeAgain() {
    runner()
        .run(context ->
            context
                .getBean(NormalizerLog.class)
                .append(Asking.of("payments").create())
                .block(Duration.ofSeconds(30)));
    runner().run(context -> assertThat(context.getBean(NormalizerLog.class).size()).isEqualTo(1));
  }

  /// With what an operator sees of the log.
  @Configuration(proxyBeanMethods = false)
  @ComponentScan("io.evenkeel.operation")
  static class Operation {}

  @Test
  void healthFollowsTheLog() {
    runner()
        .withUserConfiguration(Operation.class)
        .run(context -> {
          HealthIndicator health = context.getBean("storeHealthIndicator", HealthIndicator.class);
          assertThat(health.health().getStatus()).isEqualTo(Status.UP);
          context.getBean(EngineLog.class).close();
          await().until(() -> health.health().getStatus().equals(Status.DOWN));
        });
  }

  /// No server listens at this address: the log tells of the database and not of a directory.
  @Test
  void theLogIsInTheDatabaseThatIsNamed() {
    runner()
        .withPropertyValues("evenkeel.store.url=jdbc:postgresql://127.0.0.1:1/evenkeel")
        .run(context -> {
          assertThat(context).hasFailed();
          assertThat(context.getStartupFailure())
              .hasStackTraceContaining("jdbc:postgresql://127.0.0.1:1/evenkeel cannot be used");
          assertThat(directory.resolve("data")).doesNotExist();
        });
  }

  /// Nor does any of them end with two full stops, as the driver's own messages end with one.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:1/evenkeel?password=geheim",
        "jdbc:postgresql://127.0.0.1:many/evenkeel?password=geheim",
        "jdbc:postgresql://ann:geheim@127.0.0.1:1/evenkeel",
        "jdbc:postgres://127.0.0.1:1/evenkeel?password=geheim",
        "jdbc:postgresql:?password=geheim"
      })
  void noMessageShowsAPasswordInTheUrl(String url, CapturedOutput output) {
    runner()
        .withPropertyValues("evenkeel.store.url=" + url)
        .run(context -> {
          assertThat(context).hasFailed();
          Throwable failure = context.getStartupFailure();
          assertThat(trace(failure)).doesNotContain("geheim");
          assertThat(
                  Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                      .filter(UnusableStoreException.class::isInstance)
                      .map(Throwable::getMessage))
              .allSatisfy(message -> assertThat(message).doesNotContain(".."));
          assertThat(output.getAll()).doesNotContain("geheim");
        });
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void settingsOfTheDatabaseAreShownWithoutAPassword() {
    PostgresProperties properties =
        new PostgresProperties(
            Optional.of("jdbc:postgresql://one,two/evenkeel?password=geheim&ssl=true"),
            Optional.of("ann"),
            Optional.of("geheim"),
            Optional.empty(),
            PostgresProperties.Inference.MEMORY,
            Optional.empty());
    assertThat(properties).hasToString("jdbc:postgresql://one,two/evenkeel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evenkeel.store.directory=",
        "evenkeel.store.url=",
        "evenkeel.store.url=postgresql://host/evenkeel",
        "evenkeel.store.url=jdbc:postgresql:",
        "evenkeel.store.max-staleness=0s",
        "evenkeel.store.username=",
        "evenkeel.store.import=",
        "evenkeel.store.import=elsewhere",
        "evenkeel.store.queue-capacity=0",
        "evenkeel.store.queue-size=0B",
        "evenkeel.store.queue-size=lots"
      })
  void aSettingThatMakesNoSenseIsRefused(String setting) {
    runner().withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }

  @Test
  void anUnusableStoreIsExplainedToTheOperator() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/evenkeel.db"), "no database".repeat(100));
    runner()
        .run(context -> {
          FailureAnalysis analysis =
              new UnusableStoreFailureAnalyzer().analyze(context.getStartupFailure());
          assertThat(analysis.getDescription()).contains("evenkeel.db", "not a database");
          assertThat(analysis.getAction()).contains("backup");
          assertThat(analysis.getCause()).isInstanceOf(UnusableStoreException.class);
        });
  }
}
