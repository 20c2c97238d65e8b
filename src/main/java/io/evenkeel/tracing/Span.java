package io.evenkeel.tracing;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Something that was done, from when to when.
///
/// @param context the trace, and this span in it
/// @param parent the span that it belongs to
/// @param isServer whether it is a request as the service sees it, and not a step of one
record Span(
    TraceContext context,
    Optional<String> parent,
    String name,
    boolean isServer,
    Instant start,
    Instant end,
    Map<String, String> attributes) {}
