package io.evenkeel.http.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class TakenRequestTest {
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext added) {
              context = added;
            }
          });
  private ChannelHandlerContext context;
  private final TakenRequest request =
      new TakenRequest(context, new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
  private final List<String> ended = new ArrayList<>();
  private final ByteBuf body = text("body");

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private void receiveBody() {
    request.take(new DefaultLastHttpContent(body));
  }

  private String answer() {
    channel.runPendingTasks();
    FullHttpResponse answer = channel.readOutbound();
    String told =
        answer.status().code()
            + " "
            + answer.headers().get("Content-Length")
            + " "
            + answer.content().toString(StandardCharsets.US_ASCII);
    answer.release();
    return told;
  }

  @AfterEach
  void theBodyIsReleased() {
    assertThat(body.refCnt()).isZero();
  }

  @Test
  void anAnswerEndsTheRequestOnceItIsSent() {
    request.onEnd(() -> ended.add("end"));
    request
        .body()
        .doOnNext(DataBufferUtils::release)
        .then(Mono.defer(() -> request.send(text("answer"))))
        .subscribe(request);
    assertThat(request.isOver()).isFalse();
    receiveBody();
    assertThat(ended).isEmpty();
    assertThat(answer()).isEqualTo("200 6 answer");
    assertThat(ended).containsExactly("end");
    assertThat(request.isOver()).isTrue();
  }

  /// Refused before it was read; the body has come with the head.
  @Test
  void aBodyThatNobodyReadsIsReleased() {
    Sinks.Empty<Void> work = Sinks.empty();
    work.asMono().subscribe(request);
    receiveBody();
    work.tryEmitEmpty();
    assertThat(answer()).isEqualTo("200 0 ");
  }

  @Test
  void aFailureOfTheWorkClosesTheConnectionAndReleasesTheBody() {
    Sinks.Empty<Void> work = Sinks.empty();
    work.asMono().subscribe(request);
    receiveBody();
    work.tryEmitError(new reactor.netty.channel.AbortedException("gone"));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void theWorkIsCancelledIfTheClientGoes() {
    Sinks.Empty<Void> work = Sinks.empty();
    request.onEnd(() -> ended.add("end"));
    work.asMono().doOnCancel(() -> ended.add("cancelled")).subscribe(request);
    receiveBody();
    request.abort();
    assertThat(ended).containsExactly("cancelled", "end");
  }

  /// The next group is made once the one before is sent.
  @Test
  void aLongAnswerIsSentGroupByGroup() {
    List<String> made = new ArrayList<>();
    Flux<Flux<ByteBuf>> groups =
        Flux.just("a", "b")
            .map(name ->
                Flux.defer(() -> {
                  made.add(name);
                  return Flux.just(text(name), text(name));
                }));
    request.sendGroups(groups).subscribe(request);
    channel.runPendingTasks();
    receiveBody();
    assertThat(made).containsExactly("a", "b");
    int messages = 0;
    for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      io.netty.util.ReferenceCountUtil.release(part);
      messages++;
    }
    // the head, two pieces of each group, two empty buffers that tell when these are sent, the end
    assertThat(messages).isEqualTo(8);
  }

  /// [EmbeddedChannel] sends what is flushed at once, so the handler here keeps it.
  @Test
  void aGroupOfManyPiecesIsNotWrittenBeforeItsFirstPiecesAreSent() {
    List<Integer> made = new ArrayList<>();
    List<ChannelPromise> unsent = new ArrayList<>();
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                unsent.add(promise);
              }
            });
    Flux<ByteBuf> group =
        Flux.range(0, 100)
            .map(i -> {
              made.add(i);
              return text("piece");
            });
    request.sendGroups(Flux.just(group)).subscribe(request);
    assertThat(made).hasSizeBetween(1, 9); // one is asked for ahead
    while (!unsent.isEmpty()) {
      unsent.removeFirst().setSuccess();
      channel.runPendingTasks();
    }
    assertThat(made).hasSize(100);
    receiveBody();
  }
}
