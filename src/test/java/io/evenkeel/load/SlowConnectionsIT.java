package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.PackagedService;
import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many connections that are idle, in the middle of a head or a body, or streams of hardly anything
/// but blank lines, beside one client that is not slow. All of them are answered.
class SlowConnectionsIT {
  private static final int SLOW = Integer.getInteger("load.slow", 200);
  private static final int REQUESTS = 4000;
  private static final Duration BETWEEN_BYTES = Duration.ofMillis(500);

  /// So that none of them has as many bytes under way as one client may.
  private static final int CLIENTS = 8;

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final String REQUEST =
      "POST /api/v1/normalizers/slow:normalize HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"rows\": [[1, 2]]}";

  @TempDir Path directory;

  @Test
  void slowClientsAreAnsweredAndOthersBesideThem() throws Exception {
    List<SlowClient> clients = new ArrayList<>();
    try (PackagedService service =
            PackagedService.start(
                directory.resolve("store"), directory.resolve("service.log").toFile());
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor()) {
      service.send("PUT", "/api/v1/normalizers/slow", "{\"featureCount\": 2}");
      service.send("POST", "/api/v1/normalizers/slow:observe", "{\"rows\": [[1, 2], [3, 4]]}");
      latencies(service.port());
      long[] before = latencies(service.port());
      for (int i = 0; i < SLOW; i++) {
        clients.add(slow(i, new Connection(service.port(), "127.0.0." + (2 + i / 4 % CLIENTS))));
      }
      ScheduledFuture<?> trickle =
          thread.scheduleAtFixedRate(
              () -> sendOn(clients), 0, BETWEEN_BYTES.toMillis(), TimeUnit.MILLISECONDS);
      long[] beside = latencies(service.port());
      assertThat(trickle.isDone()).as("a connection was closed").isFalse();
      trickle.cancel(false);
      thread.submit(() -> {}).get(60, TimeUnit.SECONDS);
      for (SlowClient client : clients) {
        Answer answer = client.end();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).contains("[-0.7071067811865475,-0.7071067811865475]");
      }
      System.out.printf(
          "%d slow connections; %d requests beside them, p50 %.2f ms (without them %.2f), p99 %.2f"
              + " ms (%.2f)%n",
          SLOW,
          beside.length,
          at(beside, 0.5),
          at(before, 0.5),
          at(beside, 0.99),
          at(before, 0.99));
    } finally {
      for (SlowClient client : clients) {
        client.close();
      }
    }
  }

  private static SlowClient slow(int i, Connection connection) throws IOException {
    return switch (i % 4) {
      case 0 -> SlowClient.idle(connection);
      case 1 -> SlowClient.ofHead(connection);
      case 2 -> SlowClient.ofBody(connection);
      default -> SlowClient.ofStream(connection);
    };
  }

  private static void sendOn(List<SlowClient> clients) {
    for (SlowClient client : clients) {
      try {
        client.sendOn();
      } catch (IOException closed) {
        throw new IllegalStateException(closed);
      }
    }
  }

  /// Of requests one after the other, in nanoseconds, sorted. Fewer of them where the machine is
  /// slow, since bodies that come slowly are given up after a time.
  private static long[] latencies(int port) throws IOException {
    long[] latencies = new long[REQUESTS];
    int done = 0;
    long end = System.nanoTime() + LONGEST.toNanos();
    try (Connection connection = new Connection(port)) {
      for (; done < REQUESTS && System.nanoTime() < end; done++) {
        long start = System.nanoTime();
        connection.send(REQUEST);
        Answer answer = connection.answer();
        latencies[done] = System.nanoTime() - start;
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      }
    }
    long[] sorted = Arrays.copyOf(latencies, done);
    Arrays.sort(sorted);
    return sorted;
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))] / 1e6;
  }
}
