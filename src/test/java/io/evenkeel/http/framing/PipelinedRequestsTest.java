package io.evenkeel.http.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelinedRequestsTest {
  private final List<String> begun = new ArrayList<>();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new PipelinedRequests(),
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
              if (message instanceof HttpRequest request) {
                begun.add(request.uri());
              }
            }
          });

  private void receive(String target) {
    channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target));
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void answer(HttpResponseStatus status) {
    channel.write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    channel.runPendingTasks();
  }

  /// What is written is not yet sent: the client may read nothing.
  @Test
  void aRequestWaitsUntilTheAnswerBeforeItIsSent() {
    receive("/1");
    receive("/2");
    receive("/3");
    assertThat(begun).containsExactly("/1");
    answer(HttpResponseStatus.OK);
    assertThat(begun).containsExactly("/1");
    channel.flushOutbound();
    channel.runPendingTasks();
    assertThat(begun).containsExactly("/1", "/2");
    answer(HttpResponseStatus.OK);
    channel.flushOutbound();
    channel.runPendingTasks();
    assertThat(begun).containsExactly("/1", "/2", "/3");
  }

  @Test
  void anInterimAnswerIsNotTheAnswer() {
    receive("/1");
    receive("/2");
    answer(HttpResponseStatus.CONTINUE);
    channel.flushOutbound();
    channel.runPendingTasks();
    assertThat(begun).containsExactly("/1");
  }

  /// While requests wait nothing is read.
  @Test
  void nothingIsReadWhileARequestWaits() {
    receive("/1");
    receive("/2");
    List<Boolean> read = new ArrayList<>();
    channel
        .pipeline()
        .addFirst(
            new io.netty.channel.ChannelOutboundHandlerAdapter() {
              @Override
              public void read(ChannelHandlerContext context) {
                read.add(true);
              }
            });
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.pipeline().read();
    assertThat(read).isEmpty();
    answer(HttpResponseStatus.OK);
    channel.flushOutbound();
    channel.runPendingTasks();
    assertThat(read).isNotEmpty();
  }

  /// The first answer is written, and waits to be sent with others. Netty allows only so many
  /// requests that wait for an answer.
  @Test
  void aWrittenAnswerIsSentBeforeTheNextRequestHasToWait() {
    receive("/1");
    channel.write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    receive("/2");
    assertThat(begun).containsExactly("/1", "/2");
    assertThat(channel.config().isAutoRead()).isTrue();
  }
}
