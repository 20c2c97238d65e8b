package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged jar is killed with SIGKILL at random moments while eight clients train one
/// normalizer; after each restart what they were told is held against what is there.
///
/// A batch of client w is one row, 1 in feature w and 0 elsewhere: the sum of feature w, mean ×
/// count, is the number of its batches that count. Every other batch carries an idempotency key;
/// one whose answer was lost is sent again after the restart.
class KilledServiceIT {
  private static final int KILLS = 20;
  private static final int CLIENTS = 8;
  private static final long SEED = 20261123;
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path directory;

  /// One client: how many of its batches were acknowledged, and the one whose answer it never got.
  private static final class Client {
    private final int index;
    private final String body;
    private long acknowledged;
    private long sent;
    private boolean unanswered;

    Client(int index) {
      this.index = index;
      List<String> row = new ArrayList<>(Collections.nCopies(CLIENTS, "0"));
      row.set(index, "1");
      body = "{\"rows\":[[" + String.join(",", row) + "]]}";
    }

    boolean isKeyed() {
      return sent % 2 == 1;
    }

    HttpResponse<String> sendLatest(PackagedService service)
        throws IOException, InterruptedException {
      String path =
          "/api/v1/normalizers/shared" + (sent % 3 == 0 ? ":observe" : ":normalize?mode=training");
      return isKeyed()
          ? service.send("POST", path, body, "Idempotency-Key", index + "-" + sent)
          : service.send("POST", path, body);
    }

    /// Trains until the service is gone.
    void train(PackagedService service) throws InterruptedException {
      while (true) {
        sent++;
        unanswered = true;
        try {
          HttpResponse<String> answer = sendLatest(service);
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          assertThat(answer.body()).contains("\"outcome\":\"applied\"");
        } catch (IOException killed) {
          return;
        }
        unanswered = false;
        acknowledged++;
      }
    }
  }

  @Test
  void everyAcknowledgedBatchCountsOnceAndARetriedKeyNeverTwice() throws Exception {
    Random random = new Random(SEED);
    List<Client> clients = new ArrayList<>();
    for (int w = 0; w < CLIENTS; w++) {
      clients.add(new Client(w));
    }
    Path store = directory.resolve("store");
    File log = directory.resolve("service.log").toFile();
    long retried = 0;
    long lostAnswers = 0;
    for (int kill = 0; kill <= KILLS; kill++) {
      try (PackagedService service = PackagedService.start(store, log)) {
        if (kill == 0) {
          // with rows of a training window to be written and dropped beside each batch
          String definition =
              "{\"featureCount\":" + CLIENTS + ",\"training\":{\"type\":\"window\",\"batches\":5}}";
          assertThat(service.send("PUT", "/api/v1/normalizers/shared", definition).statusCode())
              .isEqualTo(201);
        }
        long[] counted = counted(service);
        for (Client client : clients) {
          assertThat(counted[client.index])
              .as("batches of client %d that count after %d kills", client.index, kill)
              .isBetween(client.acknowledged, client.acknowledged + (client.unanswered ? 1 : 0));
          if (client.unanswered) {
            lostAnswers++;
            if (client.isKeyed()) {
              retried++;
              boolean applied = counted[client.index] == client.acknowledged;
              retry(client, service, applied ? "applied" : "duplicate");
            } else {
              client.acknowledged = counted[client.index];
            }
          }
        }
        for (Client client : clients) {
          assertThat(counted(service)[client.index]).isEqualTo(client.acknowledged);
        }
        if (kill < KILLS) {
          trainAndKill(clients, service, Duration.ofMillis(100 + random.nextInt(900)));
        }
      }
    }
    long acknowledged = clients.stream().mapToLong(client -> client.acknowledged).sum();
    System.out.printf(
        "%d kills, %d acknowledged batches, %d answers lost, %d keys retried, 0 lost, 0 double%n",
        KILLS, acknowledged, lostAnswers, retried);
    assertThat(acknowledged).isGreaterThan(KILLS);
    assertThat(lostAnswers).isPositive();
  }

  private static void retry(Client client, PackagedService service, String expected)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = client.sendLatest(service);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"outcome\":\"" + expected + "\"");
    HttpResponse<String> again = client.sendLatest(service);
    assertThat(again.body()).contains("\"outcome\":\"duplicate\"");
    client.unanswered = false;
    client.acknowledged++;
  }

  private static void trainAndKill(List<Client> clients, PackagedService service, Duration load)
      throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> running = new ArrayList<>();
      for (Client client : clients) {
        running.add(
            threads.submit(() -> {
              client.train(service);
              return null;
            }));
      }
      LockSupport.parkNanos(load.toNanos());
      service.kill();
      for (Future<?> each : running) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static long[] counted(PackagedService service) throws IOException, InterruptedException {
    JsonNode statistics =
        JSON.readTree(service.get("/api/v1/normalizers/shared/statistics").body());
    long[] counted = new long[CLIENTS];
    for (int w = 0; w < CLIENTS; w++) {
      counted[w] =
          Math.round(
              statistics.get("mean").get(w).asDouble() * statistics.get("count").get(w).asDouble());
    }
    return counted;
  }
}
