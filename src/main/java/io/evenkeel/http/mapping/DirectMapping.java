package io.evenkeel.http.mapping;

import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/// The short way to the handlers that batches are posted to. It comes before [StrictMapping], which
/// knows all handlers and the ways in which a request can miss them.
final class DirectMapping implements HandlerMapping, Ordered {
  private final HandlerRoutes routes;

  DirectMapping(HandlerRoutes routes) {
    this.routes = routes;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Object> getHandler(ServerWebExchange exchange) {
    if (!exchange.getRequest().getMethod().equals(HttpMethod.POST)) {
      return Mono.empty();
    }
    return Mono.justOrEmpty(
        routes
            .match(exchange)
            .flatMap(match ->
                match
                    .route()
                    .direct()
                    .map(handler -> {
                      tellObservers(exchange, match.route().pattern());
                      WebHandler call = taken -> handler.handle(taken, match.variables());
                      return call;
                    })));
  }

  private static void tellObservers(ServerWebExchange exchange, PathPattern pattern) {
    exchange.getAttributes().put(BEST_MATCHING_PATTERN_ATTRIBUTE, pattern);
    ServerRequestObservationContext.findCurrent(exchange.getAttributes())
        .ifPresent(context -> context.setPathPattern(pattern.toString()));
  }
}
