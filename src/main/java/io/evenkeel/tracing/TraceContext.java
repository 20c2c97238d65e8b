package io.evenkeel.tracing;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A trace, and the span in it that others belong to.
///
/// Reference: W3C Trace Context, level 1, <https://www.w3.org/TR/trace-context/>.
///
/// @param traceId 32 hexadecimal digits
/// @param spanId 16 hexadecimal digits
/// @param sampled whether whoever began the trace keeps it
record TraceContext(String traceId, String spanId, boolean sampled) {
  /// Later versions may say more behind the flags; version ff is none.
  private static final Pattern HEADER =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /// The context that a header `traceparent` tells; empty if it is no valid one, which is to be
  /// ignored.
  static Optional<TraceContext> of(String header) {
    Matcher found = HEADER.matcher(header);
    if (!found.matches() || (found.group(1).equals("00") && found.group(5) != null)) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(found.group(4), 16) & 1) == 1;
    return Optional.of(new TraceContext(found.group(2), found.group(3), sampled));
  }

  /// A new trace.
  static TraceContext begin() {
    return new TraceContext(id() + id(), id(), true);
  }

  /// Another span of the same trace.
  TraceContext child() {
    return new TraceContext(traceId, id(), sampled);
  }

  /// 16 hexadecimal digits that are not all 0.
  private static String id() {
    long id = ThreadLocalRandom.current().nextLong();
    return "%016x".formatted(id == 0 ? 1 : id);
  }
}
