package io.evenkeel.http.mapping;

import io.evenkeel.http.network.TakenRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The answer to a [ShortRequest]. It does as Spring's own, which is not public, but has no
/// cookies: no filter and no handler here sets one.
final class NetworkResponse extends AbstractServerHttpResponse {
  private final TakenRequest request;

  NetworkResponse(TakenRequest request, NettyDataBufferFactory buffers) {
    super(buffers, new HttpHeaders(new Netty4HeadersAdapter(request.answer())));
    this.request = request;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as Spring has it
  public <T> T getNativeResponse() {
    return (T) request;
  }

  @Override
  public HttpStatusCode getStatusCode() {
    HttpStatusCode status = super.getStatusCode();
    return status == null ? HttpStatus.OK : status;
  }

  @Override
  protected void applyStatusCode() {
    HttpStatusCode status = super.getStatusCode();
    if (status != null) {
      request.answerWith(HttpResponseStatus.valueOf(status.value()));
    }
  }

  /// The headers are those of the network.
  @Override
  protected void applyHeaders() {}

  @Override
  protected void applyCookies() {
    if (!getCookies().isEmpty()) {
      throw new IllegalStateException("a batch has no cookies");
    }
  }

  /// Sends a body of one buffer, and the headers with it.
  Mono<Void> send(DataBuffer whole) {
    applyStatusCode();
    return request.send(NettyDataBufferFactory.toByteBuf(whole));
  }

  @Override
  protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
    return writeAndFlushWithInternal(Flux.from(body).map(Mono::just));
  }

  @Override
  protected Mono<Void> writeAndFlushWithInternal(
      Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return request.sendGroups(
        Flux.from(body).map(group -> Flux.from(group).map(NettyDataBufferFactory::toByteBuf)));
  }
}
