package io.evenkeel.http.mapping;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.util.MultiValueMap;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/// Calls a handler that writes its answer itself.
///
/// Spring resolves each argument of each request by a publisher of its own. For a batch of one row
/// that takes longer than all the rest. Here the defaults are converted once, and each request
/// converts only the variables of its path and the parameters in its query; those that come again
/// are remembered. The annotations and the errors are Spring's.
final class DirectHandler {
  private static final int MOST_TEXTS = 256;
  private static final int LONGEST_TEXT = 256;

  private static final ResolvableType ANSWERED_ALREADY =
      ResolvableType.forClassWithGenerics(Mono.class, Void.class);

  /// Takes the arguments in an array. Reflection would call through native code in the image, where
  /// it is told to make no code of its own.
  private final MethodHandle call;

  private final StrictQuery query;
  private final ConversionService conversion;

  /// The arguments of a request whose query is empty.
  private final @Nullable Object[] defaults;

  /// The arguments of the queries that came lately, none of which was refused.
  private final Map<String, @Nullable Object[]> ofQueries = new ConcurrentHashMap<>();

  /// The arguments of the paths that came lately, in the order of `ofPath`.
  private final Map<Map<String, String>, @Nullable Object[]> ofPaths = new ConcurrentHashMap<>();

  private final List<Argument> ofPath = new ArrayList<>();
  private final Map<String, Argument> ofQuery = new HashMap<>();
  private final List<Integer> exchanges = new ArrayList<>();

  private record Argument(
      int index, MethodParameter parameter, boolean isOptional, Class<?> type) {}

  private DirectHandler(HandlerMethod handler, ConversionService conversion) {
    this.call = call(handler);
    this.query = StrictQuery.of(handler);
    this.conversion = conversion;
    MethodParameter[] parameters = handler.getMethodParameters();
    this.defaults = new @Nullable Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      MethodParameter parameter = parameters[i];
      add(new Argument(i, parameter, parameter.isOptional(), StrictQuery.type(parameter)));
    }
  }

  private static MethodHandle call(HandlerMethod handler) {
    Method method = handler.getMethod();
    ReflectionUtils.makeAccessible(method);
    try {
      return MethodHandles.lookup()
          .unreflect(method)
          .bindTo(handler.getBean())
          .asSpreader(Object[].class, method.getParameterCount());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The direct call of a handler; empty if Spring has to call it. Spring calls a handler that
  /// leaves the answer to Spring, or that has other arguments than path variables, optional query
  /// parameters and the exchange.
  static Optional<DirectHandler> of(HandlerMethod handler, ConversionService conversion) {
    boolean fits =
        ResolvableType.forMethodParameter(handler.getReturnType()).equalsType(ANSWERED_ALREADY)
            && Arrays.stream(handler.getMethodParameters()).allMatch(DirectHandler::isKnown);
    return fits
        ? Optional.of(new DirectHandler(handler.createWithResolvedBean(), conversion))
        : Optional.empty();
  }

  private static boolean isKnown(MethodParameter parameter) {
    RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
    return annotation == null
        ? parameter.hasParameterAnnotation(PathVariable.class)
            || parameter.getParameterType() == ServerWebExchange.class
        : parameter.isOptional() || !annotation.defaultValue().equals(ValueConstants.DEFAULT_NONE);
  }

  private void add(Argument argument) {
    MethodParameter parameter = argument.parameter();
    RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
    if (annotation != null) {
      ofQuery.put(StrictQuery.name(parameter), argument);
      defaults[argument.index()] =
          argument.isOptional() ? Optional.empty() : converted(annotation.defaultValue(), argument);
    } else if (parameter.hasParameterAnnotation(PathVariable.class)) {
      ofPath.add(argument);
    } else {
      exchanges.add(argument.index());
    }
  }

  /// @param variables of the path
  @SuppressWarnings("unchecked") // of() has looked
  Mono<Void> handle(ServerWebExchange exchange, Map<String, String> variables) {
    @Nullable Object[] arguments = arguments(exchange, variables);
    try {
      return (Mono<Void>) Objects.requireNonNull(call.invoke(arguments));
    } catch (Throwable e) { // whatever the handler throws is answered by ProblemHandler
      return Mono.error(e);
    }
  }

  private @Nullable Object[] arguments(ServerWebExchange exchange, Map<String, String> variables) {
    String text = exchange.getRequest().getURI().getRawQuery();
    @Nullable Object[] remembered = text == null ? defaults : ofQueries.get(text);
    @Nullable Object[] arguments =
        (remembered == null ? ofQuery(Objects.requireNonNull(text), exchange) : remembered).clone();
    for (int index : exchanges) {
      arguments[index] = exchange;
    }
    @Nullable Object[] path = ofPaths.get(variables);
    if (path == null) {
      path = ofPath(variables);
    }
    for (int i = 0; i < path.length; i++) {
      arguments[ofPath.get(i).index()] = path[i];
    }
    return arguments;
  }

  private @Nullable Object[] ofQuery(String text, ServerWebExchange exchange) {
    @Nullable Object[] arguments = defaults.clone();
    MultiValueMap<String, String> given = exchange.getRequest().getQueryParams();
    query.require(given);
    given.forEach((name, values) -> {
      Argument argument = Objects.requireNonNull(ofQuery.get(name));
      arguments[argument.index()] = converted(values.getFirst(), argument);
    });
    if (text.length() <= LONGEST_TEXT) {
      keep(text, arguments, ofQueries);
    }
    return arguments;
  }

  private @Nullable Object[] ofPath(Map<String, String> variables) {
    @Nullable Object[] arguments = new @Nullable Object[ofPath.size()];
    int length = 0;
    for (int i = 0; i < arguments.length; i++) {
      Argument argument = ofPath.get(i);
      String text = variables.get(argument.parameter().getParameter().getName());
      arguments[i] = converted(text, argument);
      length += text == null ? 0 : text.length();
    }
    if (length <= LONGEST_TEXT) {
      keep(variables, arguments, ofPaths);
    }
    return arguments;
  }

  private static <K> void keep(
      K key, @Nullable Object[] arguments, Map<K, @Nullable Object[]> lately) {
    if (lately.size() >= MOST_TEXTS) {
      lately.clear();
    }
    lately.put(key, arguments);
  }

  private @Nullable Object converted(@Nullable String text, Argument argument) {
    try {
      Object value = conversion.convert(text, argument.type());
      return argument.isOptional() ? Optional.ofNullable(value) : value;
    } catch (ConversionFailedException | ConverterNotFoundException e) {
      throw new ServerWebInputException("Type mismatch.", argument.parameter(), e);
    }
  }
}
