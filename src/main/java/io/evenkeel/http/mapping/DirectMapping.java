package io.evenkeel.http.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.convert.ConversionService;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPattern.PathMatchInfo;
import reactor.core.publisher.Mono;

/// The short way to the verbs that batches are posted to, before [StrictMapping], which knows all
/// handlers and the ways in which a request can miss them.
final class DirectMapping implements HandlerMapping, Ordered {
  private final RequestMappingHandlerMapping all;
  private final ConversionService conversion;
  private volatile @Nullable Map<String, List<Route>> byVerb;

  private record Route(HttpMethod method, PathPattern pattern, DirectHandler handler) {}

  /// @param conversion of path variables and parameters of the query
  DirectMapping(RequestMappingHandlerMapping all, ConversionService conversion) {
    this.all = all;
    this.conversion = conversion;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Object> getHandler(ServerWebExchange exchange) {
    Optional<String> verb = StrictMapping.verb(exchange);
    if (verb.isEmpty()) {
      return Mono.empty();
    }
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    for (Route route : byVerb().getOrDefault(verb.get(), List.of())) {
      PathMatchInfo match =
          exchange.getRequest().getMethod().equals(route.method())
              ? route.pattern().matchAndExtract(path)
              : null;
      if (match != null) {
        tellObservers(exchange, route.pattern());
        WebHandler call = taken -> route.handler().handle(taken, match.getUriVariables());
        return Mono.just(call);
      }
    }
    return Mono.empty();
  }

  private static void tellObservers(ServerWebExchange exchange, PathPattern pattern) {
    exchange.getAttributes().put(BEST_MATCHING_PATTERN_ATTRIBUTE, pattern);
    ServerRequestObservationContext.findCurrent(exchange.getAttributes())
        .ifPresent(context -> context.setPathPattern(pattern.toString()));
  }

  private Map<String, List<Route>> byVerb() {
    Map<String, List<Route>> known = byVerb;
    if (known == null) {
      known = new HashMap<>();
      for (var entry : all.getHandlerMethods().entrySet()) {
        add(known, entry.getKey(), entry.getValue());
      }
      byVerb = known;
    }
    return known;
  }

  private void add(
      Map<String, List<Route>> routes, RequestMappingInfo info, HandlerMethod handler) {
    boolean plain = info.getConsumesCondition().isEmpty() && info.getProducesCondition().isEmpty();
    Optional<DirectHandler> direct =
        plain ? DirectHandler.of(handler, conversion) : Optional.empty();
    if (direct.isEmpty()) {
      return;
    }
    for (PathPattern pattern : info.getPatternsCondition().getPatterns()) {
      for (var method : info.getMethodsCondition().getMethods()) {
        Route route = new Route(HttpMethod.valueOf(method.name()), pattern, direct.get());
        StrictMapping.verb(pattern)
            .ifPresent(verb -> routes.computeIfAbsent(verb, _ -> new ArrayList<>()).add(route));
      }
    }
  }
}
