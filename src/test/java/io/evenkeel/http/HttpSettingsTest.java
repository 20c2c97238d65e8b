package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/// What holds where an operator sets nothing.
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
}
