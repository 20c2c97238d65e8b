package io.evenkeel.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.PackagedService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Clients that train the normalizer `shared`, and what they were told, to be held against what is
/// there.
final class Ledger {
  private static final JsonMapper JSON = new JsonMapper();

  private final int features;
  private final List<Client> clients = new ArrayList<>();
  private long unanswered;
  private long retried;
  private long appliedUnanswered;
  private long lost;
  private long twice;

  /// @param features at least one for each client; more make each commit longer
  Ledger(int clients, int features) {
    this.features = features;
    for (int w = 0; w < clients; w++) {
      this.clients.add(new Client(w, features));
    }
  }

  /// With rows of a training window to be written and dropped beside each batch.
  void create(PackagedService service) throws IOException, InterruptedException {
    String definition =
        "{\"featureCount\":" + features + ",\"training\":{\"type\":\"window\",\"batches\":5}}";
    assertThat(service.send("PUT", "/api/v1/normalizers/shared", definition).statusCode())
        .isEqualTo(201);
  }

  /// All clients at work.
  final class Load implements AutoCloseable {
    private final ExecutorService threads = Executors.newFixedThreadPool(clients.size());
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean enough;

    private Load(PackagedService service) {
      for (Client client : clients) {
        running.add(
            threads.submit(() -> {
              client.train(service, () -> enough);
              return null;
            }));
      }
    }

    /// Whether every client has stopped.
    boolean isOver() {
      return running.stream().allMatch(Future::isDone);
    }

    /// Lets each client get the answer it waits for.
    @Override
    public void close() throws InterruptedException, ExecutionException, TimeoutException {
      enough = true;
      try (threads) {
        for (Future<?> each : running) {
          each.get(60, TimeUnit.SECONDS);
        }
      }
    }
  }

  Load load(PackagedService service) {
    return new Load(service);
  }

  /// Holds what counts against what was told: each acknowledged batch counts once, one without an
  /// answer once or not at all. Those with a key are sent again, and count once then.
  void settle(PackagedService service, String after) throws IOException, InterruptedException {
    long[] counted = counted(service);
    for (Client client : clients) {
      long told = client.acknowledged();
      long counts = counted[client.index()];
      hold(counts, told, told + (client.isUnanswered() ? 1 : 0));
      assertThat(counts)
          .as("batches of client %d that count after %s", client.index(), after)
          .isBetween(told, told + (client.isUnanswered() ? 1 : 0));
      if (client.isUnanswered()) {
        unanswered++;
        appliedUnanswered += counts - told;
        if (client.isKeyed()) {
          retried++;
          client.retry(service, counts > told);
        } else {
          client.acknowledge(counts - told);
        }
      }
    }
    counted = counted(service);
    for (Client client : clients) {
      hold(counted[client.index()], client.acknowledged(), client.acknowledged());
      assertThat(counted[client.index()])
          .as("batches of client %d that count once settled after %s", client.index(), after)
          .isEqualTo(client.acknowledged());
    }
  }

  private void hold(long counts, long least, long most) {
    lost += Math.max(0, least - counts);
    twice += Math.max(0, counts - most);
  }

  private long[] counted(PackagedService service) throws IOException, InterruptedException {
    HttpResponse<String> answer = service.get("/api/v1/normalizers/shared/statistics");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode statistics = JSON.readTree(answer.body());
    long[] counted = new long[clients.size()];
    for (int w = 0; w < counted.length; w++) {
      counted[w] =
          Math.round(
              statistics.get("mean").get(w).asDouble() * statistics.get("count").get(w).asDouble());
    }
    return counted;
  }

  long acknowledged() {
    return clients.stream().mapToLong(Client::acknowledged).sum();
  }

  long unanswered() {
    return unanswered;
  }

  /// What has been counted until here, all of it settled.
  @Override
  public String toString() {
    return ("%d acknowledged, %d sent again all the same, %d without an answer or refused"
            + " (%d of them applied), %d of those retried with their key; %d lost, %d double")
        .formatted(
            acknowledged(),
            clients.stream().mapToLong(Client::repeated).sum(),
            unanswered,
            appliedUnanswered,
            retried,
            lost,
            twice);
  }
}
