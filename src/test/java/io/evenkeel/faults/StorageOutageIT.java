package io.evenkeel.faults;

import static io.evenkeel.faults.Fault.EIO;
import static io.evenkeel.faults.Fault.ENOSPC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.PackagedService;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The storage of the packaged jar takes no writes for a while: training is refused, inference goes
/// on, the operator is told what to do, and once the storage is back all goes on without a restart.
class StorageOutageIT {
  private static final String ROW = "{\"rows\":[[1,2]]}";
  private static final int MORE_OUTAGES = 6;
  private static final String TRAIN = "/api/v1/normalizers/n:observe";

  @TempDir Path directory;

  private Path log() {
    return directory.resolve("service.log");
  }

  @Test
  void anOutageIsToldAndLeftBehindWithoutARestart() throws Exception {
    FaultyDisk disk = FaultyDisk.in(directory);
    Path store = disk.root().resolve("store");
    try (PackagedService service =
        PackagedService.start(store, log().toFile(), disk.environment())) {
      create(service);
      int everything =
          Fault.OPEN | Fault.READ | Fault.WRITE | Fault.SYNC | Fault.TRUNCATE | Fault.UNLINK;
      outage(service, disk, Fault.of(EIO, everything), "See to its disk or mount");
      outage(service, disk, Fault.of(ENOSPC, Fault.WRITE), "Make room on its disk");
      // so many that a file left open by each would show
      long open = openFiles(service);
      for (int i = 0; i < MORE_OUTAGES; i++) {
        disk.fail(Fault.of(EIO, everything).lasting());
        assertRefused(train(service, "again-" + i));
        disk.heal();
        assertThat(service.becomesReady()).isTrue();
      }
      assertThat(openFiles(service)).isEqualTo(open);
      assertThat(count(service)).isEqualTo(3);
    }
    System.out.printf(
        "%d outages of the storage, none of which needed a restart%n", 2 + MORE_OUTAGES);
  }

  private static void create(PackagedService service) throws Exception {
    assertThat(
            service
                .send(
                    "PUT",
                    "/api/v1/normalizers/n",
                    "{\"featureCount\":2,\"untrained\":\"identity\"}")
                .statusCode())
        .isEqualTo(201);
    assertThat(train(service, "first").statusCode()).isEqualTo(200);
  }

  private void outage(PackagedService service, FaultyDisk disk, Fault fault, String remedy)
      throws Exception {
    long before = lines("takes no writes") + lines("takes writes again");
    disk.fail(fault.lasting());
    String key = "refused-by-" + fault.error();
    // some while, with several tries of the service to open the store
    await()
        .pollInterval(Duration.ofMillis(100))
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertRefused(train(service, key));
          assertThat(service.send("POST", "/api/v1/normalizers/n:normalize", ROW).statusCode())
              .isEqualTo(200);
          assertThat(service.get("/readyz").statusCode()).isEqualTo(503);
          assertThat(service.get("/livez").statusCode()).isEqualTo(200);
        });
    assertThat(meter(service, "evenkeel_storage_outage_seconds")).isBetween(0.5, 60.0);
    await().until(() -> meter(service, "evenkeel_storage_failures_total") > 2);
    disk.heal();
    assertThat(service.becomesReady()).isTrue();
    await().until(() -> meter(service, "evenkeel_storage_outage_seconds") == 0);
    HttpResponse<String> retried = train(service, key);
    assertThat(retried.statusCode()).as(retried.body()).isEqualTo(200);
    assertThat(retried.body()).contains("\"outcome\":\"applied\"");
    assertThat(lines("evenkeel.db takes no writes", "503", remedy)).isEqualTo(1);
    assertThat(lines("takes no writes") + lines("takes writes again"))
        .as("a line when it begins, perhaps one where else to look, a line when it ends")
        .isBetween(before + 2, before + 3);
  }

  private long lines(String... parts) throws IOException {
    try (Stream<String> lines = Files.lines(log())) {
      return lines.filter(line -> Stream.of(parts).allMatch(line::contains)).count();
    }
  }

  private static HttpResponse<String> train(PackagedService service, String key) throws Exception {
    return service.send("POST", TRAIN, ROW, "Idempotency-Key", key);
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("urn:evenkeel:problem:storage-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  private static double meter(PackagedService service, String name) throws Exception {
    return service
        .get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private static long count(PackagedService service) throws Exception {
    String statistics = service.get("/api/v1/normalizers/n/statistics").body();
    return Long.parseLong(statistics.replaceFirst("(?s).*\"count\":\\[(\\d+).*", "$1"));
  }

  private static long openFiles(PackagedService service) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + service.pid() + "/fd"))) {
      return files.filter(file -> target(file).contains("evenkeel.db")).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /// A file system of 4 MB that fills up.
  @Test
  void aFullFileSystemIsLeftBehindOnceThereIsRoom() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "none", mount.toString()) == 0,
        "no small file system can be mounted here: that takes the rights of root");
    try (PackagedService service = PackagedService.start(mount.resolve("store"), log().toFile())) {
      create(service);
      long acknowledged = 1;
      long refused = 0;
      try (Ballast _ = new Ballast(mount.resolve("ballast"))) {
        HttpResponse<String> answer;
        do {
          answer = train(service, "filling-" + acknowledged);
          acknowledged += answer.statusCode() == 200 ? 1 : 0;
        } while (answer.statusCode() == 200);
        assertRefused(answer);
        await()
            .atMost(Duration.ofSeconds(30))
            .during(Duration.ofSeconds(1))
            .until(() -> service.get("/readyz").statusCode() == 503);
        while (refused < 10) {
          // the store may find room once more when it is opened again
          HttpResponse<String> next = train(service, "filling-" + acknowledged);
          if (next.statusCode() == 200) {
            acknowledged++;
            continue;
          }
          assertRefused(next);
          refused++;
          assertThat(service.send("POST", "/api/v1/normalizers/n:normalize", ROW).statusCode())
              .isEqualTo(200);
        }
      }
      assertThat(service.becomesReady()).isTrue();
      HttpResponse<String> retried = train(service, "filling-" + acknowledged);
      assertThat(retried.statusCode()).as(retried.body()).isEqualTo(200);
      acknowledged++;
      assertThat(count(service)).isEqualTo(acknowledged);
      assertThat(lines("takes no writes", "Make room on its disk")).isPositive();
      System.out.printf(
          "a file system of 4 MB was full: %d acknowledged, %d refused, %d count%n",
          acknowledged, refused, count(service));
    } finally {
      assertThat(run("umount", mount.toString())).isZero();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /// A file that takes all room there is, and what is given back besides, until it is deleted.
  private static final class Ballast implements AutoCloseable {
    private final Path file;
    private final AtomicBoolean thrownOff = new AtomicBoolean();
    private final CompletableFuture<Void> filling;

    Ballast(Path file) {
      this.file = file;
      filling = CompletableFuture.runAsync(this::fill);
    }

    private void fill() {
      byte[] block = new byte[4096];
      while (!thrownOff.get()) {
        try (OutputStream out =
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
          while (!thrownOff.get()) {
            out.write(block);
          }
        } catch (IOException full) {
          Thread.onSpinWait();
        }
      }
    }

    @Override
    public void close() throws IOException {
      thrownOff.set(true);
      filling.join();
      Files.delete(file);
    }
  }
}
