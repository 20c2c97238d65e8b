package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import io.evenkeel.http.Connection;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// SIGTERM while pipelines train, some of them slowly: `/readyz` refuses first and requests are
/// taken all the same; then no more connections are taken, and every request that was begun is
/// answered.
class DrainIT {
  private static final int DRAINS = Integer.getInteger("load.drains", 4);
  private static final Map<String, String> SHORT_DELAY =
      Map.of("EVENKEEL_HTTP_SHUTDOWN_DELAY", "5s");

  @TempDir Path directory;

  @Test
  void everyRequestThatWasBegunIsAnsweredAndReadinessGoesFirst() throws Exception {
    Path store = directory.resolve("store");
    File log = directory.resolve("service.log").toFile();
    long acknowledged = 0;
    long whileUnready = 0;
    for (int drain = 0; drain < DRAINS; drain++) {
      try (PackagedService service = PackagedService.start(store, log, SHORT_DELAY)) {
        if (drain == 0) {
          service.send("PUT", "/api/v1/normalizers/shared", "{\"featureCount\": 2}");
        }
        List<Pipeline> pipelines = pipelines(service.port());
        long beforeUnready;
        try (ExecutorService threads = Executors.newFixedThreadPool(pipelines.size() + 1)) {
          List<Future<?>> running = new ArrayList<>();
          for (Pipeline pipeline : pipelines) {
            running.add(
                threads.submit(() -> {
                  pipeline.train();
                  return null;
                }));
          }
          await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> pipelines.stream().allMatch(each -> each.acknowledged() > 0));
          Future<Integer> exit = threads.submit(service::terminate);
          assertThat(firstThatIsNotReady(service.port())).isEqualTo(503);
          beforeUnready = sum(pipelines);
          assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(143);
          for (Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
          }
        }
        acknowledged += sum(pipelines);
        whileUnready += sum(pipelines) - beforeUnready;
        assertThat(sum(pipelines)).isGreaterThan(beforeUnready);
      }
    }
    try (PackagedService service = PackagedService.start(store, log)) {
      String statistics = service.get("/api/v1/normalizers/shared/statistics").body();
      assertThat(new JsonMapper().readTree(statistics).at("/count/0").asLong())
          .isEqualTo(2 * acknowledged);
    }
    System.out.printf(
        "%d times SIGTERM, %d batches acknowledged, %d of them after readiness had gone; 0 begun"
            + " and not answered%n",
        DRAINS, acknowledged, whileUnready);
  }

  /// Sixteen as fast as they can, four with up to a second between the halves of a body.
  private static List<Pipeline> pipelines(int port) {
    return IntStream.range(0, 20)
        .mapToObj(i -> new Pipeline(port, Duration.ofMillis(i < 16 ? 0 : 250 * (i - 15))))
        .toList();
  }

  private static long sum(List<Pipeline> pipelines) {
    return pipelines.stream().mapToLong(Pipeline::acknowledged).sum();
  }

  /// Looks at the readiness, each time by a new connection as a router would.
  ///
  /// @return the first status other than 200
  private static int firstThatIsNotReady(int port) throws IOException {
    while (true) {
      try (Connection connection = new Connection(port)) {
        connection.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        int status = connection.answer().status();
        if (status != 200) {
          return status;
        }
      }
    }
  }
}
