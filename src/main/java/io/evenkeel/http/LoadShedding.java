package io.evenkeel.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;

/// Refuses on the connection itself what [LoadFilter] would refuse. That takes a small part of what
/// a request costs that goes through the whole service, and little of it is code that only refusals
/// need, which a Java process has to run slowly, and compile, at the very moment when it has no
/// time for it.
///
/// It refuses nothing that it is not sure of: requests of senders who are not known, that need an
/// answer of their own kind, or that come while another is answered go on.
final class LoadShedding extends ChannelDuplexHandler {
  private final LoadLimits limits;
  private final Senders senders;
  private final Drain drain;
  private final Refusals refusals;
  private int answering;
  private boolean shedding;

  LoadShedding(LoadLimits limits, Senders senders, Refusals refusals, Drain drain) {
    this.limits = limits;
    this.senders = senders;
    this.drain = drain;
    this.refusals = refusals;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest request) {
      Optional<RequestException> refusal = refusal(context, request);
      shedding = refusal.isPresent();
      if (shedding) {
        String path = new DeclaredBody(request.uri(), null, -1).path();
        var _ = context.writeAndFlush(refusals.of(refusal.get(), path, context.alloc()));
      } else {
        answering++;
      }
    }
    if (!shedding) {
      super.channelRead(context, message);
      return;
    }
    shedding = !(message instanceof LastHttpContent);
    ReferenceCountUtil.release(message);
    context.read();
  }

  private Optional<RequestException> refusal(ChannelHandlerContext context, HttpRequest request) {
    if (answering > 0 || drain.isLeaving() || !isPlain(request)) {
      return Optional.empty();
    }
    HttpHeaders headers = request.headers();
    return senders
        .client(context.channel(), headers::get)
        .flatMap(client -> limits.refusal(client, body(request)));
  }

  private static boolean isPlain(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.decoderResult().isSuccess()
        && (request.method().equals(HttpMethod.POST) || request.method().equals(HttpMethod.PUT))
        && HttpUtil.isKeepAlive(request)
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !headers.contains(HttpHeaderNames.EXPECT)
        && !headers.contains(HttpHeaderNames.UPGRADE)
        && !headers.contains(HttpHeaderNames.ORIGIN);
  }

  private static DeclaredBody body(HttpRequest request) {
    return new DeclaredBody(
        request.uri(),
        request.headers().get(HttpHeaderNames.CONTENT_TYPE),
        HttpUtil.getContentLength(request, -1L));
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    boolean interim =
        message instanceof HttpResponse answer
            && answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (message instanceof LastHttpContent && !interim) {
      answering = Math.max(0, answering - 1);
    }
    super.write(context, message, promise);
  }

  /// Of a body that comes no further nobody has to hear whose request is answered.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    if (!shedding) {
      super.exceptionCaught(context, cause);
    }
  }
}
