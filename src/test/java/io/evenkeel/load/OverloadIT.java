package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Hundreds of connections send large batches, all at once and again as soon as they are answered,
/// to a service that has room for a few: the others it refuses, what it acknowledges it has
/// counted, and it is well afterwards.
class OverloadIT {
  private static final int CONNECTIONS = 800;
  private static final int REQUESTS_EACH = 5;
  private static final int CLIENTS = 8;
  private static final int ROWS = 100;
  private static final int FEATURES = 64;

  /// For some fifteen of these requests each.
  private static final Map<String, String> BUDGETS =
      Map.of(
          "EVENKEEL_HTTP_TRAINING_IN_FLIGHT", "2MB",
          "EVENKEEL_HTTP_INFERENCE_IN_FLIGHT", "2MB");

  @TempDir Path directory;

  @Test
  void whatThereIsNoRoomForIsRefusedAndTheRestIsCounted() throws Exception {
    byte[] training = request(":normalize?mode=training");
    byte[] inference = request(":normalize");
    Map<Integer, LongAdder> trained = new ConcurrentSkipListMap<>();
    Map<Integer, LongAdder> inferred = new ConcurrentSkipListMap<>();
    try (PackagedService service =
        PackagedService.start(
            directory.resolve("store"), directory.resolve("service.log").toFile(), BUDGETS)) {
      service.send("PUT", "/api/v1/normalizers/much", "{\"featureCount\": %d}".formatted(FEATURES));
      service.send("POST", "/api/v1/normalizers/much:observe", body());
      List<Future<?>> running = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CONNECTIONS; i++) {
          String from = "127.0.0." + (2 + i % CLIENTS);
          boolean trains = i % 4 != 0;
          running.add(
              threads.submit(() -> {
                send(
                    service.port(),
                    from,
                    trains ? training : inference,
                    trains ? trained : inferred);
                return null;
              }));
        }
      }
      for (Future<?> each : running) {
        each.get(120, TimeUnit.SECONDS);
      }
      System.out.printf(
          "%d connections at once: training %s, inference %s by status%n",
          CONNECTIONS, trained, inferred);
      assertThat(trained.keySet()).contains(200).containsAnyOf(429, 503).isSubsetOf(200, 429, 503);
      assertThat(inferred.keySet()).contains(200).isSubsetOf(200, 429, 503);
      String statistics = service.get("/api/v1/normalizers/much/statistics").body();
      assertThat(new JsonMapper().readTree(statistics).at("/count/0").asLong())
          .isEqualTo(ROWS * (1 + trained.get(200).sum()));
      // a share is given back just after its answer is written
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(service.get("/actuator/prometheus").body())
                  .contains("evenkeel_in_flight_bytes{mode=\"training\"} 0.0")
                  .contains("evenkeel_in_flight_bytes{mode=\"inference\"} 0.0"));
    }
    assertThat(directory.resolve("service.log")).content().doesNotContain("OutOfMemoryError");
  }

  private static void send(int port, String from, byte[] request, Map<Integer, LongAdder> statuses)
      throws IOException {
    for (int i = 0; i < REQUESTS_EACH; ) {
      try (Connection connection = new Connection(port, from)) {
        for (boolean goesOn = true; goesOn && i < REQUESTS_EACH; i++) {
          connection.send(request);
          Answer answer = connection.answer();
          statuses.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
          if (answer.status() != 200) {
            assertThat(answer.headers()).containsKey("retry-after");
            assertThat(answer.text()).containsAnyOf("too-many-requests", "overloaded");
          }
          goesOn = !answer.isLast();
        }
      }
    }
  }

  private static String body() {
    String row = "[" + "3.1415926535897931,".repeat(FEATURES - 1) + "2.7182818284590451]";
    return "{\"rows\": [" + (row + ",").repeat(ROWS - 1) + row + "]}";
  }

  private static byte[] request(String call) {
    String body = body();
    return ("POST /api/v1/normalizers/much"
            + call
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
