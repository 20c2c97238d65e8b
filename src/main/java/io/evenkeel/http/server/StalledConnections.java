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

/// Ends a connection whose client sends nothing more of a body that has begun, or takes nothing
/// more of an answer that waits for it. One timer a connection, where Reactor Netty's own would be
/// one a request.
final class StalledConnections extends IdleStateHandler {
  private boolean receiving;

  /// Whether the next bytes have been asked for.
  private boolean wanting;

  /// @param longest how long a client may do neither
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

  /// Whether the service would take more, so that the client is to blame.
  private boolean isRead(ChannelHandlerContext context) {
    return wanting && context.channel().config().isAutoRead();
  }

  private static boolean waits(ChannelHandlerContext context) {
    ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
    return waiting != null && waiting.totalPendingWriteBytes() > 0;
  }
}
