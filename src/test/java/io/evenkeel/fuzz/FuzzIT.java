package io.evenkeel.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.PackagedService;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever the service is sent, it answers or refuses, holds its promises, and does not grow. Its
/// heap is 256 MB.
class FuzzIT {
  private static final long INPUTS = Long.getLong("fuzz.inputs", 10_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261124);
  private static final long FIRST = Long.getLong("fuzz.first", 0);
  private static final int SENDERS = 8;

  /// After so many failures nothing new is to be learned.
  private static final int MOST_FAILURES = 20;

  private static final long MOST_GROWTH = 4L << 20;
  private static final long MOST_RESIDENT_GROWTH = 96L << 20;

  /// How Netty looks for buffers that nobody gives back.
  private static final String LEAK_DETECTION = "simple";

  @TempDir Path directory;

  private final Tally tally = new Tally();
  private final List<Sender> senders = new ArrayList<>();

  @Test
  void whateverComesIsAnsweredOrRefusedAndWhatIsRefusedChangesNothing() throws Exception {
    Path store = directory.resolve("store");
    File log = new File("target/fuzz-service.log");
    Files.deleteIfExists(log.toPath());
    Map<String, String> statistics = new LinkedHashMap<>();
    try (PackagedService service = started(store, log)) {
      fuzz(service);
      for (Sender sender : senders) {
        statistics.putAll(statistics(sender));
      }
      assertThat(service.terminate()).isEqualTo(143);
    }
    assertThatAllIsThereAgain(store, log, statistics);
    // what a client has done is no error of the service; a leak of memory would be told here, too
    assertThat(Files.readAllLines(log.toPath())).noneMatch(line -> line.contains(" ERROR "));
  }

  /// A run that is long is served by code that is compiled fully; others end too soon for that.
  private static PackagedService started(Path store, File log)
      throws IOException, InterruptedException {
    return INPUTS > 100_000
        ? PackagedService.start(
            store,
            log,
            "-Xmx256m",
            "-Dspring.netty.leak-detection=" + LEAK_DETECTION,
            "-jar",
            System.getProperty("evenkeel.jar"))
        : PackagedService.start(store, log, Map.of("SPRING_NETTY_LEAKDETECTION", LEAK_DETECTION));
  }

  private void fuzz(PackagedService service) throws Exception {
    List<Seed> seeds = new Corpus().seeds();
    Inputs inputs = new Inputs(SEED, seeds);
    for (int i = 0; i < SENDERS; i++) {
      senders.add(new Sender(service.port(), i, inputs, tally));
      senders.getLast().begin();
    }
    // in order for each normalizer: what is frozen must be unfrozen
    inTurns(0, seeds.size(), number -> seeds.get((int) number).layer(), Sender::sendValid);
    long begun = System.nanoTime();
    inTurns(FIRST, FIRST + INPUTS / 5, number -> number, this::send);
    Footprint early = Footprint.of(service);
    inTurns(FIRST + INPUTS / 5, FIRST + INPUTS, number -> number, this::send);
    Footprint late = Footprint.of(service);
    System.out.printf(
        "%s; %s after a fifth, %s at the end; seed %d, %d s%n",
        tally, early, late, SEED, Duration.ofNanos(System.nanoTime() - begun).toSeconds());
    assertThat(tally.failures()).isEmpty();
    assertThat(late.heap()).isLessThan(early.heap() + MOST_GROWTH);
    assertThat(late.direct()).isLessThan(early.direct() + MOST_GROWTH);
    assertThat(late.resident()).isLessThan(early.resident() + MOST_RESIDENT_GROWTH);
    for (Request.Kind kind : Request.Kind.values()) {
      boolean many = INPUTS >= 1_000;
      assertThat(!many || tally.answered(kind) > 0).as("%s answered", kind).isTrue();
      assertThat(!many || tally.refused(kind) > 0).as("%s refused", kind).isTrue();
    }
  }

  private interface Sending {
    void send(Sender sender, long number) throws IOException;
  }

  /// A number belongs to one sender, whoever is first.
  private void inTurns(long from, long to, LongUnaryOperator owner, Sending each) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        int own = i;
        running.add(
            threads.submit(() -> {
              for (long number = from; number < to; number++) {
                if (owner.applyAsLong(number) % SENDERS == own
                    && tally.failures().size() < MOST_FAILURES) {
                  each.send(senders.get(own), number);
                }
              }
              return null;
            }));
      }
      for (Future<?> sender : running) {
        sender.get();
      }
    }
  }

  private void send(Sender sender, long number) throws IOException {
    try {
      sender.send(number);
    } catch (Breach | IOException e) {
      tally.fail(sender.told(number, e));
      sender.recover();
    }
  }

  /// What the statistics of all normalizers are that a sender knows.
  private static Map<String, String> statistics(Sender sender) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    for (Subject subject : sender.subjects()) {
      if (subject.layer() != Layer.MADE) {
        all.put(subject.name(), lasting(sender.statistics(subject)));
      }
    }
    sender.close();
    return all;
  }

  /// Without what a replica knows of its own answers since its start.
  private static String lasting(String statistics) {
    return statistics.replaceFirst(",\"saturated\":\\[[^]]*]", "");
  }

  private static void assertThatAllIsThereAgain(
      Path store, File log, Map<String, String> statistics)
      throws IOException, InterruptedException {
    try (PackagedService again = PackagedService.start(store, log)) {
      for (Map.Entry<String, String> each : statistics.entrySet()) {
        String path = "/api/v1/normalizers/" + each.getKey() + "/statistics";
        assertThat(lasting(again.get(path).body())).isEqualTo(each.getValue());
      }
    }
  }
}
