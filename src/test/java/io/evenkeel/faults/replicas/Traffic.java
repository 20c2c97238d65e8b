package io.evenkeel.faults.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.faults.replicas.Replicas.Replica;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Clients that train one normalizer through all replicas, each batch with a key of its own. Every
/// tenth batch is sent again to another replica although it was acknowledged, and each batch
/// without an answer is sent again until it has one.
///
/// A batch is one row, 1 in the feature of its client and 0 elsewhere: mean × count of a feature is
/// the number of its client's batches that count.
final class Traffic {
  static final String NAME = "shared";
  private static final String PATH = "/api/v1/normalizers/" + NAME;
  private static final JsonMapper JSON = new JsonMapper();
  private static final int REPETITION = 10;

  private final Replicas replicas;
  private final int clients;
  private final Book book = new Book();
  private final List<Long> commands = Collections.synchronizedList(new ArrayList<>(List.of(1L)));
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong frozen = new AtomicLong();
  private final AtomicLongArray sent;

  /// The moment of the latest acknowledgement.
  private final AtomicLong answeredAt = new AtomicLong(System.nanoTime());

  private final AtomicLong longestGap = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean enough;

  Traffic(Replicas replicas, int clients) {
    this.replicas = replicas;
    this.clients = clients;
    this.sent = new AtomicLongArray(clients);
  }

  Book book() {
    return book;
  }

