package io.evenkeel.http.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.StartedService;
import io.evenkeel.security.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that a client sends without waiting for their answers.
class PipelinedHttpTest {
  private static final String INFER = "/api/v1/normalizers/a:normalize?mode=inference";
  private static final String TRAIN = "/api/v1/normalizers/b:observe";
  private static final int MANY = 1_000;

  @TempDir private static Path directory;

  private static final Map<Way, StartedService> SERVICES = new EnumMap<>(Way.class);

  /// Spring reads the headers of a proxy on its own way only.
  private enum Way {
    SHORT,
    THROUGH_SPRING,
    BY_TLS;

    private StartedService start() throws Exception {
      List<String> settings = new ArrayList<>();
      settings.add("evenkeel.store.directory=:memory:");
      settings.add("evenkeel.http.shutdown-delay=0s");
      if (this == THROUGH_SPRING) {
        settings.add("server.forward-headers-strategy=framework");
      }
      if (this == BY_TLS) {
        SelfSigned.made(directory, "service");
        settings.add("server.ssl.key-store=" + directory.resolve("service.p12"));
        settings.add("server.ssl.key-store-password=" + SelfSigned.PASSWORD);
      }
      return StartedService.start(settings.toArray(String[]::new));
    }

    private Connection connect() throws Exception {
      int port = SERVICES.get(this).port();
      return this == BY_TLS ? Connection.secure(port) : new Connection(port);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    for (Way way : Way.values()) {
      SERVICES.put(way, way.start());
      try (Connection connection = way.connect()) {
        connection.send(put("a") + put("b") + post("/api/v1/normalizers/a:observe", 1));
        connection.send(post(TRAIN, 0) + post(INFER, 0));
        for (int i = 0; i < 5; i++) {
          assertThat(connection.answer().status()).isIn(200, 201);
        }
      }
    }
  }

  @AfterAll
  static void end() {
    SERVICES.values().forEach(StartedService::close);
  }

  private static String put(String name) {
    return request("PUT", "/api/v1/normalizers/" + name, "{\"featureCount\":1}");
  }

  private static String request(String method, String target, String body) {
    return """
    %s %s HTTP/1.1\r
    Host: localhost\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(method, target, body.length(), body);
  }

  private static String post(String target, int value) {
    return request("POST", target, "{\"rows\":[[" + value + "],[" + (value + 2) + "]]}");
  }

  private static String get() {
    return "GET /api/v1/normalizers/b HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  private enum Batches {
    TRAINING,
    INFERENCE,
    BOTH
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Way.values())
        .flatMap(way -> Arrays.stream(Batches.values()).map(each -> Arguments.of(way, each)));
  }

  /// The version grows by one with each batch that trains.
  @ParameterizedTest
  @MethodSource("all")
  void manyRequestsAtOnceAreAllAnsweredInTheirOrder(Way way, Batches batches) throws Exception {
    List<Boolean> train = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      train.add(batches == Batches.TRAINING || (batches == Batches.BOTH && i % 3 == 0));
      all.append(post(train.getLast() ? TRAIN : INFER, i));
      if (batches == Batches.BOTH) {
        all.append(get());
      }
    }
    try (Connection connection = way.connect()) {
      connection.send(get());
      long version = version(connection.answer());
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(connection, all));
      for (boolean trains : train) {
        Answer answer = connection.answer();
        if (trains) {
          version++;
          assertThat(version(answer)).isEqualTo(version);
        } else {
          assertThat(answer.text()).contains("\"rows\"");
        }
        if (batches == Batches.BOTH) {
          assertThat(version(connection.answer())).isEqualTo(version);
        }
      }
      sending.join();
    }
  }

  private static void send(Connection connection, StringBuilder all) {
    try {
      connection.send(all.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long version(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    return Long.parseLong(answer.text().replaceAll("(?s).*\"version\":\\s*([0-9]+).*", "$1"));
  }
}
