package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.PackagedService;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The packaged jar in small heaps, and requests that would take more memory than there is. Each is
/// answered by 200, 413, 429 or 503, a client beside them is served throughout, memory never runs
/// out, and the ledger is empty afterwards. What the store holds at the end is read by the same
/// heap.
class BoundedMemoryIT {
  private static final boolean LONG = Boolean.getBoolean("load.memory.long");
  private static final int LARGEST = (LONG ? 60 : 12) << 20;
  private static final int AT_ONCE = LONG ? 16 : 4;
  private static final int STALLED = LONG ? 64 : 16;
  private static final int SLOW_READERS = LONG ? 60 : 20;

  /// So many documents of 65,536 features that they would not fit into the heap.
  private static final int SLOW_READERS_OF_DOCUMENTS = 5 * SLOW_READERS;

  private static final int CLIENTS = 8;
  private static final int UNMEASURED = 3000;
  private static final int MEASURED = 500;
  private static final int ENOUGH = 100;

  /// What a request may wait for however fast it is alone: about 10 ms for a collection of the
  /// smallest heap, and for each attacker a piece of its body, 64 KB at 50 ns a byte on two cores.
  private static final double FLOOR_MILLIS = 10 + 2.0 * AT_ONCE;

  private static final double LONGEST_MILLIS = 10_000;
  private static final int FEATURES = 65_536;

  @TempDir private Path directory;

  static List<Integer> heaps() {
    return Arrays.stream(System.getProperty("load.heaps", "128").split(","))
        .map(Integer::valueOf)
        .toList();
  }

  /// How often each status came.
  private static final class Statuses {
    private final Map<Integer, LongAdder> counts = new ConcurrentSkipListMap<>();

    void add(int status) {
      counts.computeIfAbsent(status, _ -> new LongAdder()).increment();
    }
  }

  /// Sends what makes an attack.
  @FunctionalInterface
  private interface Sending {
    /// @return what was answered
    Statuses send() throws Exception;
  }

