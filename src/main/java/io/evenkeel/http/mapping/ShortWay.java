package io.evenkeel.http.mapping;

import io.evenkeel.http.ResponseHeaders;
import io.evenkeel.http.network.TakenRequest;
import io.evenkeel.http.problem.ProblemHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Optional;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

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
/// | has Reactor Netty read each request  | [DirectBatches] takes it from the connection     |
/// | asks every mapping for the handler   | the route that the guards have found is used     |
/// | sessions, forms, languages           | nobody here asks for them                        |
/// | ten steps to write one buffer        | [ShortResponse] takes one                        |
///
/// Any request that has no direct handler takes the way through Spring. The first batch for a
/// target is read by Spring, too; those after it are taken from the connection.
final class ShortWay {
  /// The headers that all answers have, as Netty writes them fastest.
  private static final HttpHeaders OF_DATA = new DefaultHttpHeaders();

  static {
    ResponseHeaders.ofData(false)
        .forEach((name, value) -> OF_DATA.add(new AsciiString(name), new AsciiString(value)));
  }

  private final HandlerRoutes routes;
  private final WebFilterChain filters;
  private final ProblemHandler problems;
  private final RequestTimers timers;
  private final KnownTargets targets = new KnownTargets();

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
    return (request, response) -> {
      ServerWebExchange exchange = ShortExchange.of(request, response);
      Optional<HandlerRoutes.Match> match = routes.direct(exchange);
      if (match.isEmpty()) {
        return throughSpring.handle(request, response);
      }
      HttpServerRequest begun = ServerHttpRequestDecorator.getNativeRequest(request);
      targets.keep(request, begun.uri(), match.get());
      return answered(exchange, match.get());
    };
  }

  /// The target of a batch, if it is known.
  ///
  /// @param request with the method POST
  Optional<KnownTargets.Target> target(HttpRequest request) {
    return targets.of(request.uri(), request.headers().get(HttpHeaderNames.HOST));
  }

  /// Answers a batch for a known target.
  Mono<Void> answer(TakenRequest request, KnownTargets.Target target) {
    request.answer().add(OF_DATA);
    ShortExchange exchange =
        ShortExchange.of(
            new ShortRequest(request, target), new NetworkResponse(request, request.buffers()));
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
