package io.evenkeel.http.server;

import io.evenkeel.http.framing.FinalAnswers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.channel.ChannelOperations;

/// Ends a connection between two requests, and never within one, when the service stops. It decides
/// on the connection's event loop, where no request can begin between the decision and the close.
/// Reactor Netty decides on another thread, and may close a connection under a request that has
/// just begun. It also closes a connection whose request it has not read itself.
final class DrainedConnection extends ChannelDuplexHandler {
  private final Drain drain;
  private final Channel channel;
  private final Sinks.Empty<Void> answered = Sinks.empty();
  private boolean receiving;
  private boolean answering;

  /// Whether the answer that is being written is the last one.
  private boolean last;

  private boolean over;

  DrainedConnection(Drain drain, Channel channel) {
    this.drain = drain;
    this.channel = channel;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    drain.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    drain.remove(this);
    var _ = answered.tryEmitEmpty();
  }

  /// Closes the connection, unless a request is under way.
  ///
  /// @return completes when it is closed, or Reactor Netty waits for its request
  Mono<Void> end() {
    return Mono.<Mono<Void>>create(decided ->
            channel
                .eventLoop()
                .execute(() -> {
                  if (!receiving && !answering) {
                    close();
                  }
                  boolean waits = answering && ChannelOperations.get(channel) == null;
                  decided.success(waits ? answered.asMono() : Mono.empty());
                }))
        .flatMap(waiting -> waiting);
  }

  private void close() {
    over = true;
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest request) {
      if (drain.isOver() && !over) {
        close();
      }
      receiving =
          HttpUtil.isTransferEncodingChunked(request) || HttpUtil.isContentLengthSet(request);
      answering = true;
    }
    if (message instanceof LastHttpContent) {
      receiving = false;
    }
    if (over) {
      ReferenceCountUtil.release(message);
    } else {
      super.channelRead(context, message);
    }
  }

  /// Makes an answer the last of its connection while the service stops. An answer that comes
  /// before the end of its request is not made the last: a client that still sends might lose it
  /// when the connection is closed.
  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse answer
        && FinalAnswers.begins(answer)
        && drain.isLeaving()
        && !receiving) {
      answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      last = true;
    }
    if (FinalAnswers.ends(message)) {
      over |= last;
      super.write(context, message, promise.unvoid().addListener(_ -> answered()));
    } else {
      super.write(context, message, promise);
    }
  }

  private void answered() {
    answering = false;
    if (last) {
      close();
    }
    if (drain.isOver()) {
      var _ = answered.tryEmitEmpty();
    }
  }
}
