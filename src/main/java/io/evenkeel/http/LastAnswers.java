package io.evenkeel.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/// Makes an answer the last one of its connection while the service leaves. Not one that comes
/// before its request is read to the end: many a client loses such an answer when the connection is
/// closed under what it still sends.
final class LastAnswers extends ChannelDuplexHandler {
  private final Drain drain;
  private boolean receiving;

  LastAnswers(Drain drain) {
    this.drain = drain;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest request) {
      receiving =
          HttpUtil.isTransferEncodingChunked(request) || HttpUtil.isContentLengthSet(request);
    }
    if (message instanceof LastHttpContent) {
      receiving = false;
    }
    super.channelRead(context, message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse answer && drain.isLeaving() && !receiving) {
      answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    super.write(context, message, promise);
  }
}
