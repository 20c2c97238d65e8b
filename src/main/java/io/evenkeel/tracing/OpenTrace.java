package io.evenkeel.tracing;

import io.evenkeel.normalization.BatchTraces.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The spans of one request, while it lasts. Its steps may end on different threads.
final class OpenTrace {
  /// A batch that is made again and again, since others come between, has a step each time.
  private static final int MOST_STEPS = 100;

  private final TraceContext context;
  private final Optional<String> parent;
  private final Instant begun;
  private final Map<String, String> attributes;
  private final List<Span> steps = new ArrayList<>();
  private Instant appended = Instant.MIN;

  /// @param parent the span of the client
  OpenTrace(
      TraceContext context,
      Optional<String> parent,
      Instant begun,
      Map<String, String> attributes) {
    this.context = context;
    this.parent = parent;
    this.begun = begun;
    this.attributes = attributes;
  }

  /// A step has ended. Normalising begins once the log has answered.
  synchronized void ended(Step step, Instant from, Instant to) {
    Instant start = from;
    if (step == Step.APPEND) {
      appended = to;
    } else if (step == Step.NORMALISE && appended.isAfter(from)) {
      start = appended;
    }
    if (steps.size() < MOST_STEPS) {
      steps.add(
          new Span(
              context.child(),
              Optional.of(context.spanId()),
              step.name().toLowerCase(Locale.ROOT),
              false,
              start,
              to,
              Map.of()));
    }
  }

  /// All spans, that of the request first.
  ///
  /// @param name of the request
  synchronized List<Span> spans(String name, Instant end, Optional<String> failure) {
    Map<String, String> all = new TreeMap<>(attributes);
    failure.ifPresent(type -> all.put("error.type", type));
    List<Span> spans = new ArrayList<>();
    spans.add(new Span(context, parent, name, true, begun, end, all));
    spans.addAll(steps);
    return spans;
  }
}
