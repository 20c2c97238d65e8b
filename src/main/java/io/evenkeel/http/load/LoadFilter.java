package io.evenkeel.http.load;

import io.evenkeel.http.Callers;
import io.evenkeel.http.network.NetworkRequest;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.normalization.Mode;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

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
    NetworkRequest network = NetworkRequest.of(request);
    try {
      senders.remember(network.channel(), network.headers()::get, client, System.nanoTime());
      limits.count(client);
      boolean hasBody =
          request.getMethod().equals(HttpMethod.POST) || request.getMethod().equals(HttpMethod.PUT);
      if (!hasBody) {
        turns.come(network.channel(), false);
        charge(exchange, network, limits.withoutBody(client));
        return chain.filter(exchange);
      }
      DeclaredBody body = body(request);
      boolean trains = body.mode() == Mode.TRAINING;
      turns.come(network.channel(), trains);
      charge(exchange, network, limits.take(client, body));
      if (trains) {
        return turns.inTurn(network, chain.filter(exchange));
      }
      turns.begin(network);
      return chain.filter(exchange);
    } catch (RequestException refused) {
      return Mono.error(refused);
    }
  }

  private static void charge(
      ServerWebExchange exchange, NetworkRequest network, RequestMemory memory) {
    memory.belongsTo(exchange);
    network.onEnd(memory::end);
  }

  private static DeclaredBody body(ServerHttpRequest request) {
    String query = request.getURI().getRawQuery();
    HttpHeaders headers = request.getHeaders();
    return new DeclaredBody(
        request.getPath().value(),
        query == null ? "" : query,
        headers.getFirst("Content-Type"),
        headers.getContentLength());
  }
}
