package io.evenkeel.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SpanExportTest {
  private static List<Span> spans(String name) {
    TraceContext context = TraceContext.begin();
    Instant start = Instant.parse("2026-11-29T12:00:00.123456789Z");
    return List.of(
        new Span(
            context,
            Optional.of("00f067aa0ba902b7"),
            name,
            true,
            start,
            start.plusNanos(1),
            Map.of("key", "value γ")));
  }

  /// 2026-11-29T12:00:00Z is 1795953600 seconds after 1970, by `date -d 2026-11-29T12:00:00Z +%s`.
  @Test
  void aSpanArrivesAsItIs() throws Exception {
    List<Span> sent = spans("a request");
    try (Collector collector = new Collector()) {
      try (SpanExport export = new SpanExport(collector.endpoint())) {
        export.offer(sent);
      }
      assertThat(collector.services()).containsExactly("evenkeel");
      assertThat(collector.all()).hasSize(1);
      var span = collector.all().getFirst();
      TraceContext context = sent.getFirst().context();
      assertThat(Collector.hex(span.getTraceId().toByteArray())).isEqualTo(context.traceId());
      assertThat(Collector.hex(span.getSpanId().toByteArray())).isEqualTo(context.spanId());
      assertThat(Collector.hex(span.getParentSpanId().toByteArray())).isEqualTo("00f067aa0ba902b7");
      assertThat(span.getName()).isEqualTo("a request");
      assertThat(span.getKindValue())
          .isEqualTo(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER_VALUE);
      assertThat(span.getStartTimeUnixNano()).isEqualTo(1_795_953_600_123_456_789L);
      assertThat(span.getEndTimeUnixNano()).isEqualTo(1_795_953_600_123_456_790L);
      assertThat(span.getAttributes(0).getKey()).isEqualTo("key");
      assertThat(span.getAttributes(0).getValue().getStringValue()).isEqualTo("value γ");
      assertThat(span.getUnknownFields().asMap()).isEmpty();
    }
  }

  /// Nobody waits, and nothing grows: three times as many as fit, at once.
  @Test
  void aCollectorThatDoesNotAnswerHoldsUpNobody() throws Exception {
    try (Collector collector = new Collector();
        SpanExport export = new SpanExport(collector.endpoint())) {
      CountDownLatch gate = collector.stall();
      long begun = System.nanoTime();
      for (int i = 0; i < 3 * SpanExport.QUEUE; i++) {
        export.offer(spans("one of many"));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
      assertThat(export.dropped()).isGreaterThanOrEqualTo(SpanExport.QUEUE);
      long dropped = export.dropped();
      gate.countDown();
      await().until(() -> collector.all().size() == 3 * SpanExport.QUEUE - dropped);
    }
  }

  @Test
  void aCollectorThatIsBackGetsWhatComesThen() throws Exception {
    try (Collector collector = new Collector();
        SpanExport export = new SpanExport(collector.endpoint())) {
      collector.answer(503);
      export.offer(spans("lost"));
      await().until(() -> export.dropped() == 1);
      collector.answer(200);
      export.offer(spans("kept"));
      await().until(() -> !collector.all().isEmpty());
      assertThat(collector.all()).extracting(span -> span.getName()).containsExactly("kept");
    }
  }
}
