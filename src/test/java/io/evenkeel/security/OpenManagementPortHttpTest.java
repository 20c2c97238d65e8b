package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Connection;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;

/// Probes and meters of an open service on a port of their own, on this machine.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "management.server.port=0",
      "management.server.address=127.0.0.1"
    })
class OpenManagementPortHttpTest {
  @LocalManagementPort private int port;

  @ParameterizedTest
  @CsvSource({
    "/actuator/health, localhost, 200",
    "/actuator/info, 127.0.0.1, 200",
    "/actuator/health, evil.test, 421",
    "/actuator/info, evil.test, 421",
    "/nothing/here, evil.test, 421"
  })
  void itAnswersToTheHostsOfThisMachineToo(String path, String host, int status)
      throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(connection.answer().status()).isEqualTo(status);
    }
  }
}
