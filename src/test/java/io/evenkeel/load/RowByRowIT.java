package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.PackagedService;
import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Two hundred clients train one normalizer whose rows enter one by one: none is refused, and a
/// batch is one record of the log. The same load on a normalizer that takes batches whole tells
/// what the rows one by one cost.
class RowByRowIT {
  private static final int CLIENTS = 200;
  private static final int REQUESTS_EACH = 25;
  private static final int ROUNDS = 5;
  private static final int ROWS = 32;
  private static final int FEATURES = 8;
  private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");
  private static final Pattern RECORDS =
      Pattern.compile("^evenkeel_commit_group_events_sum\\S* (\\S+)$", Pattern.MULTILINE);

  @TempDir Path directory;

  @Test
  void twoHundredClientsOfOneNormalizerAreOneRecordABatch() throws Exception {
    try (PackagedService service =
        PackagedService.start(
            directory.resolve("store"), directory.resolve("service.log").toFile())) {
      create(service, "rows", "{\"preset\": \"river\", \"featureCount\": %d}");
      create(service, "whole", "{\"featureCount\": %d}");
      double[] rows = new double[ROUNDS];
      double[] whole = new double[ROUNDS];
      double records = 0;
      Set<Long> versions = ConcurrentHashMap.newKeySet();
      for (int round = 0; round < ROUNDS; round++) {
        double before = records(service);
        rows[round] = rate(service.port(), "rows", versions);
        records += records(service) - before;
        whole[round] = rate(service.port(), "whole", ConcurrentHashMap.newKeySet());
      }
      int batches = ROUNDS * CLIENTS * REQUESTS_EACH;
      System.out.printf(
          Locale.ROOT,
          "%d clients, %d x %d: rows one by one %.0f batches/s, whole batches %.0f/s, ratio %.2f;"
              + " %.3f records a batch%n",
          CLIENTS,
          ROWS,
          FEATURES,
          median(rows),
          median(whole),
          median(rows) / median(whole),
          records / batches);
      assertThat(records).isBetween((double) batches, 1.1 * batches);
      // each batch made a version of its own: 2 and those behind it
      assertThat(versions).hasSize(batches).contains(2L, batches + 1L);
      String statistics = service.get("/api/v1/normalizers/rows/statistics").body();
      assertThat(new JsonMapper().readTree(statistics).at("/count/0").asLong())
          .isEqualTo((long) ROWS * batches);
    }
  }

  private static void create(PackagedService service, String name, String definition)
      throws Exception {
    assertThat(
            service
                .send("PUT", "/api/v1/normalizers/" + name, definition.formatted(FEATURES))
                .statusCode())
        .isEqualTo(201);
  }

  private static double records(PackagedService service) throws Exception {
    Matcher sum = RECORDS.matcher(service.get("/actuator/prometheus").body());
    return sum.find() ? Double.parseDouble(sum.group(1)) : 0;
  }

  /// Batches a second.
  private static double rate(int port, String name, Set<Long> versions) throws Exception {
    byte[] request = request(name);
    long start = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        String from = "127.0.0." + (2 + i);
        running.add(
            threads.submit(() -> {
              train(port, from, request, versions);
              return null;
            }));
      }
    }
    for (Future<?> each : running) {
      each.get(120, TimeUnit.SECONDS);
    }
    return CLIENTS * REQUESTS_EACH * 1e9 / (System.nanoTime() - start);
  }

  private static void train(int port, String from, byte[] request, Set<Long> versions)
      throws IOException {
    try (Connection connection = new Connection(port, from)) {
      for (int i = 0; i < REQUESTS_EACH; i++) {
        connection.send(request);
        Answer answer = connection.answer();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Matcher version = VERSION.matcher(answer.text());
        assertThat(version.find()).isTrue();
        versions.add(Long.valueOf(version.group(1)));
      }
    }
  }

  private static double median(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static byte[] request(String name) {
    Random random = new Random(5);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      rows.append(i == 0 ? "[" : ", [");
      for (int j = 0; j < FEATURES; j++) {
        rows.append(j == 0 ? "" : ", ").append(1000 + 50 * random.nextGaussian());
      }
      rows.append("]");
    }
    String body = "{\"rows\": [" + rows + "]}";
    return ("POST /api/v1/normalizers/"
            + name
            + ":normalize?mode=training HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
