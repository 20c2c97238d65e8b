package io.evenkeel.engine.sqlite;

import io.evenkeel.LiveObjects;
import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.EngineLog;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.engine.postgres.PostgresNormalizerLog;
import io.evenkeel.faults.replicas.ScratchServer;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import io.evenkeel.normalizer.definition.Preset;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Flux;

/// What a great many small normalizers cost in memory and in time: each of 16 features, trained by
/// one batch of 100 rows under one idempotency key, in the store that the service uses.
///
/// ```
/// mvn -Pbench -DskipTests verify -Dbench.main=io.evenkeel.engine.sqlite.MillionNormalizers \
///   -Dbench.jvm=-Xmx2g -Djmh.args="1000000 numbered"
/// ```
///
/// The arguments are how many normalizers, which features (`numbered`: `f0` to `f15`; `named`: with
/// names and ranges, the same for all; `own`: with ranges that no other normalizer has), and a
/// directory or the URL of a PostgreSQL, which are kept. Where they hold a store already, it is
/// opened and trained further: a start of a new process, or of another replica. Else the store lies
/// in `target/` and is dropped at the end.
///
/// Every event brings a name and a definition of its own, as every request does.
public final class MillionNormalizers {
  private static final int FEATURES = 16;
  private static final int ROWS = 100;
  private static final int IN_FLIGHT = 512;
  private static final int PAGE = 1000;
  private static final int LINES = 24;

  private final int normalizers;
  private final String kind;
  private final String store;
  private final SplittableRandom random = new SplittableRandom();
  private final double[] values = random.doubles(64L * ROWS * FEATURES).toArray();
  private final long usedBefore = usedAfterCollection();

  /// @param store a directory, or the URL of a PostgreSQL
  private MillionNormalizers(int normalizers, String kind, String store) {
    this.normalizers = normalizers;
    this.kind = kind;
    this.store = store;
  }