  /// A service, and a healthy client beside those who attack it.
  ///
  /// @param alone how long the client's requests take without them
  private record Siege(
      int megabytes,
      PackagedService service,
      HealthyClient healthy,
      HealthyClient.Latencies alone) {
    /// Attacks, and looks at what has become of the service and the client.
    void attack(String name, Attack attack, Sending sending) throws Exception {
      healthy.attackBegins();
      Statuses statuses = sending.send();
      HealthyClient.Latencies beside = healthy.attackEnds();
      System.out.printf(
          "%d MB: %s%s: %s; beside it %s%n", megabytes, name, attack, statuses.counts, beside);
      requireServed(name + attack, alone, beside);
      told(this, name + attack, attack, statuses);
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void whatThereIsNoMemoryForIsRefused(int megabytes) throws Exception {
    File log = directory.resolve("service.log").toFile();
    try (PackagedService service = start(megabytes, log);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HealthyClient healthy = new HealthyClient(service.port())) {
      create(service);
      HealthyClient.Latencies alone = healthy.alone(UNMEASURED, MEASURED);
      System.out.printf("%d MB: a healthy client alone: %s%n", megabytes, alone);
      Future<Void> beside = threads.submit(healthy);
      attackInEachWay(new Siege(megabytes, service, healthy, alone), threads);
      healthy.close();
      beside.get(60, TimeUnit.SECONDS);
      HealthyClient.Latencies besideAll = healthy.besideAttacks();
      System.out.printf("%d MB: a healthy client beside all attacks: %s%n", megabytes, besideAll);
      requireServed("all attacks", alone, besideAll);
      keep(service);
      service.terminate();
    }
    try (PackagedService again = start(megabytes, log)) {
      assertThat(again.get("/api/v1/normalizers/wide").statusCode()).isEqualTo(200);
      assertThat(again.get("/readyz").statusCode()).isEqualTo(200);
    }
    assertThat(Files.readString(log.toPath())).doesNotContain("OutOfMemory", "memory has run out");
  }

  private static void attackInEachWay(Siege siege, ExecutorService threads) throws Exception {
    PackagedService service = siege.service();
    for (Attack attack : Attack.ofSize(LARGEST)) {
      siege.attack("alone, ", attack, () -> all(service, attack, 1, threads));
    }
    for (Attack attack : Attack.sparse(2000)) {
      siege.attack("", attack, () -> all(service, attack, AT_ONCE, threads));
    }
    for (Attack attack : Attack.documents(LONG ? 40 << 20 : 8 << 20)) {
      siege.attack("", attack, () -> all(service, attack, 10, threads));
    }
    for (Attack attack : Attack.ofSize(LARGEST / 5)) {
      if (LONG) {
        siege.attack("at once, ", attack, () -> all(service, attack, AT_ONCE, threads));
      }
      if (LONG || attack.name().equals("JSON")) {
        siege.attack("stalled, ", attack, () -> stalled(service, attack));
      }
    }
    for (Attack attack : slowlyRead()) {
      siege.attack("unread, ", attack, () -> unread(service, attack));
    }
  }

  /// The median says nothing of an attack that is over after a few requests. No request waits for
  /// long, whatever attacks.
  private static void requireServed(
      String name, HealthyClient.Latencies alone, HealthyClient.Latencies beside) {
    if (beside.requests() >= ENOUGH) {
      assertThat(beside.median())
          .as("median beside %s, in milliseconds", name)
          .isLessThanOrEqualTo(Math.max(10 * alone.median(), FLOOR_MILLIS));
    }
    assertThat(beside.longest()).as("longest beside %s", name).isLessThan(LONGEST_MILLIS);
  }

  /// By an operator who lets more be under way than the heap holds.
  @Test
  void memoryThatRunsOutEndsTheProcessWithALine() throws Exception {
    File log = directory.resolve("ended.log").toFile();
    try (PackagedService service =
        PackagedService.start(
            directory.resolve("store"),
            log,
            "-Xmx96m",
            "-Devenkeel.http.training-in-flight=100GB",
            "-jar",
            PackagedService.jar())) {
      service.send(
          "PUT", "/api/v1/normalizers/k", "{\"featureCount\": 2048, \"missing\": \"ignore\"}");
      try (Upload upload =
          new Upload(
              service.port(),
              "127.0.0.1",
              new Attack(
                  "wide",
                  "POST",
                  "/api/v1/normalizers/k:normalize?mode=training",
                  "application/json",
                  ("{\"rows\":[" + "{},".repeat(15_000) + "{}]}")
                      .getBytes(StandardCharsets.US_ASCII),
                  false),
              true)) {
        upload.send(upload.length());
        assertThat(service.exitCode()).isEqualTo(3);
      }
    }
    assertThat(Files.readString(log.toPath())).contains("the memory has run out", "-Xmx");
  }

  private PackagedService start(int megabytes, File log) throws IOException, InterruptedException {
    return PackagedService.start(
        directory.resolve("store"), log, "-Xmx" + megabytes + "m", "-jar", PackagedService.jar());
  }

  private static void create(PackagedService service) throws IOException, InterruptedException {
    for (var each : Map.of("two", 2, "thousand", 1000, "wide", FEATURES).entrySet()) {
      assertThat(
              service
                  .send(
                      "PUT",
                      "/api/v1/normalizers/" + each.getKey(),
                      "{\"featureCount\": "
                          + each.getValue()
                          + ", \"missing\": \"ignore\","
                          + " \"untrained\": \"identity\"}")
                  .statusCode())
          .isEqualTo(201);
    }
    assertThat(
            service
                .send("POST", "/api/v1/normalizers/two:observe", "{\"rows\": [[1, 2], [3, 5]]}")
                .statusCode())
        .isEqualTo(200);
  }

  private static String from(int i) {
    return "127.0.0." + (2 + i % CLIENTS);
  }

  private static Statuses all(
      PackagedService service, Attack attack, int times, ExecutorService threads) throws Exception {
    Statuses statuses = new Statuses();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String from = from(i);
      running.add(
          threads.submit(() -> {
            try (Upload upload = new Upload(service.port(), from, attack, true)) {
              statuses.add(upload.status());
            }
            return null;
          }));
    }
    for (Future<?> each : running) {
      each.get(180, TimeUnit.SECONDS);
    }
    return statuses;
  }

  /// Half of the body, and no more: none is answered, or it is refused.
  private static Statuses stalled(PackagedService service, Attack attack) throws IOException {
    List<Upload> uploads = new ArrayList<>();
    try {
      for (int i = 0; i < STALLED; i++) {
        Upload upload = new Upload(service.port(), from(i), attack, true);
        uploads.add(upload);
        upload.send(attack.body().length / 2);
      }
    } finally {
      for (Upload upload : uploads) {
        upload.close();
      }
    }
    return new Statuses();
  }

  private static List<Attack> slowlyRead() {
    List<Attack> attacks =
        new ArrayList<>(List.of(Attack.get("wide/statistics"), Attack.get("wide")));
    Attack.ofSize(1 << 20).stream()
        .filter(attack -> List.of("JSON", "columns", "binary").contains(attack.name()))
        .forEach(attacks::add);
    return attacks;
  }

  /// Answers of which nobody takes more than the status.
  private static Statuses unread(PackagedService service, Attack attack) throws IOException {
    List<Upload> uploads = new ArrayList<>();
    Statuses statuses = new Statuses();
    try {
      int readers = attack.body().length == 0 ? SLOW_READERS_OF_DOCUMENTS : SLOW_READERS;
      for (int i = 0; i < readers; i++) {
        Upload upload = new Upload(service.port(), from(i), attack, false);
        uploads.add(upload);
        upload.send(attack.body().length);
      }
      for (Upload upload : uploads) {
        statuses.add(upload.begun());
      }
    } finally {
      for (Upload upload : uploads) {
        upload.close();
      }
    }
    return statuses;
  }

  private static void told(Siege siege, String name, Attack attack, Statuses statuses) {
    PackagedService service = siege.service();
    assertThat(statuses.counts.keySet()).as(name).allMatch(attack::allows);
    long served = siege.healthy().served();
    await().atMost(Duration.ofSeconds(30)).until(() -> siege.healthy().served() > served);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(service.get("/actuator/prometheus").body())
                .as(name)
                .contains("evenkeel_in_flight_bytes{mode=\"training\"} 0.0"));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(inference(service)).as(name).isLessThanOrEqualTo(1 << 16));
  }

  /// The healthy client's own request may be in it.
  private static double inference(PackagedService service)
      throws IOException, InterruptedException {
    String meter = "evenkeel_in_flight_bytes{mode=\"inference\"} ";
    return service
        .get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(meter))
        .mapToDouble(line -> Double.parseDouble(line.substring(meter.length())))
        .findFirst()
        .orElseThrow();
  }

  /// As many snapshots and batches of a window as there is room for.
  private static void keep(PackagedService service) throws Exception {
    Statuses window = new Statuses();
    window.add(
        service
            .send(
                "PUT",
                "/api/v1/normalizers/window",
                "{\"featureCount\": 32768, \"averaging\": {\"type\": \"window\", \"batches\":"
                    + " 128}}")
            .statusCode());
    for (int i = 0; i < 20; i++) {
      window.add(observe(service, "window", i));
    }
    Statuses snapshots = new Statuses();
    for (int i = 0; i < (LONG ? 128 : 12); i++) {
      snapshots.add(observe(service, "wide", i));
      snapshots.add(
          service
              .send(
                  "POST", "/api/v1/admin/normalizers/wide/snapshots", "{\"label\": \"s" + i + "\"}")
              .statusCode());
    }
    System.out.printf("snapshots %s, windows %s%n", snapshots.counts, window.counts);
    assertThat(snapshots.counts.keySet()).isSubsetOf(200, 201, 503);
    assertThat(window.counts.keySet()).isSubsetOf(200, 201, 404, 503);
    assertThat(service.send("POST", "/api/v1/admin/normalizers/two:freeze", "").statusCode())
        .isEqualTo(200);
    assertThat(service.get("/readyz").statusCode()).isEqualTo(200);
  }

  private static int observe(PackagedService service, String name, int batch) throws Exception {
    int features = name.equals("wide") ? FEATURES : FEATURES / 2;
    String row =
        String.join(
            ",",
            IntStream.range(0, features)
                .mapToObj(j -> (j * 31L + batch * 17L) % 1009 + "")
                .toList());
    byte[] body = ("{\"rows\":[[" + row + "]]}").getBytes(StandardCharsets.US_ASCII);
    Attack observed =
        new Attack(
            name,
            "POST",
            "/api/v1/normalizers/" + name + ":observe",
            "application/json",
            body,
            false);
    try (Upload upload = new Upload(service.port(), "127.0.0.1", observed, true)) {
      return upload.status();
    }
  }
}
