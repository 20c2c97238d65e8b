package io.evenkeel.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.codec.rows.BatchReader;
import io.evenkeel.codec.rows.DecodedBatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class BodyReadingTest {
  private static final UnpooledByteBufAllocator MEMORY = UnpooledByteBufAllocator.DEFAULT;

  /// A reader that stops at its first bytes until it may go on.
  private static class HeldReader implements BatchReader {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch allowed = new CountDownLatch(1);

    @Override
    public void feed(byte[] bytes, int offset, int length) {
      begun.countDown();
      try {
        allowed.await();
      } catch (InterruptedException givenUp) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public boolean isHandingOn() {
      return false;
    }

    @Override
    public void handOnComplete() {}

    @Override
    public void handOnAll() {}

    @Override
    public DecodedBatch finish() {
      throw new IllegalStateException("nothing is finished here");
    }
  }

  /// A reader that meets what nobody has thought of.
  private static final class FailingReader extends HeldReader {
    private final Error error;

    FailingReader(Error error) {
      this.error = error;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length) {
      throw error;
    }
  }

  interface Way {
    Publisher<DecodedBatch> of(BodyReading reading, ServerHttpRequest request);
  }

  static Stream<Way> ways() {
    return Stream.of(
        (reading, request) -> reading.read(request, request.getHeaders().getContentLength(), 1),
        BodyReading::readBeside,
        (reading, request) -> reading.stream(request, Optional.empty()));
  }

  /// Whoever gives up while others still bring bytes: each buffer is given back once.
  @ParameterizedTest
  @MethodSource("ways")
  void noBufferOfTheNetworkWaitsForTheReader(Way way) throws InterruptedException {
    HeldReader reader = new HeldReader();
    Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
    ServerHttpRequest request = MockServerHttpRequest.post("/").body(body.asFlux());
    Disposable reading =
        Flux.from(
                way.of(new BodyReading(reader, 1000, Optional.empty(), new ArrayList<>()), request))
            .subscribe(_ -> {}, _ -> {});
    List<ByteBuf> buffers = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        ByteBuf buffer = MEMORY.buffer().writeByte('1');
        buffers.add(buffer);
        body.tryEmitNext(new NettyDataBufferFactory(MEMORY).wrap(buffer)).orThrow();
        if (i == 0) {
          reader.begun.await();
        }
      }
      assertThat(buffers).extracting(ByteBuf::refCnt).containsOnly(0);
    } finally {
      reading.dispose();
      reader.allowed.countDown();
    }
    await().untilAsserted(() -> assertThat(buffers).extracting(ByteBuf::refCnt).containsOnly(0));
  }

  /// Reactor would throw it at the thread, and the request would never end.
  @ParameterizedTest
  @MethodSource("ways")
  void anErrorInTheReaderIsTheRequestsFailure(Way way) {
    for (Error error : List.of(new StackOverflowError(), new NoClassDefFoundError("lost"))) {
      BodyReading reading =
          new BodyReading(new FailingReader(error), 1000, Optional.empty(), new ArrayList<>());
      ServerHttpRequest request = MockServerHttpRequest.post("/").body("[1]");
      assertThatThrownBy(
              () -> Flux.from(way.of(reading, request)).blockLast(Duration.ofSeconds(30)))
          .hasRootCause(error);
    }
  }
}
