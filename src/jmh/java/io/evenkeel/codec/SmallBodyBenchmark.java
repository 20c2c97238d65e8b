package io.evenkeel.codec;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.AnswerWriter;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.BodyMembers;
import io.evenkeel.codec.rows.Cutting;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.ReadOptions;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a body of one row costs in JSON, with the reader and the writer that are made for it:
/// nanoseconds a body, one thread.
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SmallBodyBenchmark {
  /// D.
  @Param({"4", "64"})
  private int features;

  private NormalizerDefinition definition =
      Definitions.of(MissingValues.REJECT, Features.numbered(1));
  private byte[] body = new byte[0];
  private BatchAnswer answer =
      new BatchAnswer(
          new NormalizerName("bench"),
          Mode.INFERENCE,
          BatchOutcome.NONE,
          1,
          OptionalLong.empty(),
          definition.features(),
          0,
          new double[0],
          List.of());

  /// Makes the body and the answer of the same numbers, which have 16 to 17 digits.
  @Setup
  public void prepare() {
    definition = Definitions.of(MissingValues.REJECT, Features.numbered(features));
    Random random = new Random(42);
    double[] values = random.doubles(features, -1, 1).toArray();
    body = ("{\"rows\": [" + Arrays.toString(values) + "]}").getBytes(StandardCharsets.US_ASCII);
    answer =
        new BatchAnswer(
            answer.normalizer(),
            answer.mode(),
            answer.outcome(),
            1,
            OptionalLong.empty(),
            definition.features(),
            1,
            values,
            List.of());
  }

  /// From the bytes to the flat array.
  @Benchmark
  public Object read() {
    ReadOptions options =
        new ReadOptions(Extra.REJECT, Optional.empty(), NumberType.FLOAT64, BodyMembers.BATCH);
    BatchReader reader =
        BatchFormat.JSON.reader(
            definition, options, new Cutting.Whole(), 1 << 24, body.length, MemoryShare.UNLIMITED);
    reader.feed(body, 0, body.length);
    return reader.finish();
  }

  /// From the flat array to the bytes.
  @Benchmark
  public long write() {
    AnswerWriter writer =
        BatchFormat.JSON.writer(answer, RowShape.ofNumbers(NumberType.FLOAT64), true, true);
    long written = 0;
    while (writer.hasNext()) {
      written += writer.next().remaining();
    }
    return written;
  }
}
