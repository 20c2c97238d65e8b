package io.evenkeel.http.server;

import io.evenkeel.http.framing.FinalAnswers;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Ends a connection whose client stops sending a body that it has begun, stops reading an answer,
/// or sends no request for a while. It needs a few timers for each connection; Reactor Netty would
/// need some for each request.
final class StalledConnections extends IdleStateHandler {
  private boolean receiving;

  /// How many requests have begun that are not answered yet.
  private int answering;

  /// Whether the next bytes have been asked for.
  private boolean wanting;

  /// @param longest how long a client may neither send nor read
  /// @param idle how long a connection may be without a request; zero for no limit
  StalledConnections(Duration longest, Duration idle) {
    super(true, longest.toMillis(), longest.toMillis(), idle.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest) {
      receiving = true;
      answering++;
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
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (FinalAnswers.ends(message)) {
      answering--;
    }
    super.write(context, message, promise);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    boolean isOver =
        switch (event.state()) {
          // nobody asks for the rest of a body that was answered before its end
          case READER_IDLE -> receiving && (answering <= 0 || isRead(context));
          case WRITER_IDLE -> waits(context);
          case ALL_IDLE -> !receiving && answering <= 0 && !waits(context);
        };
    if (isOver) {
      if (event.state() == IdleState.READER_IDLE && answering > 0) {
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
