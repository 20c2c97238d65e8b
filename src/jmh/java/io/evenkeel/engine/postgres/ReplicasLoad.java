package io.evenkeel.engine.postgres;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.EngineLog;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.sqlite.SqliteNormalizerLog;
import io.evenkeel.engine.sqlite.SqliteProperties;
import io.evenkeel.faults.replicas.ScratchServer;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.Preset;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// How many training batches a second a log takes, and how long each waits: SQLite on one machine,
/// and one, two and three replicas on one PostgreSQL, all in one process.
///
/// ```
/// mvn -Pbench -DskipTests verify -Dbench.main=io.evenkeel.engine.postgres.ReplicasLoad \
///   -Djmh.args="jdbc:postgresql://127.0.0.1/evenkeel?user=evenkeel 10"
/// ```
///
/// The arguments are an empty database and the seconds of each measurement. Each batch has 32 rows
/// of 64 features and goes to the next replica in turn; 256 are under way, on 16 names and on one.
/// Then 200 batches a second are sent.
public final class ReplicasLoad {
  private static final int FEATURES = 64;
  private static final int ROWS = 32;
  private static final int IN_FLIGHT = 256;
  private static final int RATE = 200;
  private static final int MOST_REPLICAS = 3;

  private final int seconds;
  private final SplittableRandom random = new SplittableRandom(1);
  private final BatchMoments[] batches = new BatchMoments[64];

  private ReplicasLoad(int seconds) {
    this.seconds = seconds;
    for (int i = 0; i < batches.length; i++) {
      double[] rows = new double[ROWS * FEATURES];
      Arrays.setAll(rows, _ -> random.nextGaussian());
      batches[i] = BatchMoments.of(FeatureBatch.of(FEATURES, rows));
    }
  }

  /// Runs all of it and prints what it has measured.
  public static void main(String[] arguments) throws Exception {
    ReplicasLoad load = new ReplicasLoad(Integer.parseInt(arguments[1]));
    Path directory =
        Files.createTempDirectory(Files.createDirectories(Path.of("target")), "replicas");
    try (EngineLog log = sqlite(directory)) {
      load.measure("SQLite", List.of(log));
    }
    for (int replicas = 1; replicas <= MOST_REPLICAS; replicas++) {
      List<EngineLog> logs = new ArrayList<>();
      try {
        for (int i = 0; i < replicas; i++) {
          logs.add(postgres(arguments[0]));
        }
        load.measure("PostgreSQL, replicas: " + replicas, logs);
      } finally {
        logs.forEach(EngineLog::close);
      }
    }
    System.exit(0);
  }

  private static EngineLog sqlite(Path directory) {
    return SqliteNormalizerLog.open(
        new SqliteProperties(directory.toString()),
        new QueueProperties(10_000, DataSize.ofMegabytes(64)),
        AuditProperties.DEFAULT,
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  private static EngineLog postgres(String url) {
    return PostgresNormalizerLog.open(
        ScratchServer.propertiesOf(url),
        new QueueProperties(10_000, DataSize.ofMegabytes(64)),
        AuditProperties.DEFAULT,
        new SimpleMeterRegistry());
  }

  private void measure(String what, List<EngineLog> logs) {
    for (int names : new int[] {16, 1}) {
      create(logs.getFirst(), names);
      throughput(logs, names, seconds);
      System.out.printf("%s, names: %d: %s%n", what, names, throughput(logs, names, seconds));
    }
    System.out.printf("%s, %d batches a second: %s%n", what, RATE, paced(logs));
  }

  private static void create(EngineLog log, int names) {
    for (int i = 0; i < names; i++) {
      log.append(
              new NormalizerEvent.Created(
                  envelope(i, UUID.randomUUID()),
                  Asking.definition(Preset.EVENKEEL.averaging(), Features.numbered(FEATURES))))
          .block();
    }
  }

  private static Envelope envelope(int name, UUID id) {
    return new Envelope(
        new NormalizerName("load-" + name),
        id,
        OptionalLong.empty(),
        Precondition.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Mono<Long> send(List<EngineLog> logs, int names, long i) {
    NormalizerEvent event =
        new NormalizerEvent.Observed(
            envelope((int) (i / logs.size() % names), new UUID(i, i)),
            batches[(int) (i % batches.length)],
            Optional.empty(),
            false,
            Optional.empty());
    long start = System.nanoTime();
    return logs.get((int) (i % logs.size()))
        .append(event)
        .filter(Outcome::changes)
        .switchIfEmpty(Mono.error(() -> new IllegalStateException("a batch did not count")))
        .map(_ -> System.nanoTime() - start);
  }

  private Latencies throughput(List<EngineLog> logs, int names, int time) {
    ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + Duration.ofSeconds(time).toNanos();
    Flux.<Long, Long>generate(
            () -> 0L,
            (i, sink) -> {
              if (System.nanoTime() < end) {
                sink.next(i);
              } else {
                sink.complete();
              }
              return i + 1;
            })
        .flatMap(i -> send(logs, names, i), IN_FLIGHT, 1)
        .doOnNext(taken::add)
        .blockLast();
    return Latencies.of(taken, time);
  }

  private Latencies paced(List<EngineLog> logs) {
    ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();
    Flux.interval(Duration.ofNanos(1_000_000_000L / RATE))
        .onBackpressureBuffer(RATE)
        .take((long) RATE * seconds)
        .flatMap(i -> send(logs, 16, i), IN_FLIGHT)
        .doOnNext(taken::add)
        .blockLast();
    return Latencies.of(taken, seconds);
  }

  private record Latencies(double rate, double median, double p99) {
    static Latencies of(ConcurrentLinkedQueue<Long> nanoseconds, int seconds) {
      double[] sorted = nanoseconds.stream().mapToDouble(each -> each / 1e6).sorted().toArray();
      return new Latencies(
          (double) sorted.length / seconds,
          sorted[sorted.length / 2],
          sorted[sorted.length * 99 / 100]);
    }

    @Override
    public String toString() {
      return "%,.0f/s, p50 %.1f ms, p99 %.1f ms".formatted(rate, median, p99);
    }
  }
}
