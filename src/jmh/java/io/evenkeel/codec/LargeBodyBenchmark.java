package io.evenkeel.codec;

import io.evenkeel.admission.BatchAdmission;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
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
import jakarta.validation.Validation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/// What a large body of raw numbers costs between the network's buffers and the network's buffers:
/// read, checked, counted, normalised and written; without the log and the network itself.
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class LargeBodyBenchmark {
  /// As many bytes as Reactor Netty reads at once.
  private static final int BUFFER = 1 << 16;

  @Param({"10000"})
  private int rows;

  /// D.
  @Param({"64"})
  private int features;

  private final BatchAdmission admission =
      new BatchAdmission(Validation.buildDefaultValidatorFactory().getValidator());
  private NormalizerDefinition definition =
      Definitions.of(MissingValues.REJECT, Features.numbered(1));
  private ByteBuffer body = ByteBuffer.allocate(0);
  private ByteBuffer answer = ByteBuffer.allocate(0);

  /// Makes the body.
  @Setup
  public void prepare() {
    definition = Definitions.of(MissingValues.REJECT, Features.numbered(features));
    Random random = new Random(42);
    body = ByteBuffer.allocateDirect(rows * features * Double.BYTES);
    body.order(ByteOrder.LITTLE_ENDIAN);
    while (body.hasRemaining()) {
      body.putDouble(random.nextGaussian(5, 3));
    }
    answer = ByteBuffer.allocateDirect(1 << 19);
  }

  /// From the body to the answer.
  @Benchmark
  public long train() {
    AnswerWriter writer = answer(admitted(), definition);
    long written = 0;
    while (writer.hasNext()) {
      answer.clear();
      writer.next(answer);
      written += answer.position();
    }
    return written;
  }

  private FeatureBatch admitted() {
    ReadOptions options =
        new ReadOptions(Extra.REJECT, Optional.empty(), NumberType.FLOAT64, BodyMembers.BATCH);
    var reader =
        (BatchReader.OfBuffers)
            BatchFormat.BINARY.reader(
                definition,
                options,
                new Cutting.Whole(),
                1 << 26,
                body.capacity(),
                MemoryShare.UNLIMITED);
    for (int at = 0; at < body.capacity(); at += BUFFER) {
      reader.feed(body.slice(at, Math.min(BUFFER, body.capacity() - at)));
    }
    return admission.admit(reader.finish().batch(), Purpose.TRAINING).batch();
  }

  private static AnswerWriter answer(FeatureBatch batch, NormalizerDefinition definition) {
    BatchMoments moments = BatchMoments.of(batch);
    Normalization.of(
            moments.moments().meanAndVariance(VarianceEstimator.BIASED),
            Affine.identity(batch.features()),
            definition.rules())
        .apply(batch.values(), batch.values(), batch.rows());
    BatchAnswer answer =
        new BatchAnswer(
            new NormalizerName("bench"),
            Mode.TRAINING,
            BatchOutcome.APPLIED,
            1,
            OptionalLong.empty(),
            definition.features(),
            batch.rows(),
            batch.values(),
            List.of());
    return BatchFormat.BINARY.writer(answer, RowShape.ofNumbers(NumberType.FLOAT64), true, true);
  }
}
