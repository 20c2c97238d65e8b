package io.evenkeel.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StalledConnectionsTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void aRequestHasBegun() {
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(new StalledConnections(Duration.ofSeconds(1), Duration.ofSeconds(8)));
    channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
  }

  private void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private void receive(String text) {
    channel.writeInbound(
        new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII)));
  }

  @Test
  void aSlowBodyLivesOnAsLongAsItComes() {
    for (int i = 0; i < 6; i++) {
      pass(900);
      assertThat(channel.isOpen()).isTrue();
      receive("\n");
    }
    pass(1001);
    assertThat(channel.isOpen()).isFalse();
    assertThatThrownBy(channel::checkException).isInstanceOf(ReadTimeoutException.class);
  }

  /// The service may take as long as it needs for its answer.
  @Test
  void aBodyThatHasComeIsNotWaitedFor() {
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    pass(5000);
    assertThat(channel.isOpen()).isTrue();
  }

  /// It is the service that does not go on.
  @Test
  void nobodyIsBlamedForWhatIsNotRead() {
    channel.config().setAutoRead(false);
    pass(5000);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aConnectionWithoutARequestIsClosedAfterAWhile() {
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    pass(9000);
    assertThat(channel.isOpen()).isTrue();
    answer();
    pass(7900);
    assertThat(channel.isOpen()).isTrue();
    pass(200);
    assertThat(channel.isOpen()).isFalse();
  }

  /// What says that the body may come is no answer.
  @Test
  void anInterimAnswerLeavesTheRequestUnderWay() {
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    channel.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    pass(20_000);
    assertThat(channel.isOpen()).isTrue();
  }

  /// A refusal before the body, which never comes. Nobody reads it, and nobody is told.
  @Test
  void aBodyThatWasAnsweredBeforeItsEndIsNotWaitedForWithoutEnd() {
    channel.config().setAutoRead(false);
    answer();
    pass(900);
    assertThat(channel.isOpen()).isTrue();
    pass(200);
    assertThat(channel.isOpen()).isFalse();
    channel.checkException();
  }

  private void answer() {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
  }
}
