package io.evenkeel.http.framing;

import io.evenkeel.http.network.NetworkRequest;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Fails a body that is over before its end, by its [Framing]. Reactor Netty completes such a body
/// as if it were whole: when a chunk is malformed, when the answer cannot be written, and when the
/// client has gone before anybody read.
@Component
final class FramedBodies implements WebFilter, Ordered {

  /// This filter comes before everything that might read the body.
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    // asked for now, on the connection's event loop: later the connection may be at the next
    // request
    Framing framing =
        Framing.of(NetworkRequest.of(request).channel())
            .orElseThrow(() -> new IllegalStateException("a request without framing"));
    return chain.filter(exchange.mutate().request(framed(request, framing)).build());
  }

  private static ServerHttpRequest framed(ServerHttpRequest request, Framing framing) {
    return new ServerHttpRequestDecorator(request) {
      @Override
      public Flux<DataBuffer> getBody() {
        return super.getBody().doOnComplete(framing::requireWhole);
      }
    };
  }
}
