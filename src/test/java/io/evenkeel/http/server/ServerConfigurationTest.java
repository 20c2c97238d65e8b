package io.evenkeel.http.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.http.StartedService;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class ServerConfigurationTest {

  @Test
  void withHttp2ItDoesNotStart() {
    assertThatThrownBy(() ->
            StartedService.start("evenkeel.store.directory=:memory:", "server.http2.enabled=true"))
        .rootCause()
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("server.http2.enabled")
        .hasMessageContaining("only HTTP/1.1");
  }
}
