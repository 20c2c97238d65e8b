package io.evenkeel.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The header `traceparent`; the first value is the example of the W3C's recommendation.
class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-03",
        // of a later version
        "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-will-be-like"
      })
  void aTraceThatIsKept(String header) {
    assertThat(TraceContext.of(header)).contains(new TraceContext(TRACE, SPAN, true));
  }

  @Test
  void aTraceThatIsNotKept() {
    assertThat(TraceContext.of("00-" + TRACE + "-" + SPAN + "-00"))
        .contains(new TraceContext(TRACE, SPAN, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-1"
      })
  void whatIsNoContextIsIgnored(String header) {
    assertThat(TraceContext.of(header)).isEmpty();
  }

  @Test
  void aChildIsAnotherSpanOfTheTrace() {
    TraceContext begun = TraceContext.begin();
    TraceContext child = begun.child();
    assertThat(begun.traceId()).matches("[0-9a-f]{32}");
    assertThat(child.traceId()).isEqualTo(begun.traceId());
    assertThat(child.spanId()).matches("[0-9a-f]{16}").isNotEqualTo(begun.spanId());
  }
}
