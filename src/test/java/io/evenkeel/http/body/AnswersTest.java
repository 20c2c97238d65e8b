package io.evenkeel.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.evenkeel.admission.Definitions;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.codec.BatchFormat;
import io.evenkeel.codec.number.NumberType;
import io.evenkeel.codec.rows.BatchAnswer;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.RowShape;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.ComingRows;
import io.evenkeel.normalization.Mode;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.definition.Features;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/// Large answers of raw numbers: what clients get, and what becomes of the network's buffers and of
/// the array when a client goes away or something fails.
class AnswersTest {
  private static final int ROWS = 10_000;
  private static final int FEATURES = 64;

  private final UnpooledByteBufAllocator network = new UnpooledByteBufAllocator(true, true);
  private final MockServerHttpResponse response =
      new MockServerHttpResponse(new NettyDataBufferFactory(network));
  private final double[] values = new Random(1).doubles((long) ROWS * FEATURES, -9, 99).toArray();
  private final FeatureBatch batch = FeatureBatch.of(FEATURES, values);
  private final Normalization normalization =
      Normalization.of(
          FeatureMoments.of(batch).meanAndVariance(VarianceEstimator.BIASED),
          Affine.identity(FEATURES),
          Definitions.of(MissingValues.REJECT, Features.numbered(FEATURES)).rules());
  private final List<double[]> reused = new ArrayList<>();
  private final MemoryShare memory =
      new MemoryShare() {
        @Override
        public void take(long bytes) {}

        @Override
        public void giveBack(long bytes) {}

        @Override
        public void reuse(double[] numbers) {
          reused.add(numbers);
        }
      };

  private Mono<Void> answer(int rows) {
    return Answers.write(
        response,
        BatchFormat.BINARY,
        new BatchAnswer(
            new NormalizerName("a"),
            Mode.TRAINING,
            BatchOutcome.APPLIED,
            2,
            OptionalLong.empty(),
            Features.numbered(FEATURES),
            rows,
            ComingRows.of(normalization, batch),
            List.of()),
        RowShape.ofNumbers(NumberType.FLOAT64),
        memory);
  }

  private void requireNothingIsLeft() {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(network.metric().usedDirectMemory()).isZero());
    assertThat(network.metric().usedHeapMemory()).isZero();
  }

  @Test
  void aClientThatReadsOnGetsAllRowsAndTheArrayIsFree() {
    double[] received = values.clone();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    response.setWriteHandler(body ->
        body.doOnNext(
                buffer -> {
                  byte[] some = new byte[buffer.readableByteCount()];
                  buffer.read(some);
                  bytes.writeBytes(some);
                  DataBufferUtils.release(buffer);
                })
            .then());
    answer(ROWS).block();
    double[] expected = new double[values.length];
    normalization.apply(received, expected, ROWS);
    double[] found = new double[values.length];
    ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(found);
    assertThat(bytes.size()).isEqualTo(Double.BYTES * values.length);
    assertThat(found).isEqualTo(expected);
    assertThat(values).as("nothing was written to the array").isEqualTo(received);
    assertThat(reused).hasSize(1);
    assertThat(reused.getFirst()).isSameAs(values);
    requireNothingIsLeft();
  }

  /// Pieces have 256 KB, and four of them are made at a time.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 9, 19})
  void aClientThatGoesAwayLeavesNoBufferAndMayStillHaveTheArrayRead(int pieces) {
    response.setWriteHandler(
        body -> body.take(pieces).doOnNext(DataBufferUtils::release).then(Mono.never()));
    Disposable going = answer(ROWS).subscribe();
    requireNothingIsLeft();
    going.dispose();
    assertThat(reused).isEmpty();
  }

  /// The answer has more rows than there are: making a late piece fails.
  @Test
  void aFaultHalfwayLeavesNoBufferAndDoesNotFreeTheArray() {
    List<DataBuffer> sent = new ArrayList<>();
    response.setWriteHandler(body ->
        body.doOnNext(
                buffer -> {
                  sent.add(buffer);
                  DataBufferUtils.release(buffer);
                })
            .then());
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> answer(ROWS + 1).block());
    assertThat(sent).hasSizeGreaterThan(10);
    assertThat(reused).isEmpty();
    requireNothingIsLeft();
  }
}
