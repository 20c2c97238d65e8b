package io.evenkeel.http.mapping;

import io.evenkeel.http.problem.RequestException.NotFound;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/// Spring's mapping of paths to handlers, with two more rules.
///
/// 1. [StrictQuery] checks the query: a typing error in `mode` must not silently infer.
/// 2. `name:verb` is a verb of a name. An unknown verb is not found; Spring would take it for a
///    name that does not allow the method.
final class StrictMapping extends RequestMappingHandlerMapping {
  private final ObjectProvider<HandlerRoutes> routes;
  private final Map<Method, StrictQuery> queries = new ConcurrentHashMap<>();

  /// @param routes by which callers are let in; asked for late, since they are made of this mapping
  StrictMapping(ObjectProvider<HandlerRoutes> routes) {
    this.routes = routes;
  }

  private static Stream<String> verbs(RequestMappingInfo info) {
    return info.getPatternsCondition().getPatterns().stream()
        .flatMap(pattern -> verb(pattern).stream());
  }

  /// The verb of a pattern, if it ends with one.
  static Optional<String> verb(PathPattern pattern) {
    String text = pattern.getPatternString();
    int colon = text.lastIndexOf(':');
    return colon > text.lastIndexOf('}')
        ? Optional.of(text.substring(colon + 1))
        : Optional.empty();
  }

  @Override
  protected void handleMatch(
      RequestMappingInfo info, HandlerMethod handler, ServerWebExchange exchange) {
    if (HandlerRoutes.isOurs(handler)) {
      refuseVerbTakenForName(info, exchange);
      routes.getObject().requireSame(exchange, handler);
      queries
          .computeIfAbsent(handler.getMethod(), _ -> StrictQuery.of(handler))
          .require(exchange.getRequest().getQueryParams());
    }
    super.handleMatch(info, handler, exchange);
  }

  @Override
  protected @Nullable HandlerMethod handleNoMatch(
      Set<RequestMappingInfo> infos, ServerWebExchange exchange) throws Exception {
    try {
      return super.handleNoMatch(infos, exchange);
    } catch (MethodNotAllowedException e) {
      Optional<String> verb = verb(exchange);
      throw verb.isPresent() ? notAllowed(verb.get(), exchange) : e;
    }
  }

  /// Spring matches `GET name:normalize` with the pattern of a name.
  private void refuseVerbTakenForName(RequestMappingInfo info, ServerWebExchange exchange) {
    Optional<String> verb = verb(exchange);
    if (verb.isPresent() && verbs(info).findAny().isEmpty()) {
      throw notAllowed(verb.get(), exchange);
    }
  }

  /// The error for a verb that takes other methods than this one, or does not exist.
  private RuntimeException notAllowed(String verb, ServerWebExchange exchange) {
    Set<HttpMethod> methods = methodsOf(verb, exchange);
    return methods.isEmpty()
        ? new NotFound("There is no operation ':" + verb + "' here.")
        : new MethodNotAllowedException(exchange.getRequest().getMethod(), methods);
  }

  private Set<HttpMethod> methodsOf(String verb, ServerWebExchange exchange) {
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    return getHandlerMethods().keySet().stream()
        .filter(info ->
            info.getPatternsCondition().getPatterns().stream()
                .anyMatch(p -> p.getPatternString().endsWith(":" + verb) && p.matches(path)))
        .flatMap(info -> info.getMethodsCondition().getMethods().stream())
        .map(method -> HttpMethod.valueOf(method.name()))
        .collect(Collectors.toSet());
  }

  /// The verb of a request's path, if it ends with one.
  static Optional<String> verb(ServerWebExchange exchange) {
    List<PathContainer.Element> elements = exchange.getRequest().getPath().elements();
    if (elements.isEmpty() || !(elements.getLast() instanceof PathContainer.PathSegment segment)) {
      return Optional.empty();
    }
    String text = segment.valueToMatch();
    int colon = text.indexOf(':');
    return colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
  }
}
