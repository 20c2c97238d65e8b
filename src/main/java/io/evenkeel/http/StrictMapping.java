package io.evenkeel.http;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;

/// Spring's mapping of paths to handlers, with two rules more.
///
/// A query parameter that the handler does not declare is refused: a typing error in `mode` must
/// not silently infer. And `name:verb` is a verb of a name: an unknown verb is not found, where
/// Spring would take it for a name that does not allow the method.
final class StrictMapping extends RequestMappingHandlerMapping {
  private static final String OURS = "io.evenkeel.";

  private final Map<HandlerMethod, Set<String>> parameters = new ConcurrentHashMap<>();

  @Override
  protected void handleMatch(
      RequestMappingInfo info, HandlerMethod handler, ServerWebExchange exchange) {
    if (handler.getBeanType().getName().startsWith(OURS)) {
      refuseVerbTakenForName(info, exchange);
      refuseUnknownParameters(handler, exchange);
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
      if (verb.isPresent() && methodsOf(verb.get(), exchange).isEmpty()) {
        throw unknownVerb(verb.get());
      }
      throw e;
    }
  }

  /// `GET name:normalize` matches the pattern of a name.
  private void refuseVerbTakenForName(RequestMappingInfo info, ServerWebExchange exchange) {
    boolean verbPattern =
        info.getPatternsCondition().getPatterns().stream()
            .anyMatch(pattern -> pattern.getPatternString().contains(":"));
    Optional<String> verb = verb(exchange);
    if (!verbPattern && verb.isPresent()) {
      Set<HttpMethod> methods = methodsOf(verb.get(), exchange);
      if (methods.isEmpty()) {
        throw unknownVerb(verb.get());
      }
      throw new MethodNotAllowedException(exchange.getRequest().getMethod(), methods);
    }
  }

  private static NotFound unknownVerb(String verb) {
    return new NotFound("There is no operation :" + verb + ".");
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

  private void refuseUnknownParameters(HandlerMethod handler, ServerWebExchange exchange) {
    Set<String> known = parameters.computeIfAbsent(handler, StrictMapping::declared);
    exchange
        .getRequest()
        .getQueryParams()
        .forEach((name, values) -> {
          if (!known.contains(name)) {
            throw new BadParameter("There is no query parameter " + name + " here.");
          }
          if (values.size() > 1) {
            throw new BadParameter("The query parameter " + name + " is there twice.");
          }
        });
  }

  private static Set<String> declared(HandlerMethod handler) {
    return Arrays.stream(handler.getMethodParameters())
        .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
        .map(StrictMapping::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String name(MethodParameter parameter) {
    RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
    if (annotation != null && !annotation.name().isEmpty()) {
      return annotation.name();
    }
    return String.valueOf(parameter.getParameter().getName());
  }
}
