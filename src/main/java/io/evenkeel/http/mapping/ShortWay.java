package io.evenkeel.http.mapping;

import io.evenkeel.http.problem.ProblemHandler;
import java.util.List;
import java.util.Optional;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Takes batches from the connection to their handlers. A batch of one row would spend more time in
/// what Spring does for every request than in all the rest.
///
/// The law is the same on both ways: all filters of the application in their order, then the
/// handler that [HandlerRoutes] finds, and [ProblemHandler] for whatever fails. What is passed by
/// decides nothing:
///
/// | Spring does                          | here                                             |
/// |--------------------------------------|--------------------------------------------------|
/// | a step and a checkpoint each filter  | the filters call each other                      |
/// | an observation of each request       | [RequestTimers] counts it in the same meter      |
/// | asks every mapping for the handler   | the route that the guards have found is used     |
/// | sessions, forms, languages           | nobody here asks for them                        |
/// | ten steps to write one buffer        | [ShortResponse] takes one                        |
///
/// Any request that has no direct handler takes the way through Spring.
final class ShortWay implements HttpHandler {
  private final HttpHandler throughSpring;
  private final HandlerRoutes routes;
  private final WebFilterChain filters;
  private final ProblemHandler problems;
  private final RequestTimers timers;

  /// @param throughSpring the way of all other requests
  /// @param filters in their order
  ShortWay(
      HttpHandler throughSpring,
      HandlerRoutes routes,
      List<WebFilter> filters,
      ProblemHandler problems,
      RequestTimers timers) {
    this.throughSpring = throughSpring;
    this.routes = routes;
    this.filters = chain(filters, this::answer);
    this.problems = problems;
    this.timers = timers;
  }

  private static WebFilterChain chain(List<WebFilter> filters, WebFilterChain last) {
    WebFilterChain chain = last;
    for (WebFilter filter : filters.reversed()) {
      WebFilterChain next = chain;
      chain = exchange -> filter.filter(exchange, next);
    }
    return chain;
  }

  @Override
  public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
    ServerWebExchange exchange = new ShortExchange(request, response);
    Optional<HandlerRoutes.Match> match = routes.direct(exchange);
    if (match.isEmpty()) {
      return throughSpring.handle(request, response);
    }
    return timers.timed(
        exchange,
        match.get().route().pattern().getPatternString(),
        Mono.defer(() -> filters.filter(exchange))
            .onErrorResume(error -> {
              exchange.getAttributes().put(RequestTimers.FAILURE, error);
              return problems.handle(exchange, error);
            })
            .then(Mono.defer(exchange.getResponse()::setComplete)));
  }

  /// The filters may have put another request or response into the exchange.
  private Mono<Void> answer(ServerWebExchange exchange) {
    HandlerRoutes.Match match = routes.match(exchange).orElseThrow();
    return match.route().direct().orElseThrow().handle(exchange, match.variables());
  }
}