  /// Creates the normalizer.
  void create() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        replicas.get(0).service().send("PUT", PATH, "{\"featureCount\":" + clients + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  /// All clients at work, until closed. Then each has the answer it waits for, or knows that it
  /// will get none.
  final class Flow implements AutoCloseable {
    private final ExecutorService threads = Executors.newFixedThreadPool(clients);
    private final List<Future<?>> running = new ArrayList<>();

    private Flow() {
      enough = false;
      for (int client = 0; client < clients; client++) {
        int index = client;
        running.add(threads.submit(() -> train(index)));
      }
    }

    @Override
    public void close() throws Exception {
      enough = true;
      try (threads) {
        for (Future<?> each : running) {
          each.get(90, TimeUnit.SECONDS);
        }
      }
      Throwable failed = failure.get();
      if (failed != null) {
        throw new AssertionError(failed);
      }
    }
  }

  Flow flow() {
    return new Flow();
  }

  private void train(int client) {
    Random random = new Random(client);
    try {
      while (!enough) {
        String key = client + "-" + sent.incrementAndGet(client);
        book.sent(key);
        boolean answered = false;
        while (!answered && !enough) {
          answered = send(key, random(random));
        }
        if (answered && random.nextInt(REPETITION) == 0) {
          send(key, random(random));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private Replica random(Random random) {
    List<Replica> all = replicas.all();
    List<Replica> healthy = all.stream().filter(Replica::isHealthy).toList();
    List<Replica> among = healthy.isEmpty() ? all : healthy;
    return among.get(random.nextInt(among.size()));
  }

  /// Sends a batch once.
  ///
  /// @return whether it is known now that it counts
  private boolean send(String key, Replica replica) throws InterruptedException {
    int client = Integer.parseInt(key.substring(0, key.indexOf('-')));
    List<String> row = new ArrayList<>(Collections.nCopies(clients, "0"));
    row.set(client, "1");
    HttpResponse<String> answer;
    try {
      answer =
          replica
              .service()
              .send(
                  "POST",
                  PATH + ":observe",
                  "{\"rows\":[[" + String.join(",", row) + "]]}",
                  "Idempotency-Key",
                  key);
    } catch (IOException gone) {
      pause();
      return false;
    }
    if (answer.statusCode() == 503 || answer.statusCode() == 409) {
      refused.incrementAndGet();
      assertThat(answer.headers().firstValue("Retry-After")).as(answer.body()).isPresent();
      pause();
      return false;
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode document = JSON.readTree(answer.body());
    switch (document.path("outcome").asString()) {
      case "applied" -> book.acknowledged(key, document.path("version").asLong());
      case "duplicate" -> book.acknowledged(key, document.path("appliedVersion").asLong());
      case "frozen" -> {
        frozen.incrementAndGet();
        return false;
      }
      default -> throw new AssertionError(answer.body());
    }
    long now = System.nanoTime();
    long before = answeredAt.getAndSet(now);
    longestGap.accumulateAndGet(now - before, Math::max);
    return true;
  }

  /// A client that asks again at once would only keep the machine busy.
  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
  }

  /// The longest time in which no batch at all was acknowledged, since this was last asked.
  Duration longestGap() {
    long open = System.nanoTime() - answeredAt.get();
    return Duration.ofNanos(Math.max(open, longestGap.getAndSet(0)));
  }

  /// Whether nothing has been acknowledged for this long.
  boolean isStalled(Duration time) {
    return System.nanoTime() - answeredAt.get() > time.toNanos();
  }

  /// How many batches were answered as frozen.
  long frozen() {
    return frozen.get();
  }

  /// The version that a replica shows.
  long version(Replica replica) throws InterruptedException {
    return JSON.readTree(statistics(replica)).path("version").asLong();
  }

  /// Waits until so many more batches are acknowledged.
  void awaitMore(long batches) {
    long least = book.acknowledged() + batches;
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> book.acknowledged() >= least || failure.get() != null);
  }

  /// Freezes or unfreezes the statistics through a replica.
  ///
  /// @return the version that this made
  long command(String command, Replica replica) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        replica
            .service()
            .send("POST", "/api/v1/admin/normalizers/" + NAME + command, "{\"reason\":\"test\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    long version = answer.headers().firstValueAsLong("Normalizer-Version").orElseThrow();
    commands.add(version);
    return version;
  }

  /// Sends every batch again of which nobody knows whether it counts. Then holds versions and
  /// counts against what was told, and the replicas against each other.
  void settle() throws InterruptedException {
    Random random = new Random(7);
    for (String key : book.open()) {
      long begun = System.nanoTime();
      while (!send(key, random(random))) {
        Duration tried = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(tried).as("time to settle " + key).isLessThan(Duration.ofSeconds(30));
      }
    }
    JsonNode statistics = JSON.readTree(statistics(replicas.get(0)));
    JsonNode normalizer = JSON.readTree(read(replicas.get(0), PATH));
    long last = statistics.path("version").asLong();
    assertThat(book.faults(commands, last, normalizer.path("batches").asLong())).isEmpty();
    for (int client = 0; client < clients; client++) {
      double counted =
          statistics.get("mean").get(client).asDouble()
              * statistics.get("count").get(client).asDouble();
      assertThat(Math.round(counted))
          .as("batches of client %d that count", client)
          .isEqualTo(sent.get(client));
    }
    for (Replica replica : replicas.all()) {
      assertThat(statistics(replica)).as(replica.toString()).isEqualTo(statistics.toString());
      assertThat(export(replica)).as(replica.toString()).isEqualTo(export(replicas.get(0)));
    }
  }

  private static String statistics(Replica replica) throws InterruptedException {
    return read(replica, PATH + "/statistics");
  }

  /// Definition, statistics, γ and β, every double as it is.
  private static String export(Replica replica) throws InterruptedException {
    return read(replica, PATH + "/export?format=pytorch");
  }

  /// Reads what is up to date. A replica that has not found the database again yet says so by 503,
  /// and then has half a minute to find it.
  private static String read(Replica replica, String path) throws InterruptedException {
    HttpResponse<String> answer =
        Awaitility.await(path + " of " + replica)
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> replica.service().get(path), got -> got.statusCode() != 503);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Override
  public String toString() {
    return "%d batches acknowledged, %d of them again, %d refused, %d frozen"
        .formatted(book.acknowledged(), book.repeated(), refused.get(), frozen.get());
  }
}
