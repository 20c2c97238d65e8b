package io.evenkeel.security;

import org.springframework.web.server.ServerWebExchange;

/// Refuses paths that could be read in two ways. The mapping of handlers cuts a path into segments
/// before it decodes them, so that an encoded character stays in its segment.
final class PlainPaths {
  /// The rule, for the client.
  static final String RULE = "A path must not have ';', '\\\\', '//', '/./' or '/../'.";

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

  /// Whether the segment that begins here is `.` or `..`, or is empty and not the last.
  private static boolean isBare(String path, int from) {
    int end = path.indexOf('/', from);
    int length = (end < 0 ? path.length() : end) - from;
    return (length == 0 && end >= 0)
        || (length == 1 && path.charAt(from) == '.')
        || (length == 2 && path.charAt(from) == '.' && path.charAt(from + 1) == '.');
  }
}
