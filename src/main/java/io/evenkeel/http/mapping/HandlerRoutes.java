package io.evenkeel.http.mapping;

import io.evenkeel.http.ForEverybody;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Role;
import io.evenkeel.http.Routes;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.convert.ConversionService;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPattern.PathMatchInfo;

/// All handlers of this service, found by method, number of path segments and verb, so that a path
/// is compared with one or two patterns. The guards, [ShortWay] and [StrictMapping] ask for the
/// same request; what was found first is kept with the request.
///
/// A media type does not matter here: whoever may not call a handler is told so first. Handlers
/// that only a media type tells apart are one route, for callers of one role.
final class HandlerRoutes implements Routes, SmartInitializingSingleton {
  private static final String OURS = "io.evenkeel.";
  private static final String ATTRIBUTE = HandlerRoutes.class.getName();

  private final RequestMappingHandlerMapping mapping;
  private final ConversionService conversion;
  private final Map<Place, List<Route>> routes = new HashMap<>();

  /// What tells most paths apart.
  private record Place(HttpMethod method, int segments, Optional<String> verb) {}

  /// What is at one method and pattern.
  ///
  /// @param handlers one, or several that differ in the media types that they take
  /// @param needed empty if it is for everybody
  /// @param direct how it is called without Spring, if it can be
  record Route(
      List<Method> handlers,
      PathPattern pattern,
      Optional<Role> needed,
      Optional<DirectHandler> direct) {

    /// The route with the handlers of another one at the same method and pattern.
    private Route with(Route other) {
      if (!needed.equals(other.needed)) {
        throw new IllegalStateException(
            "must need the same role, or media types would decide: "
                + handlers
                + " and "
                + other.handlers);
      }
      List<Method> all = new ArrayList<>(handlers);
      all.addAll(other.handlers);
      return new Route(List.copyOf(all), pattern, needed, Optional.empty());
    }
  }

  /// A route that a request takes.
  ///
  /// @param variables of the path
  record Match(Route route, Map<String, String> variables) implements Reached {
    @Override
    public Optional<Role> needed() {
      return route.needed();
    }

    @Override
    public Optional<String> name() {
      return Optional.ofNullable(variables.get("name"));
    }
  }

  /// @param conversion of path variables and query parameters
  HandlerRoutes(RequestMappingHandlerMapping mapping, ConversionService conversion) {
    this.mapping = mapping;
    this.conversion = conversion;
  }

  /// Whether a handler is of this service, and not of a library.
  static boolean isOurs(HandlerMethod handler) {
    return handler.getBeanType().getName().startsWith(OURS);
  }

  /// Collects the handlers once all of them are mapped.
  ///
  /// @throws IllegalStateException if a handler does not say who may reach it
  @Override
  public void afterSingletonsInstantiated() {
    mapping
        .getHandlerMethods()
        .forEach((info, handler) -> {
          if (isOurs(handler)) {
            add(info, handler);
          }
        });
    routes.values().forEach(list -> list.sort(Comparator.comparing(Route::pattern)));
  }

  private void add(RequestMappingInfo info, HandlerMethod handler) {
    Optional<Role> needed = needed(handler.getMethod());
    boolean plain = info.getConsumesCondition().isEmpty() && info.getProducesCondition().isEmpty();
    Optional<DirectHandler> direct =
        plain ? DirectHandler.of(handler, conversion) : Optional.empty();
    for (PathPattern pattern : info.getPatternsCondition().getPatterns()) {
      Route route = new Route(List.of(handler.getMethod()), pattern, needed, direct);
      int segments = segments(PathContainer.parsePath(pattern.getPatternString()));
      Optional<String> verb = StrictMapping.verb(pattern);
      for (RequestMethod method : info.getMethodsCondition().getMethods()) {
        Place place = new Place(HttpMethod.valueOf(method.name()), segments, verb);
        add(routes.computeIfAbsent(place, _ -> new ArrayList<>()), route);
      }
    }
  }

  private static void add(List<Route> routes, Route route) {
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).pattern().equals(route.pattern())) {
        routes.set(i, routes.get(i).with(route));
        return;
      }
    }
    routes.add(route);
  }

  private static Optional<Role> needed(Method handler) {
    Needs needs = handler.getAnnotation(Needs.class);
    boolean isForEverybody = handler.isAnnotationPresent(ForEverybody.class);
    if ((needs == null) != isForEverybody) {
      throw new IllegalStateException(
          handler + " must have one of the annotations @Needs and @ForEverybody");
    }
    return Optional.ofNullable(needs).map(Needs::value);
  }

  @Override
  public Optional<Reached> reached(ServerWebExchange exchange) {
    return match(exchange).map(match -> match);
  }

  /// The route that a request takes, if there is one.
  Optional<Match> match(ServerWebExchange exchange) {
    if (exchange.getAttributes().get(ATTRIBUTE) instanceof Found found) {
      return found.match();
    }
    Optional<Match> match = find(exchange);
    exchange.getAttributes().put(ATTRIBUTE, new Found(match));
    return match;
  }

  /// Keeps the route of a request that was found by another request to the same target.
  static void keep(Match match, ServerWebExchange exchange) {
    exchange.getAttributes().put(ATTRIBUTE, new Found(Optional.of(match)));
  }

  private record Found(Optional<Match> match) {}

  /// The route of a request that is posted to a handler which is called without Spring.
  Optional<Match> direct(ServerWebExchange exchange) {
    return exchange.getRequest().getMethod().equals(HttpMethod.POST)
        ? match(exchange).filter(found -> found.route().direct().isPresent())
        : Optional.empty();
  }

  /// Spring takes HEAD for GET.
  private Optional<Match> find(ServerWebExchange exchange) {
    HttpMethod method = exchange.getRequest().getMethod();
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    Place place =
        new Place(
            method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method,
            segments(path),
            StrictMapping.verb(exchange));
    for (Route route : routes.getOrDefault(place, List.of())) {
      PathMatchInfo match = route.pattern().matchAndExtract(path);
      if (match != null) {
        return Optional.of(new Match(route, match.getUriVariables()));
      }
    }
    return Optional.empty();
  }

  private static int segments(PathContainer path) {
    int segments = 0;
    for (PathContainer.Element element : path.elements()) {
      segments += element instanceof PathContainer.PathSegment ? 1 : 0;
    }
    return segments;
  }

  /// Makes sure that a request reaches the handler for which its caller was let in.
  ///
  /// @throws IllegalStateException if it is another one: Spring and this class have understood the
  ///   path in different ways
  void requireSame(ServerWebExchange exchange, HandlerMethod handler) {
    boolean isSame =
        match(exchange)
            .filter(match -> match.route().handlers().contains(handler.getMethod()))
            .isPresent();
    if (!isSame) {
      throw new IllegalStateException("The caller was let in for another handler than " + handler);
    }
  }
}
