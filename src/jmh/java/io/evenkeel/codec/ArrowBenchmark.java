package io.evenkeel.codec;

import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.ReadOptions.Extra;
import io.evenkeel.normalizer.BatchOutcome;
import io.evenkeel.normalizer.Features;
import io.evenkeel.normalizer.NormalizerDefinition;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.validation.Definitions;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// How long one number of a batch takes to be read and written as an Arrow stream and, beside it,
/// as bare numbers, in nanoseconds. Run it on a machine that does nothing else:
///
/// ```
/// mvn -Pbench -DskipTests verify -Djmh.args="ArrowBenchmark"
/// ```
///
/// Bodies are fed in the pieces in which the network brings them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ArrowBenchmark.ROWS * ArrowBenchmark.FEATURES)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ArrowBenchmark {
  static final int ROWS = 10_000;
  static final int FEATURES = 64;

  private static final int PIECE = 1 << 16;
  private static final NormalizerDefinition DEFINITION =
      Definitions.of(MissingValues.REJECT, Features.numbered(FEATURES));
  private static final ReadOptions OPTIONS =
      new ReadOptions(Extra.REJECT, Optional.empty(), false, BodyMembers.BATCH);
  private static final BatchAnswer ANSWER =
      new BatchAnswer(
          new NormalizerName("n"),
          io.evenkeel.normalizer.Mode.INFERENCE,
          BatchOutcome.NONE,
          1,
          OptionalLong.empty(),
          DEFINITION.features(),
          ROWS,
          new Random(1).doubles((long) ROWS * FEATURES).toArray(),
          List.of());

  /// The form of body and answer.
  @Param({"ARROW", "BINARY"})
  BatchFormat format;

  private byte[] body = {};

  /// Writes the body that is read.
  @Setup
  public void fill() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    format.writer(ANSWER, RowShape.ofNumbers(false)).forEachRemaining(bytes::writeBytes);
    body = bytes.toByteArray();
  }

  /// A body to a matrix.
  @Benchmark
  public DecodedBatch read() {
    BatchReader reader = format.reader(DEFINITION, OPTIONS, Optional.empty(), 1 << 25);
    for (int at = 0; at < body.length; at += PIECE) {
      reader.feed(body, at, Math.min(PIECE, body.length - at));
    }
    return reader.finish();
  }

  /// A matrix to an answer.
  @Benchmark
  public void write(Blackhole hole) {
    format.writer(ANSWER, RowShape.ofNumbers(false)).forEachRemaining(hole::consume);
  }
}