  /// Runs all of it and prints what it has measured.
  public static void main(String[] arguments) throws IOException {
    int normalizers = Integer.parseInt(arguments[0]);
    String kind = arguments.length > 1 ? arguments[1] : "numbered";
    if (arguments.length > 2) {
      new MillionNormalizers(normalizers, kind, arguments[2]).run();
      return;
    }
    Path target = Files.createDirectories(Path.of("target"));
    Path directory = Files.createTempDirectory(target, "million");
    try {
      new MillionNormalizers(normalizers, kind, directory.toString()).run();
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void run() {
    openAgain(fill());
    System.out.printf(
        "collections took %.1f s of the whole%n",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum()
            / 1e3);
  }

  /// Makes them, unless they are there.
  ///
  /// @return what the first of them came to
  private long[] fill() {
    try (EngineLog log = open()) {
      if (log.size() == 0) {
        time("created", normalizers, () -> append(log, normalizers, i -> i, this::creation));
        time("trained", normalizers, () -> append(log, normalizers, i -> i, this::batch));
      }
      tellMemory(log.size());
      trainAtRandom(log);
      time("listed", normalizers, () -> list(log));
      tellMemory(log.size());
      LiveObjects.histogram().limit(LINES).forEach(System.out::println);
      return IntStream.range(0, PAGE).mapToLong(i -> bitsOf(log, i)).toArray();
    }
  }

  private void openAgain(long[] before) {
    try (EngineLog log = open()) {
      for (int i = 0; i < before.length; i++) {
        if (before[i] != bitsOf(log, i)) {
          throw new IllegalStateException(nameOf(i) + " is not as it was");
        }
      }
      tellMemory(log.size());
      trainAtRandom(log);
      tellMemory(log.size());
    }
  }

  private EngineLog open() {
    EngineLog[] log = new EngineLog[1];
    time("opened", normalizers, () -> log[0] = store.startsWith("jdbc:") ? postgres() : sqlite());
    return log[0];
  }

  private EngineLog sqlite() {
    return SqliteNormalizerLog.open(
        new SqliteProperties(store),
        new QueueProperties(10_000, DataSize.ofMegabytes(64)),
        AuditProperties.DEFAULT,
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  private EngineLog postgres() {
    return PostgresNormalizerLog.open(
        ScratchServer.propertiesOf(store),
        new QueueProperties(10_000, DataSize.ofMegabytes(64)),
        AuditProperties.DEFAULT,
        new SimpleMeterRegistry());
  }

  private void trainAtRandom(EngineLog log) {
    int events = Math.max(1000, normalizers / 5);
    IntUnaryOperator anyName = _ -> random.nextInt(normalizers);
    time("trained at random", events, () -> append(log, events, anyName, this::batch));
  }

  private void append(
      EngineLog log, int count, IntUnaryOperator which, IntFunction<NormalizerEvent> event) {
    long changed =
        Flux.range(0, count)
            .flatMap(i -> log.append(event.apply(which.applyAsInt(i))), IN_FLIGHT)
            .filter(Outcome::changes)
            .count()
            .block();
    if (changed != count) {
      throw new IllegalStateException(count - changed + " events have changed nothing");
    }
  }

  private static void list(EngineLog log) {
    long listed = 0;
    Optional<String> after = Optional.empty();
    List<Normalizer> page;
    do {
      page = log.list("normalizer-", after, PAGE);
      listed += page.size();
      after = page.isEmpty() ? after : Optional.of(page.getLast().name().value());
    } while (!page.isEmpty());
    if (listed != log.size()) {
      throw new IllegalStateException("only " + listed + " were listed");
    }
  }

  private static NormalizerName nameOf(int index) {
    return new NormalizerName("normalizer-%06d".formatted(index));
  }

  private Envelope envelope(int index, boolean keyed) {
    return new Envelope(
        nameOf(index),
        new UUID(random.nextLong(), random.nextLong()),
        OptionalLong.empty(),
        Precondition.NONE,
        keyed ? Optional.of(new IdempotencyKey(digest(), digest())) : Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Digest digest() {
    return new Digest(random.nextLong(), random.nextLong());
  }

  private NormalizerEvent creation(int index) {
    Preset preset = Preset.EVENKEEL;
    NormalizerDefinition definition =
        new NormalizerDefinition(
            preset,
            features(index),
            preset.averaging(),
            preset.runningVariance(),
            preset.training(),
            2,
            new NormalizationRules(
                true,
                true,
                0,
                ConstantFeature.ONE,
                MissingValues.REJECT,
                OptionalDouble.empty(),
                Activation.NONE),
            Affine.identity(FEATURES));
    return new NormalizerEvent.Created(envelope(index, false), definition);
  }

  private Features features(int index) {
    return switch (kind) {
      case "numbered" -> Features.numbered(FEATURES);
      case "named" -> ranged(1000);
      case "own" -> ranged(1000 + index);
      default -> throw new IllegalArgumentException("no features are " + kind);
    };
  }

  private static Features ranged(double max) {
    return Features.of(
        IntStream.range(0, FEATURES)
            .mapToObj(j -> new Feature("feature-" + j, -1000, max, OutOfRange.REJECT))
            .toList());
  }

  private NormalizerEvent batch(int index) {
    double[] rows = new double[ROWS * FEATURES];
    System.arraycopy(values, random.nextInt(values.length - rows.length), rows, 0, rows.length);
    return new NormalizerEvent.Observed(
        envelope(index, true),
        BatchMoments.of(FeatureBatch.of(FEATURES, rows)),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static long bitsOf(EngineLog log, int index) {
    return log.find(nameOf(index))
        .map(state -> {
          var statistics = state.running().meanAndVariance();
          return 31 * Double.doubleToRawLongBits(statistics.mean(FEATURES - 1))
              + 17 * Double.doubleToRawLongBits(statistics.meanLow(FEATURES - 1))
              + 13 * Double.doubleToRawLongBits(statistics.variance(FEATURES - 1))
              + 7 * state.rows()
              + state.version();
        })
        .orElse(0L);
  }

  private static void time(String what, int count, Runnable task) {
    long start = System.nanoTime();
    task.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%-18s %,9d in %6.1f s, %,.0f/s%n", what, count, seconds, count / seconds);
  }

  private void tellMemory(long count) {
    long used = usedAfterCollection() - usedBefore;
    System.out.printf(
        "%,.0f MB of heap for %,d normalizers: %d bytes each%n", used / 1e6, count, used / count);
  }

  private static long usedAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
