package io.evenkeel.http.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BytesInTurnTest {
  private static final int DECODED = 65;

  private final List<String> begun = new ArrayList<>();
  private final List<Integer> bodies = new ArrayList<>();
  private int pieces;
  private int decoded;
  private int reads;
  private final PipelinedRequests requests = new PipelinedRequests();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new io.netty.channel.ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext context) throws Exception {
              reads++;
              super.read(context);
            }
          },
          new BytesInTurn(requests),
          new HttpServerCodec(),
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
              decoded += message instanceof HttpRequest ? 1 : 0;
              context.fireChannelRead(message);
            }
          },
          requests,
          new ChannelInboundHandlerAdapter() {
            private int length;

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
              if (message instanceof HttpRequest request) {
                begun.add(request.uri());
                length = 0;
              }
              if (message instanceof HttpContent part) {
                pieces += part.content().isReadable() ? 1 : 0;
                length += part.content().readableBytes();
              }
              if (message instanceof LastHttpContent) {
                bodies.add(length);
              }
              ReferenceCountUtil.release(message);
            }
          });

  @AfterEach
  void end() {
    channel.finishAndReleaseAll();
  }

  private void receive(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
  }

  private void answer() {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    channel.runPendingTasks();
    for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
      sent.release();
    }
  }

  private void everyRequestIsAnswered(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(begun).hasSize(i + 1).last().isEqualTo("/" + i);
      assertThat(decoded - i).isLessThanOrEqualTo(DECODED);
      answer();
    }
    assertThat(begun).hasSize(count);
    assertThat(channel.config().isAutoRead() || reads > 0).isTrue();
  }

  /// The least request that Netty takes.
  @Test
  void aReadOfTheLeastRequestsIsDecodedAFewAtATime() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      all.append("G /").append(i).append(" HTTP/1.1\r\n\r\n");
    }
    receive(all.toString());
    assertThat(channel.isOpen()).isTrue();
    everyRequestIsAnswered(5_000);
  }

  @Test
  void requestsOfAllFramingsComeOutAsTheyWere() {
    Random random = new Random(27);
    List<Integer> lengths = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(4) == 0 ? random.nextInt(5_000) : random.nextInt(40);
      // ends of lines before zeros, as in the last chunk
      String body = "\n0\r\n\r\n0".repeat(length / 7 + 1).substring(0, length);
      String head = "POST /" + i + " HTTP/1.1\r\nHost: a\r\n";
      lengths.add(random.nextInt(3) == 0 ? 0 : length);
      if (lengths.getLast() == 0) {
        all.append(head).append("\r\n");
      } else if (random.nextBoolean()) {
        all.append(head).append("Content-Length: ").append(length).append("\r\n\r\n").append(body);
      } else {
        all.append(head).append("Transfer-Encoding: chunked\r\n\r\n");
        int cut = random.nextInt(length + 1);
        for (String chunk : List.of(body.substring(0, cut), body.substring(cut))) {
          if (!chunk.isEmpty()) {
            all.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk);
            all.append("\r\n");
          }
        }
        all.append(random.nextBoolean() ? "0\r\n\r\n" : "00;a=b\r\nTrailer: c\r\n\r\n");
      }
    }
    for (int from = 0; from < all.length(); ) {
      int to =
          Math.min(all.length(), from + 1 + random.nextInt(random.nextBoolean() ? 20 : 99_999));
      receive(all.substring(from, to));
      from = to;
    }
    everyRequestIsAnswered(count);
    assertThat(bodies).isEqualTo(lengths);
  }

  /// Each piece passes through the whole pipeline.
  @Test
  void aBodyOfOneReadStaysInOnePiece() {
    receive("POST /0 HTTP/1.1\r\nContent-Length: 8000\r\n\r\n" + "\n0".repeat(4_000));
    assertThat(bodies).containsExactly(8_000);
    assertThat(pieces).isEqualTo(1);
  }

  @Test
  void nothingIsReadWhileBytesWait() {
    receive("GET /0 HTTP/1.1\r\n\r\n".repeat(100));
    reads = 0;
    channel.read();
    channel.runPendingTasks();
    assertThat(reads).isZero();
  }

  @Test
  void aConnectionThatEndsGivesItsBytesBack() {
    ByteBuf bytes =
        Unpooled.copiedBuffer("GET /0 HTTP/1.1\r\n\r\n".repeat(100), StandardCharsets.US_ASCII);
    channel.writeInbound(bytes);
    assertThat(bytes.refCnt()).isPositive();
    channel.close();
    channel.runPendingTasks();
    assertThat(bytes.refCnt()).isZero();
  }
}
