package io.evenkeel.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Closes a connection whose client takes nothing more of an answer that waits for it.
final class StalledAnswers extends IdleStateHandler {
  /// @param longest how long a client may take nothing
  StalledAnswers(Duration longest) {
    super(true, 0, longest.toMillis(), 0, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
    if (waiting != null && waiting.totalPendingWriteBytes() > 0) {
      var _ = context.close();
    }
  }
}
