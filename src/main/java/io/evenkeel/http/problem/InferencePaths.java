package io.evenkeel.http.problem;

import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// The paths of the Open Inference Protocol. Its clients expect errors in a form of their own, and
/// may compress bodies.
public final class InferencePaths {
  private InferencePaths() {}

  /// Whether the path of the request belongs to that protocol, whether or not it leads anywhere.
  public static boolean include(ServerHttpRequest request) {
    List<String> segments = segments(request);
    return !segments.isEmpty() && segments.getFirst().equals("v2");
  }

  /// Whether a path, as it was sent, belongs to that protocol.
  public static boolean include(String path) {
    return path.startsWith("/v2/");
  }

  /// Whether the request is an inference.
  public static boolean isInference(ServerHttpRequest request) {
    return include(request) && segments(request).getLast().equals("infer");
  }

  private static List<String> segments(ServerHttpRequest request) {
    return request.getPath().pathWithinApplication().elements().stream()
        .filter(PathContainer.PathSegment.class::isInstance)
        .map(segment -> ((PathContainer.PathSegment) segment).valueToMatch())
        .toList();
  }
}
