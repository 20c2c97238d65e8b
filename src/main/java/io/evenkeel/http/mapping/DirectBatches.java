package io.evenkeel.http.mapping;

import io.evenkeel.http.network.SharedFlush;
import io.evenkeel.http.network.TakenRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/// Takes batches for known targets from their connection, before Reactor Netty. What Reactor Netty
/// does for each request takes longer than all the rest of a batch of one row.
///
/// Only plain requests are taken: HTTP/1.1, a body of a known length, and a connection that stays
/// open. All others go on to Reactor Netty. The handlers before this one hand on one request of a
/// connection at a time, and end the connection when the service stops.
final class DirectBatches extends ChannelDuplexHandler {
  /// Reading a longer part of a body takes so long that the answers that wait are sent before.
  private static final int LONG = 8 << 10;

  private final ShortWay way;
  private @Nullable TakenRequest current;

  /// Whether anything was read since a read was last complete.
  private boolean read;

  /// Whether the connection ends with an answer of Reactor Netty, which drops what follows.
  private boolean last;

  private DirectBatches(ShortWay way) {
    this.way = way;
  }

  /// Adds this to a connection, unless Reactor Netty has to see each request.
  static void add(Channel connection, ShortWay way) {
    ChannelPipeline pipeline = connection.pipeline();
    if (pipeline.get(SslHandler.class) == null
        && pipeline.get(NettyPipeline.AccessLogHandler) == null
        && pipeline.get(NettyPipeline.HttpMetricsHandler) == null) {
      pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "batches", new DirectBatches(way));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    read = true;
    if (message instanceof HttpRequest head) {
      current = null;
      last |= !HttpUtil.isKeepAlive(head);
      Optional<KnownTargets.Target> target =
          !last && isPlain(head) ? way.target(head) : Optional.empty();
      if (target.isPresent()) {
        begin(context, head, target.get());
        return;
      }
    }
    if (current != null && message instanceof HttpContent part) {
      if (part.content().readableBytes() > LONG) {
        SharedFlush.current().run();
      }
      TakenRequest request = current;
      request.take(part);
      forget(request);
    } else {
      context.fireChannelRead(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest head, KnownTargets.Target target) {
    TakenRequest request = new TakenRequest(context, head);
    current = request;
    context.channel().config().setAutoRead(true);
    request.onEnd(() -> forget(request));
    way.answer(request, target).subscribe(request);
  }

  /// The work on a request may hold much, and the connection may stay open without another one.
  private void forget(TakenRequest request) {
    if (current == request && request.isOver()) {
      current = null;
    }
  }

  /// A client that sends nothing more may have ended its side: then the connection is closed next,
  /// and answers that wait would be lost.
  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (!read) {
      SharedFlush.current().run();
    }
    read = false;
    super.channelReadComplete(context);
  }

  private static boolean isPlain(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.method().equals(HttpMethod.POST)
        && request.decoderResult().isSuccess()
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && headers.contains(HttpHeaderNames.CONTENT_LENGTH)
        && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        && !headers.contains(HttpHeaderNames.EXPECT)
        && !headers.contains(HttpHeaderNames.UPGRADE);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    last |= message instanceof HttpResponse answer && !HttpUtil.isKeepAlive(answer);
    super.write(context, message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (current != null) {
      current.abort();
      current = null;
    }
    super.channelInactive(context);
  }

  /// Whoever reads the body of a client that stalls hears of it, and may still answer.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    boolean isOfClient = cause instanceof ReadTimeoutException || cause instanceof IOException;
    if (current != null && !current.isOver() && isOfClient) {
      current.fail(cause);
      SharedFlush.current().run(); // the connection is closed next
    } else {
      super.exceptionCaught(context, cause);
    }
  }
}
