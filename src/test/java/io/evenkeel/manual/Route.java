package io.evenkeel.manual;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;

/// A request that is mapped.
///
/// @param path with its variables in braces
record Route(String method, String path) implements Comparable<Route> {
  private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

  /// All that are mapped.
  static Set<Route> of(Collection<RequestMappingInfoHandlerMapping> mappings) {
    return mappings.stream()
        .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
        .flatMap(Route::of)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Route> of(RequestMappingInfo info) {
    return info.getPatternsCondition().getPatterns().stream()
        .flatMap(path ->
            info.getMethodsCondition().getMethods().stream()
                .map(method -> new Route(method.name(), path.getPatternString())));
  }

  /// Whether requests of this method come here. `HEAD` comes where `GET` does.
  boolean takes(String other) {
    return method.equals(other) || method.equals("GET") && other.equals("HEAD");
  }

  /// Whether a request to this path comes here. It may hold variables, as in braces or of a shell.
  boolean matches(String other) {
    return matches(path, other);
  }

  /// Whether this path is one of the route, or leads to one: `/api/v1/admin`.
  boolean leadsFrom(String beginning) {
    String[] segments = path.split("/");
    return IntStream.rangeClosed(2, segments.length)
        .mapToObj(end -> String.join("/", Arrays.copyOf(segments, end)))
        .anyMatch(start -> matches(start, beginning));
  }

  /// Whether the path ends with this, whatever the variables are called.
  boolean endsWith(String end) {
    return anonymous(path).endsWith(anonymous(end));
  }

  /// The same with variables that have no names, and without a slash at its end.
  Route anonymous() {
    return new Route(method, withoutSlash(anonymous(path)));
  }

  private static String anonymous(String path) {
    return VARIABLE.matcher(path).replaceAll("{}");
  }

  private static boolean matches(String path, String other) {
    Matcher variable = VARIABLE.matcher(withoutSlash(path));
    StringBuilder pattern = new StringBuilder();
    int from = 0;
    while (variable.find()) {
      pattern.append(Pattern.quote(withoutSlash(path).substring(from, variable.start())));
      pattern.append("[^/:]+");
      from = variable.end();
    }
    pattern.append(Pattern.quote(withoutSlash(path).substring(from)));
    return withoutSlash(other).matches(pattern.toString());
  }

  private static String withoutSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  @Override
  public int compareTo(Route other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
