package io.evenkeel.http.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.FutureMono;
import reactor.netty.channel.AbortedException;

/// A request that was taken from its connection before Reactor Netty, and its answer. It subscribes
/// to the work on the request: if that ends without an answer, an empty one is sent; if the client
/// goes away, the work is cancelled.
public final class TakenRequest extends BaseSubscriber<Void> implements NetworkRequest {
  /// How many pieces of a group are written before they have to be sent.
  private static final int TOGETHER = 8;

  private final ChannelHandlerContext context;
  private final HttpRequest head;
  private final NettyDataBufferFactory buffers;
  private final NetworkBody body;
  private final HttpHeaders answer = new DefaultHttpHeaders();
  private final List<Runnable> atEnd = new ArrayList<>(1);
  private HttpResponseStatus status = HttpResponseStatus.OK;
  private volatile boolean begun;
  private volatile boolean answered;
  private boolean sent;
  private boolean ended;

  /// How many pieces of the present group are written, one after the other.
  private int written;

  /// @param context of the handler that takes it
  public TakenRequest(ChannelHandlerContext context, HttpRequest head) {
    this.context = context;
    this.head = head;
    this.buffers = new NettyDataBufferFactory(context.alloc());
    this.body = new NetworkBody(context.channel(), buffers);
  }

  @Override
  public Channel channel() {
    return context.channel();
  }

  @Override
  public HttpHeaders headers() {
    return head.headers();
  }

  /// Makes buffers of the network.
  public NettyDataBufferFactory buffers() {
    return buffers;
  }

  /// The body, which can be read once. Its pieces are buffers of the network.
  public Flux<DataBuffer> body() {
    return body;
  }

  /// Takes a part of the body from the network.
  public void take(HttpContent part) {
    body.take(part.content(), part instanceof LastHttpContent);
  }

  /// Fails the body, unless all of it has come.
  public void fail(Throwable cause) {
    body.fail(cause);
  }

  /// The client has gone. It may have its answer, while the thread that made it does not yet know.
  public void abort() {
    fail(new AbortedException("Connection has been closed"));
    if (!sent) {
      cancel();
    }
    body.drop();
    end();
  }

  @Override
  public boolean isWhole() {
    return body.isWhole();
  }

  @Override
  public boolean mayBeLeftUnread() {
    return true;
  }

  /// Whether the connection is free for the next request.
  public boolean isOver() {
    return answered && body.isWhole();
  }

  @Override
  public void onEnd(Runnable action) {
    if (!context.executor().inEventLoop()) {
      context.executor().execute(() -> onEnd(action));
    } else if (ended) {
      action.run();
    } else {
      atEnd.add(action);
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      atEnd.forEach(Runnable::run);
    }
  }

  /// Sets the status of the answer, which is 200 otherwise.
  public void answerWith(HttpResponseStatus status) {
    this.status = status;
  }

  /// The headers of the answer.
  public HttpHeaders answer() {
    return answer;
  }

  /// Sends the answer with a body of one piece.
  ///
  /// @return completes when it is sent
  public Mono<Void> send(ByteBuf content) {
    if (!answer.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      answer.set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    }
    begun = true;
    return FutureMono.from(
        end(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, content, answer, EmptyHttpHeaders.INSTANCE)));
  }

  /// Sends the answer with a body of many pieces. A group of them is asked for once the one before
  /// it is sent, and so are some pieces of a group: a client that reads nothing would otherwise
  /// have all of a large group collected here.
  ///
  /// @return completes when all is sent
  public Mono<Void> sendGroups(Flux<? extends Publisher<? extends ByteBuf>> groups) {
    return Mono.defer(() -> {
      begin();
      return groups
          .concatMap(this::sendGroup, 1)
          .then(Mono.defer(() -> FutureMono.from(end(LastHttpContent.EMPTY_LAST_CONTENT))));
    });
  }

  private void begin() {
    begun = true;
    HttpResponse beginning = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, answer);
    if (!answer.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      HttpUtil.setTransferEncodingChunked(beginning, true);
    }
    var _ = context.write(beginning);
  }

  private Mono<Void> sendGroup(Publisher<? extends ByteBuf> pieces) {
    written = 0;
    return Flux.from(pieces)
        .concatMap(this::sendPiece, 1)
        .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease)
        .then(Mono.defer(this::flushed));
  }

  private Mono<Void> sendPiece(ByteBuf piece) {
    var _ = context.write(new DefaultHttpContent(piece));
    written++;
    return written % TOGETHER == 0 ? flushed() : Mono.empty();
  }

  private Mono<Void> flushed() {
    return FutureMono.from(context.writeAndFlush(Unpooled.EMPTY_BUFFER));
  }

  private ChannelFuture end(Object message) {
    answered = true;
    // listened to from the beginning: on another thread the client may have gone again already
    ChannelPromise written =
        context
            .newPromise()
            .addListener(writing -> {
              sent = writing.isSuccess();
              end();
            });
    write(message, written);
    return written;
  }

  /// Answers that other threads have made at about the same time are sent together, too.
  private void write(Object message, ChannelPromise written) {
    if (context.executor().inEventLoop()) {
      var _ = context.write(message, written);
      SharedFlush.current().add(context);
    } else {
      context.executor().execute(() -> write(message, written));
    }
  }

  @Override
  protected void hookOnComplete() {
    if (!begun) {
      var _ = send(Unpooled.EMPTY_BUFFER);
    }
    body.cancel(); // the work may have left it unread
  }

  /// Nothing else can be sent: the work itself answers its failures.
  @Override
  protected void hookOnError(Throwable error) {
    Operators.onErrorDropped(error, currentContext());
    body.cancel();
    var _ = context.close();
  }
}
