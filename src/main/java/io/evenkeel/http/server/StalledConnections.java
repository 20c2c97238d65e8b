package io.evenkeel.http.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Ends a connection whose client stops sending a body that it has begun, or stops reading an
/// answer. It needs one timer for each connection; Reactor Netty would need one for each request.
final class StalledConnections extends IdleStateHandler {
  private boolean receiving;

  /// Whether the next bytes have been asked for.
  private boolean wanting;

  /// @param longest how long a client may neither send nor read
  StalledConnections(Duration longest) {
    super(true, longest.toMillis(), longest.toMillis(), 0, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest) {
      receiving = true;
    }
    if (message instanceof LastHttpContent) {
      receiving = false;
    }
    super.channelRead(context, message);
  }

  @Override
  public void read(ChannelHandlerContext context) throws Exception {
    wanting = true;
    super.read(context);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    wanting = false;
    super.channelReadComplete(context);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    if (event.state() == IdleState.READER_IDLE ? receiving && isRead(context) : waits(context)) {
      if (event.state() == IdleState.READER_IDLE) {
        // whoever reads the body hears of it, and may still answer
        context.fireExceptionCaught(ReadTimeoutException.INSTANCE);
      }
      var _ = context.close();
    }
  }

  /// Whether the service has asked for more, so that the client is to blame.
  private boolean isRead(ChannelHandlerContext context) {
    return wanting && context.channel().config().isAutoRead();
  }

  private static boolean waits(ChannelHandlerContext context) {
    ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
    return waiting != null && waiting.totalPendingWriteBytes() > 0;
  }
}
