package io.evenkeel.http.mapping;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/// The answer to a [ShortRequest]. It does as Spring's own, which is not public, but has no
/// cookies: no filter and no handler here sets one.
final class NetworkResponse extends AbstractServerHttpResponse {
  private final HttpServerResponse response;

  NetworkResponse(HttpServerResponse response, NettyDataBufferFactory buffers) {
    super(buffers, new HttpHeaders(new Netty4HeadersAdapter(response.responseHeaders())));
    this.response = response;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as Spring has it
  public <T> T getNativeResponse() {
    return (T) response;
  }

  @Override
  public HttpStatusCode getStatusCode() {
    HttpStatusCode status = super.getStatusCode();
    return status == null ? HttpStatusCode.valueOf(response.status().code()) : status;
  }

  @Override
  protected void applyStatusCode() {
    HttpStatusCode status = super.getStatusCode();
    if (status != null) {
      response.status(status.value());
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

  @Override
  protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
    return body instanceof Mono<? extends DataBuffer> whole
        ? response.send(whole.map(NettyDataBufferFactory::toByteBuf)).then()
        : response.send(Flux.from(body).map(NettyDataBufferFactory::toByteBuf)).then();
  }

  @Override
  protected Mono<Void> writeAndFlushWithInternal(
      Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return response
        .sendGroups(
            Flux.from(body).map(group -> Flux.from(group).map(NettyDataBufferFactory::toByteBuf)))
        .then();
  }
}
