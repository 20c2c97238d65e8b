package io.evenkeel.security;

import org.springframework.web.server.ServerWebExchange;

/// Paths that all readers understand in the same way. [Permissions] and the mapping of handlers
/// take a path apart before they decode it, so that what is encoded stays in its segment.
final class PlainPaths {
  /// What a path has to be, for the client.
  static final String RULE = "A path has no ';', '\\\\', '//', '/./' or '/../' here.";

  private PlainPaths() {}

  static boolean isPlain(ServerWebExchange exchange) {
    String path = exchange.getRequest().getURI().getRawPath();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == ';' || c == '\\' || c < ' ' || (c == '/' && isBare(path, i + 1))) {
        return false;
      }
    }
    return true;
  }

  /// Whether the segment that begins here is empty, and not the last, or is `.` or `..`.
  private static boolean isBare(String path, int from) {
    int end = path.indexOf('/', from);
    int length = (end < 0 ? path.length() : end) - from;
    return (length == 0 && end >= 0)
        || (length == 1 && path.charAt(from) == '.')
        || (length == 2 && path.charAt(from) == '.' && path.charAt(from + 1) == '.');
  }
}
