package io.evenkeel.http.mapping;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ChannelSendOperator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/// An answer on the [ShortWay]. A body of one buffer is handed to the network in one step, where
/// Spring takes ten. A body of many pieces is sent piece by piece: as Spring sends it, Reactor
/// Netty asks for 128 pieces and holds them, whether the client reads or not. Anything else goes
/// Spring's way.
final class ShortResponse extends ServerHttpResponseDecorator {
  private final Function<DataBuffer, Mono<Void>> sending;
  private final Optional<HttpServerResponse> network;
  private boolean hasActions;
  private volatile boolean written;

  /// @param sending sends a whole body, and the headers with it
  ShortResponse(ServerHttpResponse response, Function<DataBuffer, Mono<Void>> sending) {
    this(response, sending, Optional.empty());
  }

  /// @param network what sends a body of many pieces, unless the response itself does it well
  private ShortResponse(
      ServerHttpResponse response,
      Function<DataBuffer, Mono<Void>> sending,
      Optional<HttpServerResponse> network) {
    super(response);
    this.sending = sending;
    this.network = network;
  }

  @Override
  public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
    if (!(body instanceof Mono<? extends DataBuffer> whole)
        || hasActions
        || !getCookies().isEmpty()) {
      return super.writeWith(body);
    }
    return whole.flatMap(this::write).doOnError(_ -> clearContentHeaders());
  }

  @Override
  public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return network
        .<Mono<Void>>map(to -> new ChannelSendOperator<>(body, groups -> sendGroups(groups, to)))
        .map(sent -> sent.doOnError(_ -> clearContentHeaders()))
        .orElseGet(() -> super.writeAndFlushWith(body));
  }

  /// Sends pieces once the first group is there: until then the request may still fail.
  private Mono<Void> sendGroups(
      Publisher<? extends Publisher<? extends DataBuffer>> groups, HttpServerResponse network) {
    Mono<Void> pieces =
        Flux.from(groups)
            .concatMap(group -> Flux.from(group).concatMap(each -> send(each, network), 1), 1)
            .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
            .then();
    // without a body this sets the status and the headers, and sends nothing
    return super.setComplete().then(pieces);
  }

  /// Sends a piece.
  ///
  /// @return completes when the network has taken it
  private static Mono<Void> send(DataBuffer piece, HttpServerResponse network) {
    return network.send(Flux.just(NettyDataBufferFactory.toByteBuf(piece)), _ -> true).then();
  }

  /// The answer to a request that Spring has read.
  static ShortResponse of(ServerHttpResponse response) {
    HttpServerResponse network = getNativeResponse(response);
    return new ShortResponse(
        response,
        buffer -> {
          HttpStatusCode status = response.getStatusCode();
          if (status != null) {
            network.status(status.value());
          }
          return network.send(Mono.just(NettyDataBufferFactory.toByteBuf(buffer))).then();
        },
        Optional.of(network));
  }

  private Mono<Void> write(DataBuffer buffer) {
    if (isCommitted()) {
      DataBufferUtils.release(buffer);
      return Mono.empty();
    }
    written = true;
    return sending.apply(buffer);
  }

  /// Another body may be sent in place of one that could not be made.
  private void clearContentHeaders() {
    if (!isCommitted()) {
      getHeaders().clearContentHeaders();
    }
  }

  @Override
  public boolean isCommitted() {
    return written || super.isCommitted();
  }

  @Override
  public boolean setStatusCode(@Nullable HttpStatusCode status) {
    return !written && super.setStatusCode(status);
  }

  @Override
  public void beforeCommit(Supplier<? extends Mono<Void>> action) {
    hasActions = true;
    super.beforeCommit(action);
  }

  @Override
  public Mono<Void> setComplete() {
    return written ? Mono.empty() : super.setComplete();
  }
}
