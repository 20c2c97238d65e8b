package io.evenkeel.codec;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.codec.number.ByteSink;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a number costs, read from a body and printed into an answer: nanoseconds a number, one
/// thread, batches of 65,536 numbers.
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private static final int NUMBERS = 65_536;

  /// 17: as Java prints a double; 4: rounded to four decimals.
  @Param({"17", "4"})
  private int digits;

  @Param({"JSON", "NDJSON", "CSV", "BINARY", "NPY", "ARROW"})
  private BatchFormat format;

  /// D.
  @Param({"1", "4", "64", "65536"})
  private int features;

  private NormalizerDefinition definition =
      Definitions.of(MissingValues.REJECT, Features.numbered(1));
  private byte[] body = new byte[0];
  private BatchAnswer answer;
  private RowShape shape;

  /// Makes the body by printing the answer.
  @Setup
  public void prepare() {
    definition = Definitions.of(MissingValues.REJECT, Features.numbered(features));
    Random random = new Random(42);
    double[] values = new double[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      double x = random.nextGaussian(5, 3);
      values[i] = digits == 4 ? Math.rint(x * 1e4) / 1e4 : x;
    }
    answer =
        new BatchAnswer(
            new NormalizerName("bench"),
            Mode.INFERENCE,
            BatchOutcome.NONE,
            1,
            OptionalLong.empty(),
            definition.features(),
            NUMBERS / features,
            values,
            List.of());
    shape = RowShape.ofNumbers(NumberType.FLOAT64);
    body = print();
    if (format == BatchFormat.JSON) {
      String text = new String(body, StandardCharsets.US_ASCII);
      body = ("{" + text.substring(text.indexOf("\"rows\""))).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private byte[] print() {
    ByteSink all = new ByteSink(1 << 21);
    format
        .writer(answer, shape, true, true)
        .forEachRemaining(piece -> {
          byte[] bytes = new byte[piece.remaining()];
          piece.get(bytes);
          all.put(bytes);
        });
    return all.toBytes();
  }

  /// From the bytes to the flat array.
  @Benchmark
  @OperationsPerInvocation(NUMBERS)
  public Object read() {
    ReadOptions options =
        new ReadOptions(Extra.REJECT, Optional.empty(), NumberType.FLOAT64, BodyMembers.BATCH);
    BatchReader reader =
        format.reader(
            definition, options, new Cutting.Whole(), 1 << 24, body.length, MemoryShare.UNLIMITED);
    reader.feed(body, 0, body.length);
    return reader.finish();
  }

  /// From the flat array to the bytes.
  @Benchmark
  @OperationsPerInvocation(NUMBERS)
  public long write() {
    AnswerWriter writer = format.writer(answer, shape, true, true);
    long written = 0;
    while (writer.hasNext()) {
      written += writer.next().remaining();
    }
    return written;
  }
}
