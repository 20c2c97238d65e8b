package io.evenkeel.http.framing;

import io.evenkeel.http.problem.RequestException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps the [Framing] of each request, and closes the connection after the answer to a broken one.
/// Reactor Netty would answer a broken body itself and end it as if it were whole. So it is shown
/// only the end of the body; whoever reads the body learns from the framing that the body is
/// broken.
public final class FramedRequests extends ChannelDuplexHandler {
  private final Duration longest;
  private @Nullable Framing current;
  private boolean answered;
  private boolean lingering;

  /// @param longest how long a client may still send after a broken request
  public FramedRequests(Duration longest) {
    this.longest = longest;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest request) {
      begin(context, request);
    }
    Framing framing = current;
    if (framing == null || !(message instanceof DecoderResultProvider part)) {
      super.channelRead(context, message);
      return;
    }
    framing.take(part.decoderResult(), message instanceof LastHttpContent);
    if (message instanceof HttpRequest || !part.decoderResult().isFailure()) {
      super.channelRead(context, message);
      return;
    }
    ReferenceCountUtil.release(message);
    super.channelRead(context, LastHttpContent.EMPTY_LAST_CONTENT);
    if (answered) {
      // after the answer, which may wait for its reader
      var _ = context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    Optional<RequestException> fault =
        request.decoderResult().isSuccess() ? fault(context, request) : Optional.empty();
    Framing framing = Framing.begin(context.channel(), request);
    current = framing;
    answered = false;
    fault.ifPresent(cause -> request.setDecoderResult(DecoderResult.failure(cause)));
    if (request.decoderResult().isFailure()) {
      framing.refuse(request.decoderResult().cause());
    }
  }

  private static Optional<RequestException> fault(
      ChannelHandlerContext context, HttpRequest request) {
    return RequestHead.fault(request)
        .<RequestException>map(broken -> broken)
        .or(() -> RequestTarget.resolve(request, context.pipeline().get(SslHandler.class) != null));
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse answer && FinalAnswers.begins(answer) && isBroken()) {
      answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    if (FinalAnswers.ends(message)) {
      answered = true;
      if (isBroken()) {
        super.write(context, message, promise.unvoid().addListener(ChannelFutureListener.CLOSE));
        return;
      }
    }
    super.write(context, message, promise);
  }

  private boolean isBroken() {
    return current != null && current.isBroken();
  }

  /// A client that still sends would lose the answer if the connection were closed at once. So the
  /// service first ends its own side of the connection. It closes the connection when the client
  /// ends the other side, or after a while.
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    if (lingering
        || !answered
        || !isBroken()
        || !(context.channel() instanceof DuplexChannel connection)
        || context.pipeline().get(SslHandler.class) != null) {
      super.close(context, promise);
      return;
    }
    lingering = true;
    connection.config().setAutoRead(true);
    var _ = connection.shutdownOutput();
    ScheduledFuture<?> end =
        context
            .executor()
            .schedule(() -> end(context, promise), longest.toMillis(), TimeUnit.MILLISECONDS);
    var _ =
        connection
            .closeFuture()
            .addListener(_ -> {
              end.cancel(false);
              promise.trySuccess();
            });
  }

  private static void end(ChannelHandlerContext context, ChannelPromise promise) {
    var _ = context.close(promise);
  }
}
