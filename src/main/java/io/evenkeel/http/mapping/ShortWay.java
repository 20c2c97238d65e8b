package io.evenkeel.http.mapping;

import io.evenkeel.http.problem.ProblemHandler;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

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
/// | reads each address                   | [KnownTargets] has those of the batches before   |
/// | asks every mapping for the handler   | the route that the guards have found is used     |
/// | sessions, forms, languages           | nobody here asks for them                        |
/// | ten steps to write one buffer        | [ShortResponse] takes one                        |
///
/// Any request that has no direct handler takes the way through Spring. The first batch for a
/// target is read by Spring, too; those after it are taken from the network ([KnownTargets]).
final class ShortWay {
  private final HandlerRoutes routes;
  private final WebFilterChain filters;
  private final ProblemHandler problems;
  private final RequestTimers timers;
  private final KnownTargets targets = new KnownTargets();
  private volatile @Nullable ReactorHttpHandlerAdapter readBySpring;

  /// @param filters in their order
  ShortWay(
      HandlerRoutes routes,
      List<WebFilter> filters,
      ProblemHandler problems,
      RequestTimers timers) {
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

  /// Takes batches before they go the way of all other requests.
  HttpHandler before(HttpHandler throughSpring) {
    HttpHandler handler =
        (request, response) -> {
          ServerWebExchange exchange = ShortExchange.of(request, response);
          Optional<HandlerRoutes.Match> match = routes.direct(exchange);
          if (match.isEmpty()) {
            return throughSpring.handle(request, response);
          }
          targets.keep(ServerHttpRequestDecorator.getNativeRequest(request), request, match.get());
          return answered(exchange, match.get());
        };
    readBySpring = new ReactorHttpHandlerAdapter(handler);
    return handler;
  }

  /// Whether a request is a batch for a known target.
  boolean takes(HttpServerRequest request) {
    return request.method().equals(HttpMethod.POST) && targets.of(request).isPresent();
  }

  /// Answers a request that this takes. Another target may have taken the place of its target
  /// meanwhile; then Spring reads it again.
  Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    return targets
        .of(request)
        .map(target -> answer(request, response, target))
        .orElseGet(() -> Objects.requireNonNull(readBySpring).apply(request, response));
  }

  private Mono<Void> answer(
      HttpServerRequest request, HttpServerResponse response, KnownTargets.Target target) {
    NettyDataBufferFactory buffers = new NettyDataBufferFactory(response.alloc());
    ShortExchange exchange =
        ShortExchange.of(
            new ShortRequest(request, target, buffers), new NetworkResponse(response, buffers));
    HandlerRoutes.keep(target.match(), exchange);
    return answered(exchange, target.match());
  }

  private Mono<Void> answered(ServerWebExchange exchange, HandlerRoutes.Match match) {
    return timers.timed(
        exchange,
        match.route().pattern().getPatternString(),
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
