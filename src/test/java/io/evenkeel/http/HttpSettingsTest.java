package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/// What holds where an operator sets nothing, and where that is written down.
class HttpSettingsTest {
  private static final HttpSettings DEFAULTS =
      new HttpSettings(
          DataSize.ofMegabytes(64), null, null, 0, Duration.ofSeconds(60), Duration.ofSeconds(2));

  private static List<PropertySource<?>> yaml(Resource resource) throws IOException {
    return new YamlPropertySourceLoader().load("settings", resource);
  }

  @Test
  void whatIsNotSetHasADefault() {
    Binder binder = new Binder(new MapConfigurationPropertySource(Map.of()));
    assertThat(binder.bindOrCreate("evenkeel.http", HttpSettings.class)).isEqualTo(DEFAULTS);
  }

  @Test
  void theFileForOperatorsHasTheDefaults() throws IOException {
    Binder binder =
        new Binder(
            ConfigurationPropertySources.from(
                yaml(new FileSystemResource("config/application.yaml"))));
    assertThat(binder.bind("evenkeel.http", HttpSettings.class).get()).isEqualTo(DEFAULTS);
  }

  @Test
  void aConnectionIsIdleForAMinuteAtMost() throws IOException {
    assertThat(yaml(new ClassPathResource("application.yaml")))
        .extracting(source -> source.getProperty("server.netty.idle-timeout"))
        .containsExactly("60s");
  }

  @ParameterizedTest
  @CsvSource({
    "`evenkeel.http.max-body-size`, `64MB`",
    "'`evenkeel.http.inference-in-flight`, `training-in-flight`', a sixth of the heap each",
    "`evenkeel.http.requests-per-second`, `0`",
    "`evenkeel.http.stall-timeout`, `60s`",
    "`evenkeel.http.shutdown-delay`, `2s`",
    "`server.netty.idle-timeout`, `60s`"
  })
  void theReadmeSaysTheDefault(String name, String value) throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .contains("\n| " + name + " | " + value + " | ");
  }
}
