package io.evenkeel.http.load;

import io.evenkeel.http.framing.FinalAnswers;
import io.evenkeel.http.framing.RequestHead;
import io.evenkeel.http.problem.InferencePaths;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.normalization.Mode;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Refuses on the connection itself what [LoadFilter] would refuse. This costs a small part of a
/// request that passes through the whole service. It also runs little code that only refusals need:
/// the JVM would have to interpret and compile such code just when it has no time.
///
/// Only plain cases are refused here. A request goes on to the service if its sender is not known,
/// if it needs another kind of answer, if it comes while another one is answered, or if its client
/// does not read answers. While the limits are calm none is looked at: [LoadFilter] refuses the few
/// that are too large.
public final class LoadShedding extends ChannelDuplexHandler {
  private final LoadLimits limits;
  private final Senders senders;
  private final ShedAnswers answers;
  private final TrainingTurns turns;
  private final BooleanSupplier leaving;
  private final Duration longest;

  /// How many requests went on to the service and are not answered yet.
  private int answering;

  /// Whether the connection ends with an answer that is being written.
  private boolean last;

  /// Whether the body of a refused request is coming.
  private boolean discarding;

  /// Whether the refused request would have trained.
  private boolean trains;

  private boolean closes;
  private @Nullable Future<?> end;

  /// @param leaving whether the service is stopping
  /// @param longest how long the body of a refused request may take to come
  public LoadShedding(
      LoadLimits limits,
      Senders senders,
      ShedAnswers answers,
      TrainingTurns turns,
      BooleanSupplier leaving,
      Duration longest) {
    this.limits = limits;
    this.senders = senders;
    this.leaving = leaving;
    this.answers = answers;
    this.turns = turns;
    this.longest = longest;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest request) {
      Optional<RequestException> refusal = refuse(context, request);
      if (refusal.isPresent()) {
        boolean isSecure = context.pipeline().get(SslHandler.class) != null;
        var _ =
            context.writeAndFlush(
                answers.of(
                    refusal.get(),
                    request.uri(),
                    isSecure,
                    InferencePaths.acceptsProblem(request.headers().getAll(HttpHeaderNames.ACCEPT)),
                    context.alloc()));
        discarding = true;
        trains = body(request).mode() == Mode.TRAINING;
        turns.come(context.channel(), trains);
      } else {
        answering++;
        last |= !HttpUtil.isKeepAlive(request);
      }
    }
    if (discarding) {
      discard(context, message);
    } else {
      super.channelRead(context, message);
    }
  }

  private Optional<RequestException> refuse(ChannelHandlerContext context, HttpRequest request) {
    if (limits.areCalm()
        || answering > 0
        || last
        || leaving.getAsBoolean()
        || !context.channel().isWritable()
        || !isPlain(request)) {
      return Optional.empty();
    }
    HttpHeaders headers = request.headers();
    return senders
        .client(context.channel(), headers::get, System.nanoTime())
        .flatMap(client -> limits.refuse(client, body(request)));
  }

  private static boolean isPlain(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.decoderResult().isSuccess()
        && (request.method().equals(HttpMethod.POST) || request.method().equals(HttpMethod.PUT))
        && request.uri().startsWith("/")
        && HttpUtil.isKeepAlive(request)
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !headers.contains(HttpHeaderNames.EXPECT)
        && !headers.contains(HttpHeaderNames.UPGRADE)
        && !headers.contains(HttpHeaderNames.ORIGIN)
        && RequestHead.fault(request).isEmpty(); // its connection is closed, see FramedRequests
  }

  private static DeclaredBody body(HttpRequest request) {
    return DeclaredBody.of(
        request.uri(),
        request.headers().get(HttpHeaderNames.CONTENT_TYPE),
        HttpUtil.getContentLength(request, -1L));
  }

  private void discard(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    boolean isUnreadable =
        message instanceof DecoderResultProvider part && part.decoderResult().isFailure();
    if (message instanceof LastHttpContent || isUnreadable) {
      discarding = false;
      if (end != null) {
        end.cancel(false);
        end = null;
      }
      // after what cannot be read nothing else can be read
      if (isUnreadable || closes) {
        close(context);
      } else {
        turns.refuse(context.channel(), trains);
        return;
      }
    }
    context.read();
  }

  private static void close(ChannelHandlerContext context) {
    var _ = context.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (discarding && end == null) {
      end =
          context
              .executor()
              .schedule(() -> close(context), longest.toMillis(), TimeUnit.MILLISECONDS);
    }
    super.channelReadComplete(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (end != null) {
      end.cancel(false);
    }
    super.channelInactive(context);
  }

  /// Does not close within a refused request: a client that still sends might lose the answer.
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    if (discarding) {
      closes = true;
      context.channel().closeFuture().addListener(_ -> promise.trySuccess());
    } else {
      super.close(context, promise);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse answer && FinalAnswers.begins(answer)) {
      last |= !HttpUtil.isKeepAlive(answer);
    }
    if (FinalAnswers.ends(message)) {
      answering--;
    }
    super.write(context, message, promise);
  }

  /// Drops the timeout of a refused request's body: the request is answered already.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    if (!discarding || !(cause instanceof ReadTimeoutException)) {
      super.exceptionCaught(context, cause);
    }
  }
}
