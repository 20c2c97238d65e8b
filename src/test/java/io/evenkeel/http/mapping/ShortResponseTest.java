package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/// Answers of many pieces, sent by Reactor Netty over a real connection.
class ShortResponseTest {
  private static final int PIECE = 1 << 20;
  private static final int PIECES = 400;

  /// More than the buffers of both ends of a connection hold, and less than Reactor Netty asks for
  /// by itself.
  private static final int MOST = 64;

  private final NettyDataBufferFactory buffers =
      new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);
  private final Semaphore made = new Semaphore(0);
  private final DisposableServer server =
      HttpServer.create()
          .host("localhost")
          .port(0)
          .handle(new ReactorHttpHandlerAdapter((_, response) -> answer(response)))
          .bindNow();

  @AfterEach
  void stop() {
    server.disposeNow();
  }

  private Mono<Void> answer(ServerHttpResponse response) {
    return ShortResponse.of(response)
        .writeAndFlushWith(Flux.range(0, PIECES / 2).map(_ -> Flux.range(0, 2).map(_ -> piece())));
  }

  private DataBuffer piece() {
    made.release();
    return buffers.wrap(new byte[PIECE]);
  }

  private Socket ask() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
    client
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  @Test
  void aClientThatReadsNothingHasFewPiecesMade() throws Exception {
    try (Socket client = ask()) {
      assertThat(client.isConnected()).isTrue();
      assertThat(made.tryAcquire(1, 10, TimeUnit.SECONDS)).isTrue();
      assertThat(made.tryAcquire(MOST, 2, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void aClientThatReadsHasAllPieces() throws Exception {
    long read = 0;
    try (Socket client = ask()) {
      byte[] some = new byte[PIECE];
      while (read < (long) PIECES * PIECE) {
        int length = client.getInputStream().read(some);
        assertThat(length).isPositive();
        read += length;
      }
    }
    assertThat(made.availablePermits()).isEqualTo(PIECES);
  }
}
