package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.normalization.DistantLog;
import io.evenkeel.normalization.NormalizerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/// How many rows a second a training stream has if each answer of the log takes 5 ms longer,
/// compared with the same stream at a log that answers at once. Rounds of both alternate.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureWebTestClient(timeout = "PT30S")
@DirtiesContext
class DistantLogIT {
  private static final Duration DISTANCE = Duration.ofMillis(5);
  private static final int FEATURES = 64;
  private static final int ROWS = 10_000;
  private static final int TIMES = 6;
  private static final int ROUNDS = 7;

  @TempDir private static Path directory;

  @Autowired private WebTestClient client;
  @Autowired private DistantLog log;
  @LocalServerPort private int port;

  @TestConfiguration(proxyBeanMethods = false)
  static class Distance {
    @Bean
    @Primary
    DistantLog distantLog(NormalizerLog near) {
      return new DistantLog(near);
    }
  }

  @DynamicPropertySource
  static void store(DynamicPropertyRegistry properties) {
    properties.add("evenkeel.store.directory", () -> directory.resolve("store").toString());
  }

  @Test
  void aStreamKeepsUpWithALogThatIsFarAway() throws Exception {
    byte[] rows = rows();
    String name = created(client, "{\"featureCount\": " + FEATURES + "}");
    double[] near = new double[ROUNDS];
    double[] distant = new double[ROUNDS];
    int[] underWay = new int[ROUNDS];
    rate(name, rows);
    for (int round = 0; round < ROUNDS; round++) {
      log.delay(Duration.ZERO);
      near[round] = rate(name, rows);
      log.delay(DISTANCE);
      log.mostUnderWay();
      distant[round] = rate(name, rows);
      underWay[round] = log.mostUnderWay();
    }
    System.out.printf(
        Locale.ROOT,
        "batches of 256 x %d: %,.0f rows/s near, %,.0f rows/s at %d ms, ratio %.2f%n",
        FEATURES,
        median(near),
        median(distant),
        DISTANCE.toMillis(),
        median(distant) / median(near));
    for (int most : underWay) {
      assertThat(most).isBetween(4, 8);
    }
  }

  private static byte[] rows() {
    Random random = new Random(5);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      lines.append(
          random
              .doubles(FEATURES)
              .mapToObj(Double::toString)
              .collect(Collectors.joining(",", "[", "]\n")));
    }
    return lines.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private double rate(String name, byte[] rows) throws Exception {
    long start = System.nanoTime();
    try (Connection connection = new Connection(port)) {
      CompletableFuture<Answer> answer =
          CompletableFuture.supplyAsync(() -> {
            try {
              return connection.answer();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      connection.send(
          "POST "
              + NORMALIZERS
              + name
              + ":normalize?mode=training HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/x-ndjson\r\nContent-Length: "
              + (long) TIMES * rows.length
              + "\r\n\r\n");
      for (int i = 0; i < TIMES; i++) {
        connection.send(rows);
      }
      int batches = Math.ceilDiv(TIMES * ROWS, 256);
      assertThat(answer.get().text())
          .contains("{\"summary\":{\"batches\":" + batches + ",\"rows\":" + TIMES * ROWS);
    }
    return TIMES * ROWS / ((System.nanoTime() - start) / 1e9);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
