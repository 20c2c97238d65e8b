package io.evenkeel.http;

import io.evenkeel.http.RequestException.NotFound;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;

/// Spring's mapping of paths to handlers, with two rules more.
///
/// The query is held against [StrictQuery]: a typing error in `mode` must not silently infer. And
/// `name:verb` is a verb of a name: an unknown verb is not found, where Spring would take it for a
/// name that does not allow the method.
final class StrictMapping extends RequestMappingHandlerMapping {
  private static final String OURS = "io.evenkeel.";

  private final StrictQuery query = new StrictQuery();

  @Override
  protected void handleMatch(
      RequestMappingInfo info, HandlerMethod handler, ServerWebExchange exchange) {
    if (handler.getBeanType().getName().startsWith(OURS)) {
      refuseVerbTakenForName(info, exchange);
      query.require(handler, exchange.getRequest().getQueryParams());
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

  /// `GET name:normalize` matches the pattern of a name.
  private void refuseVerbTakenForName(RequestMappingInfo info, ServerWebExchange exchange) {
    boolean verbPattern =
        info.getPatternsCondition().getPatterns().stream()
            .anyMatch(pattern -> pattern.getPatternString().contains(":"));
    Optional<String> verb = verb(exchange);
    if (!verbPattern && verb.isPresent()) {
      throw notAllowed(verb.get(), exchange);
    }
  }

  /// That the verb takes other methods than this one, or is none.
  private RuntimeException notAllowed(String verb, ServerWebExchange exchange) {
    Set<HttpMethod> methods = methodsOf(verb, exchange);
    return methods.isEmpty()
        ? new NotFound("There is no operation :" + verb + ".")
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

  private static Optional<String> verb(ServerWebExchange exchange) {
    List<PathContainer.Element> elements = exchange.getRequest().getPath().elements();
    if (elements.isEmpty() || !(elements.getLast() instanceof PathContainer.PathSegment segment)) {
      return Optional.empty();
    }
    String text = segment.valueToMatch();
    int colon = text.indexOf(':');
    return colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
  }
}
