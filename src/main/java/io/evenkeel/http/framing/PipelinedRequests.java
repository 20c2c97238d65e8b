package io.evenkeel.http.framing;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;

/// Hands on one request of a connection at a time, and the next one when the answer to the one
/// before has been sent: a client that reads no answers is not answered without end. Reactor Netty
/// would hold the requests that come meanwhile without a bound, and forget all of them at the first
/// with `Connection: close`. Here nothing is read while requests are held, and [BytesInTurn] keeps
/// most of what one read has brought.
public final class PipelinedRequests extends ChannelDuplexHandler {
  private final Queue<Object> held = new ArrayDeque<>();

  /// Whether a request was handed on whose answer has not been sent.
  private boolean answering;

  /// The request whose body is coming.
  private @Nullable HttpRequest receiving;

  /// How many bytes of the body have come.
  private long received;

  /// Whether a request waits for the answer before it.
  boolean areHeld() {
    return !held.isEmpty();
  }

  /// How many bytes of a body are still to come; less than 0 if its end is not known.
  long bodyLeft() {
    if (receiving == null || receiving.decoderResult().isFailure()) {
      return 0;
    }
    return HttpUtil.isTransferEncodingChunked(receiving)
        ? -1
        : Math.max(0, HttpUtil.getContentLength(receiving, 0L) - received);
  }

  private void count(Object message) {
    if (message instanceof HttpRequest request) {
      receiving = request;
      received = 0;
    }
    if (message instanceof HttpContent part) {
      received += part.content().readableBytes();
      receiving = message instanceof LastHttpContent ? null : receiving;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    count(message);
    if (held.isEmpty() && answering && message instanceof HttpRequest) {
      context.flush(); // the answer may be written and not yet sent
    }
    if (!held.isEmpty()) {
      held.add(message);
    } else if (message instanceof HttpRequest && isBusy(context)) {
      held.add(message);
      context.channel().config().setAutoRead(false);
      if (!answering) {
        handOnLater(context);
      }
    } else {
      handOn(context, message);
    }
  }

  private void handOn(ChannelHandlerContext context, Object message) {
    answering |= message instanceof HttpRequest;
    context.fireChannelRead(message);
  }

  private boolean isBusy(ChannelHandlerContext context) {
    return answering || ChannelOperations.get(context.channel()) != null;
  }

  /// Takes the next request once the answer is written. Before that Reactor Netty still holds the
  /// request before it.
  private void handOnLater(ChannelHandlerContext context) {
    ChannelOperations<?, ?> before = ChannelOperations.get(context.channel());
    if (before == null) {
      context.executor().execute(() -> handOnHeld(context));
    } else {
      before
          .onTerminate()
          .subscribe(null, _ -> {}, () -> context.executor().execute(() -> handOnHeld(context)));
    }
  }

  private void handOnHeld(ChannelHandlerContext context) {
    if (held.isEmpty() || isBusy(context)) {
      return;
    }
    do {
      handOn(context, held.remove());
    } while (!held.isEmpty() && !(held.peek() instanceof HttpRequest));
    context.fireChannelReadComplete();
    if (held.isEmpty()) {
      context.read();
      return;
    }
    context.channel().config().setAutoRead(false); // whoever took the request may have set it
    if (!answering) {
      handOnLater(context);
    }
  }

  @Override
  public void read(ChannelHandlerContext context) throws Exception {
    if (held.isEmpty()) {
      super.read(context);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (FinalAnswers.ends(message)) {
      super.write(context, message, promise.unvoid().addListener(_ -> answered(context)));
    } else {
      super.write(context, message, promise);
    }
  }

  private void answered(ChannelHandlerContext context) {
    answering = false;
    if (!held.isEmpty()) {
      context.executor().execute(() -> handOnLater(context));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    release();
    super.channelInactive(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  private void release() {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
  }
}
