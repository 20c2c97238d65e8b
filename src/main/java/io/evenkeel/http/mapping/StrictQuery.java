package io.evenkeel.http.mapping;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Wire;
import io.evenkeel.http.problem.RequestException.BadParameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/// Refuses in a query what Spring would accept:
///
/// - a parameter that the handler does not declare, or that is there twice;
///
/// - a word that its enumeration does not have: Spring takes the default for an empty one, and
///   `TRAINING` for `training`;
///
/// - an empty number, which would count as none.
final class StrictQuery {
  private final Map<String, Class<?>> declared;

  private StrictQuery(Map<String, Class<?>> declared) {
    this.declared = declared;
  }

  /// The rules for the query of a handler.
  static StrictQuery of(HandlerMethod handler) {
    return new StrictQuery(
        Arrays.stream(handler.getMethodParameters())
            .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
            .collect(Collectors.toUnmodifiableMap(StrictQuery::name, StrictQuery::type)));
  }

  /// @throws BadParameter for the first parameter that is refused
  void require(MultiValueMap<String, String> query) {
    query.forEach((name, values) -> {
      Class<?> type = declared.get(name);
      if (type == null) {
        throw new BadParameter(unknown(name));
      }
      if (values.size() > 1) {
        throw new BadParameter("The query parameter " + Excerpt.quoted(name) + " is there twice.");
      }
      require(name, type, values.getFirst());
    });
  }

  private String unknown(String name) {
    return "There is no query parameter "
        + Excerpt.quoted(name)
        + " here; there "
        + (declared.isEmpty()
            ? "is none"
            : "are " + String.join(", ", new TreeSet<>(declared.keySet())))
        + ".";
  }

  @SuppressWarnings("unchecked") // isEnum says that it is one
  private static void require(String name, Class<?> type, @Nullable String value) {
    if (type.isEnum()) {
      List<String> words = Wire.words((Class<? extends Enum<?>>) type);
      if (value == null || !words.contains(value)) {
        throw new BadParameter(
            Excerpt.quoted(name)
                + " is '"
                + (value == null ? "" : value)
                + "'; it must be one of "
                + String.join(", ", words)
                + ".");
      }
    } else if (type != String.class && (value == null || value.isBlank())) {
      throw new BadParameter(Excerpt.quoted(name) + " has no value.");
    }
  }

  /// The type of a parameter; for an optional one, the type of its value.
  static Class<?> type(MethodParameter parameter) {
    return parameter.nestedIfOptional().getNestedParameterType();
  }

  /// The name of a parameter in the query.
  static String name(MethodParameter parameter) {
    RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
    if (annotation != null && !annotation.name().isEmpty()) {
      return annotation.name();
    }
    return String.valueOf(parameter.getParameter().getName());
  }
}
