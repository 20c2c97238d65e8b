package io.evenkeel.engine.sqlite;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.normalizer.Digest;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.IdempotencyKey;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Preset;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.util.unit.DataSize;

/// Training batches made durable each second, where each caller waits for its outcome before it
/// sends the next: 16 normalizers, cumulative averaging or a window, half of the events with an
/// idempotency key that was never seen before. Choose the number of callers with JMH's `-t`.
///
/// The store lies in `target/`, so it is the project's own disk that is measured.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(1)
@Threads(16)
public class DurableTrainingBenchmark {
  private static final int NORMALIZERS = 16;

  @Param("64")
  int features;

  /// Of the window that the statistics pool; 0 for cumulative averaging.
  @Param("0")
  int windowBatches;

  private Path directory = Path.of("target");
  private SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private SqliteNormalizerLog log;

  /// What one caller sends.
  @State(Scope.Thread)
  public static class Caller {
    private SplittableRandom random;
    private BatchMoments[] batches;
    private long sent;

    @Setup
    public void setUp(
        DurableTrainingBenchmark benchmark, org.openjdk.jmh.infra.ThreadParams thread) {
      random = new SplittableRandom(thread.getThreadIndex() + 1L);
      batches = new BatchMoments[64];
      for (int i = 0; i < batches.length; i++) {
        batches[i] = batch(benchmark.features);
      }
    }

    private BatchMoments batch(int features) {
      double[] weight = new double[features];
      double[] freedom = new double[features];
      double[][] columns = new double[4][features];
      for (int j = 0; j < features; j++) {
        weight[j] = 32;
        freedom[j] = 31;
        columns[0][j] = random.nextGaussian(100 * j, 1);
        columns[1][j] = 32 * random.nextDouble(0.5, 1.5);
        columns[2][j] = columns[0][j] - random.nextDouble(1, 4);
        columns[3][j] = columns[0][j] + random.nextDouble(1, 4);
      }
      FeatureMoments moments =
          new FeatureMoments(
              weight,
              freedom,
              columns[0],
              new double[features],
              columns[1],
              columns[2],
              columns[3]);
      return new BatchMoments(32, moments, Optional.empty());
    }

    NormalizerEvent.Observed next() {
      Envelope envelope =
          new Envelope(
              nameOf(random.nextInt(NORMALIZERS)),
              new UUID(random.nextLong(), random.nextLong()),
              OptionalLong.empty(),
              Precondition.NONE,
              sent++ % 2 == 0
                  ? Optional.of(new IdempotencyKey(digest(), digest()))
                  : Optional.empty(),
              Optional.empty(),
              Optional.empty());
      BatchMoments batch = batches[random.nextInt(batches.length)];
      return new NormalizerEvent.Observed(
          envelope, batch, Optional.empty(), false, Optional.empty());
    }

    private Digest digest() {
      return new Digest(random.nextLong(), random.nextLong());
    }
  }

  private static NormalizerName nameOf(int index) {
    return new NormalizerName("normalizer-" + index);
  }

  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "durable");
    log =
        SqliteNormalizerLog.open(
            new SqliteProperties(directory.toString()),
            new QueueProperties(10_000, DataSize.ofMegabytes(64)),
            AuditProperties.DEFAULT,
            InstantSource.system(),
            registry);
    for (int i = 0; i < NORMALIZERS; i++) {
      Envelope envelope =
          new Envelope(
              nameOf(i),
              new UUID(0, i),
              OptionalLong.empty(),
              Precondition.NONE,
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      log.append(new NormalizerEvent.Created(envelope, definition())).block();
    }
  }

  private NormalizerDefinition definition() {
    Preset preset = Preset.EVENKEEL;
    return new NormalizerDefinition(
        preset,
        Features.numbered(features),
        windowBatches == 0
            ? preset.averaging()
            : new Averaging.Window(windowBatches, WindowKind.SLIDING),
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
        Affine.identity(features));
  }

  @TearDown
  public void close() throws IOException {
    var groups = registry.get("evenkeel.commit.group").summary();
    var commits = registry.get("evenkeel.commit").timer();
    System.out.printf(
        "%nevents %.0f, commits %d, events per commit %.2f, mean commit %.0f us, longest %.1f ms%n",
        groups.totalAmount(),
        commits.count(),
        groups.mean(),
        commits.mean(TimeUnit.MICROSECONDS),
        commits.max(TimeUnit.MILLISECONDS));
    log.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// One batch, durable and folded.
  @Benchmark
  public Outcome train(Caller caller) {
    return log.append(caller.next()).block();
  }
}
