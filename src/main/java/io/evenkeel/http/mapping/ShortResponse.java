package io.evenkeel.http.mapping;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/// An answer on the [ShortWay]. A body of one buffer is handed to the network in one step, where
/// Spring takes ten. Anything else goes Spring's way.
final class ShortResponse extends ServerHttpResponseDecorator {
  private final Function<DataBuffer, Mono<Void>> sending;
  private boolean hasActions;
  private volatile boolean written;

  /// @param sending sends a whole body, and the headers with it
  ShortResponse(ServerHttpResponse response, Function<DataBuffer, Mono<Void>> sending) {
    super(response);
    this.sending = sending;
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

  /// The answer to a request that Spring has read.
  static ShortResponse of(ServerHttpResponse response) {
    return new ShortResponse(
        response,
        buffer -> {
          HttpServerResponse network = getNativeResponse(response);
          HttpStatusCode status = response.getStatusCode();
          if (status != null) {
            network.status(status.value());
          }
          return network.send(Mono.just(NettyDataBufferFactory.toByteBuf(buffer))).then();
        });
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
