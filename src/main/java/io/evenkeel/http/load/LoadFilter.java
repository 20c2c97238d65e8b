package io.evenkeel.http.load;

import io.evenkeel.http.Callers;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.normalization.Mode;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/// Refuses a request that there is no memory for, or that its client sends too early, before its
/// body is read.
@Component
final class LoadFilter implements WebFilter, Ordered {
  /// After the guards, who find out who the caller is.
  private static final int BEHIND_SECURITY = -50;

  private final LoadLimits limits;
  private final Senders senders;
  private final TrainingTurns turns;

  LoadFilter(LoadLimits limits, Senders senders, TrainingTurns turns) {
    this.limits = limits;
    this.senders = senders;
    this.turns = turns;
  }

  @Override
  public int getOrder() {
    return BEHIND_SECURITY;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (!Callers.isKnown(exchange)) {
      return chain.filter(exchange);
    }
    ServerHttpRequest request = exchange.getRequest();
    String client = Callers.client(exchange);
    try {
      remember(exchange, client);
      limits.count(client);
      boolean hasBody =
          request.getMethod().equals(HttpMethod.POST) || request.getMethod().equals(HttpMethod.PUT);
      if (!hasBody) {
        charge(exchange, limits.withoutBody(client));
        return chain.filter(exchange);
      }
      DeclaredBody body = body(request);
      charge(exchange, limits.take(client, body));
      return body.mode() == Mode.TRAINING
          ? turns.inTurn(eventLoop(exchange), chain.filter(exchange))
          : chain.filter(exchange);
    } catch (RequestException refused) {
      return Mono.error(refused);
    }
  }

  private static void charge(ServerWebExchange exchange, RequestMemory memory) {
    memory.belongsTo(exchange);
    endsWith(exchange, memory);
  }

  private static EventLoop eventLoop(ServerWebExchange exchange) {
    EventLoop[] loop = new EventLoop[1];
    response(exchange).withConnection(operation -> loop[0] = operation.channel().eventLoop());
    return loop[0];
  }

  /// Takes the headers as they came: Spring may have removed those of a proxy.
  private void remember(ServerWebExchange exchange, String client) {
    HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
    HttpHeaders headers = request.requestHeaders();
    response(exchange)
        .withConnection(operation ->
            senders.remember(operation.channel(), headers::get, client, System.nanoTime()));
  }

  private static HttpServerResponse response(ServerWebExchange exchange) {
    return ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
  }

  /// Ends once the answer is written, which is later than when it was handed on to be written.
  private static void endsWith(ServerWebExchange exchange, RequestMemory memory) {
    response(exchange)
        .withConnection(
            operation -> operation.onTerminate().subscribe(null, _ -> memory.end(), memory::end));
  }

  private static DeclaredBody body(ServerHttpRequest request) {
    String query = request.getURI().getRawQuery();
    String path = request.getPath().value();
    org.springframework.http.HttpHeaders headers = request.getHeaders();
    return new DeclaredBody(
        query == null ? path : path + '?' + query,
        headers.getFirst("Content-Type"),
        headers.getContentLength());
  }
}
