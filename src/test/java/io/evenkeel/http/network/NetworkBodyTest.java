package io.evenkeel.http.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;

class NetworkBodyTest {
  private static final String LONG = "x".repeat(128 << 10);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final NetworkBody body =
      new NetworkBody(channel, new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT));
  private final List<ByteBuf> pieces = new ArrayList<>();

  /// Reads as many pieces as it is told.
  private static final class Reader extends BaseSubscriber<DataBuffer> {
    private final List<String> heard = new ArrayList<>();
    private final long first;

    Reader(long first) {
      this.first = first;
    }

    @Override
    protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
      request(first);
    }

    @Override
    protected void hookOnNext(DataBuffer piece) {
      heard.add(piece.toString(StandardCharsets.US_ASCII));
      DataBufferUtils.release(piece);
    }

    @Override
    protected void hookOnComplete() {
      heard.add("end");
    }

    @Override
    protected void hookOnError(Throwable fault) {
      heard.add(fault.getMessage());
    }
  }

  private void take(String text) {
    ByteBuf piece = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    pieces.add(piece);
    body.take(piece, false);
  }

  private Reader read(long first) {
    Reader reader = new Reader(first);
    body.subscribe(reader);
    return reader;
  }

  @AfterEach
  void everyPieceIsReleasedOnce() {
    body.drop();
    assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
  }

  @Test
  void piecesAreHandedOnAsTheyCome() {
    Reader reader = read(Long.MAX_VALUE);
    take("a");
    assertThat(reader.heard).containsExactly("a");
    take("b");
    body.take(Unpooled.EMPTY_BUFFER, true);
    assertThat(reader.heard).containsExactly("a", "b", "end");
  }

  @Test
  void whatCameBeforeItsReaderIsKept() {
    take("a");
    body.take(Unpooled.EMPTY_BUFFER, true);
    assertThat(read(Long.MAX_VALUE).heard).containsExactly("a", "end");
  }

  /// An empty body ends without a request for pieces.
  @Test
  void theEndIsToldUnasked() {
    Reader reader = read(0);
    body.take(Unpooled.EMPTY_BUFFER, true);
    assertThat(reader.heard).containsExactly("end");
  }

  @Test
  void nothingMoreIsReadFromTheConnectionWhileTheReaderWantsNone() {
    Reader reader = read(1);
    take(LONG);
    take(LONG);
    assertThat(channel.config().isAutoRead()).isTrue();
    take("b");
    assertThat(channel.config().isAutoRead()).isFalse();
    take("c");
    reader.request(1);
    assertThat(channel.config().isAutoRead()).isTrue();
    take(LONG);
    assertThat(channel.config().isAutoRead()).isFalse();
    reader.request(Long.MAX_VALUE);
    assertThat(channel.config().isAutoRead()).isTrue();
    body.take(Unpooled.EMPTY_BUFFER, true);
    assertThat(reader.heard).containsExactly(LONG, LONG, "b", "c", LONG, "end");
  }

  /// The connection is read again after the body, whoever reads it: it might be closed.
  @Test
  void theConnectionIsReadOnceTheBodyHasCome() {
    take(LONG);
    take("a");
    assertThat(channel.config().isAutoRead()).isFalse();
    body.take(Unpooled.EMPTY_BUFFER, true);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void theRestOfACancelledBodyIsPassedOver() {
    Reader reader = read(1);
    take("a");
    take(LONG);
    take("b");
    assertThat(channel.config().isAutoRead()).isFalse();
    reader.cancel();
    assertThat(channel.config().isAutoRead()).isTrue();
    take("c");
    body.take(Unpooled.EMPTY_BUFFER, true);
    assertThat(reader.heard).containsExactly("a");
  }

  @Test
  void aFaultComesAfterThePiecesBeforeIt() {
    Reader reader = read(1);
    take("a");
    take("b");
    body.fail(new IOException("reset"));
    reader.request(1);
    assertThat(reader.heard).containsExactly("a", "b", "reset");
  }

  @Test
  void aWholeBodyCannotFail() {
    Reader reader = read(Long.MAX_VALUE);
    take("a");
    body.take(Unpooled.EMPTY_BUFFER, true);
    body.fail(new IOException("reset"));
    assertThat(reader.heard).containsExactly("a", "end");
  }

  @Test
  void aBodyIsReadOnce() {
    read(Long.MAX_VALUE);
    assertThatThrownBy(body::blockLast).hasMessage("A body can be read once.");
  }

  /// A reader that asks for the next piece while it takes one.
  @Test
  void aReaderMayAskWithinAPiece() {
    List<String> heard = new ArrayList<>();
    body.subscribe(
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            request(1);
          }

          @Override
          protected void hookOnNext(DataBuffer piece) {
            request(1);
            heard.add(piece.toString(StandardCharsets.US_ASCII));
            DataBufferUtils.release(piece);
          }
        });
    take("a");
    take("b");
    take("c");
    assertThat(heard).containsExactly("a", "b", "c");
  }

  /// Asking the connection to stop and to go on would be two calls of the system.
  @Test
  void theConnectionIsNotStoppedAtTheLastPiece() {
    ByteBuf piece = Unpooled.copiedBuffer("a", StandardCharsets.US_ASCII);
    pieces.add(piece);
    channel.config().setAutoRead(false);
    body.take(piece, true);
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(read(Long.MAX_VALUE).heard).containsExactly("a", "end");
  }
}
