package io.evenkeel.security;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Requests that are under way when the line of their key changes in the file of keys.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "evenkeel.store.directory=:memory:")
@AutoConfigureWebTestClient(timeout = "PT30S")
@DirtiesContext // it would go on looking at a file that is gone
class WithdrawnKeyHttpTest {
  private static final String ADMIN =
      "ada admin sha256:69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e\n";
  private static final String OTHER =
      "rita reader sha256:ec4408df15da46b328f6f3246fa723d0aa6cb0f0a0dd9c4626080ab1b02aa3b2\n";
  private static final String HASH =
      "sha256:ba8ceace604d9df838a4e88887c52e0d12b90c6712eb7c1b497012e38b0a7677\n";
  private static final String TRAINER = "tom trainer " + HASH;

  @TempDir static Path folder;

  @Autowired private WebTestClient client;
  @Autowired private KeyRing ring;
  @LocalServerPort private int port;

  @DynamicPropertySource
  static void file(DynamicPropertyRegistry registry) throws IOException {
    write(ADMIN + OTHER + TRAINER);
    registry.add("evenkeel.security.keys-file", () -> folder.resolve("keys").toString());
  }

  private static void write(String text) throws IOException {
    Files.move(
        Files.writeString(folder.resolve("next"), text),
        folder.resolve("keys"),
        StandardCopyOption.ATOMIC_MOVE);
  }

  @BeforeEach
  void allHold() throws IOException {
    write(ADMIN + OTHER + TRAINER);
    assertThat(ring.refresh()).isTrue();
    by("admin-key", "PUT", "{\"featureCount\": 1, \"untrained\": \"identity\"}");
    by("admin-key", "POST", ":reset");
  }

  private Exchange by(String key, String method, String body) {
    String path = body.startsWith(":") ? "/api/v1/admin/normalizers/n" + body : NORMALIZERS + "n";
    Exchange.Request request = Exchange.to(client, method, path).with("X-API-Key", key);
    return (body.startsWith("{") ? request.body(body) : request).send();
  }

  private String rows() {
    return Exchange.to(client, "GET", NORMALIZERS + "n/statistics")
        .with("X-API-Key", "admin-key")
        .send()
        .at("/rows");
  }

  private static String head(String query, String type) {
    return "POST "
        + NORMALIZERS
        + "n:normalize?"
        + query
        + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: trainer-key\r\nContent-Type: "
        + type
        + "\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  /// By what comes in the place of the key's line: nothing, another role, another name, a prefix.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tom reader " + HASH,
        "tina trainer " + HASH,
        "tom trainer sha256:ba8ceace604d9df838a4e88887c52e0d12b90c6712eb7c1b497012e38b0a7677 a.\n"
      })
  void aStreamEndsWhenItsKeyDoesNotHoldAsItDid(String instead) throws IOException {
    try (Connection stream = new Connection(port)) {
      stream.send(head("mode=training&batchRows=2", "application/x-ndjson"));
      stream.send(chunk("[1]\n[2]\n[3]\n[4]\n[5]\n"));
      await().until(() -> !rows().equals("0"));
      write(ADMIN + OTHER + instead);
      Answer answer = stream.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text().lines().reduce((_, last) -> last).orElseThrow())
          .startsWith("{\"problem\":")
          .contains("urn:evenkeel:problem:unauthenticated");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mode=inference&batchMillis=10, application/x-ndjson, 401",
    "mode=training, application/json, 401",
    "mode=training&batchRows=10, text/csv, 401"
  })
  void whatHasNotBegunToAnswerIsRefusedAndCountsNothing(String query, String type, int status)
      throws IOException {
    try (Connection request = new Connection(port)) {
      request.send(head(query, type));
      request.send(chunk(type.equals("text/csv") ? "\n" : "\n "));
      await().until(() -> by("trainer-key", "GET", "").status() == 200);
      write(ADMIN + OTHER);
      assertThat(request.answer().status()).isEqualTo(status);
    }
    assertThat(rows()).isEqualTo("0");
  }

  @Test
  void streamsOfOtherKeysGoOn() throws IOException {
    try (Connection stream = new Connection(port)) {
      stream.send(
          head("batchRows=1&batchMillis=10", "application/x-ndjson")
              .replace("trainer-key", "reader-key"));
      stream.send(chunk("[1]\n"));
      write(ADMIN + OTHER);
      await().until(() -> by("trainer-key", "GET", "").status() == 401);
      stream.send(chunk("[2]\n") + "0\r\n\r\n");
      Answer answer = stream.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text().lines()).hasSize(2);
    }
  }
}
