package io.evenkeel.http.problem;

import java.util.List;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// The paths of the Open Inference Protocol, whose clients want of errors and codings what is asked
/// for nowhere else.
public final class InferencePaths {
  private InferencePaths() {}

  /// Whether the request is for a path of that protocol, be it one that leads somewhere.
  public static boolean include(ServerHttpRequest request) {
    List<String> segments = segments(request);
    return !segments.isEmpty() && segments.getFirst().equals("v2");
  }

  /// Whether a path is of that protocol, as it was sent.
  public static boolean include(String path) {
    return path.startsWith("/v2/");
  }

  /// Whether the request is an inference, whose body may be coded.
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
