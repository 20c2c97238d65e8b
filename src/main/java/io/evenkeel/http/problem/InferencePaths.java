package io.evenkeel.http.problem;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// The paths of the protocols of model servers: the Open Inference Protocol and KServe v1. Their
/// clients expect errors in a form of their own, see [ErrorBody], and may compress bodies.
public final class InferencePaths {
  private static final Set<String> FIRST = Set.of("v1", "v2");

  private InferencePaths() {}

  /// Whether the path of the request belongs to such a protocol, whether or not it leads anywhere.
  public static boolean include(ServerHttpRequest request) {
    List<String> segments = segments(request);
    return !segments.isEmpty() && FIRST.contains(segments.getFirst());
  }

  /// Whether a path, as it was sent, belongs to such a protocol.
  public static boolean include(String path) {
    int end = path.indexOf('/', 1);
    return path.startsWith("/") && FIRST.contains(path.substring(1, end < 0 ? path.length() : end));
  }

  /// Whether the request is an inference.
  public static boolean isInference(ServerHttpRequest request) {
    return include(request) && segments(request).getLast().equals("infer");
  }

  /// Whether a header `Accept` names the media type of problem documents, whatever the path.
  public static boolean acceptsProblem(Iterable<String> accepted) {
    for (String value : accepted) {
      if (value.toLowerCase(Locale.ROOT).contains(MediaType.APPLICATION_PROBLEM_JSON_VALUE)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> segments(ServerHttpRequest request) {
    return request.getPath().pathWithinApplication().elements().stream()
        .filter(PathContainer.PathSegment.class::isInstance)
        .map(segment -> ((PathContainer.PathSegment) segment).valueToMatch())
        .toList();
  }
}
