package io.evenkeel.tracing;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Exchange;
import io.evenkeel.normalization.BatchTraces;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/// A service with a collector: the spans of requests, as the collector gets them.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"evenkeel.store.directory=:memory:", "evenkeel.tracing.probability=0"})
@AutoConfigureWebTestClient(timeout = "PT30S")
@DirtiesContext
class TracingHttpTest {
  private static final String PARENT = "00f067aa0ba902b7";

  private static Collector collector;

  @Autowired private WebTestClient client;
  @Autowired private BatchTraces traces;

  @BeforeAll
  static void startCollector() throws IOException {
    collector = new Collector();
  }

  @AfterAll
  static void stopCollector() {
    collector.close();
  }

  @DynamicPropertySource
  static void endpoint(DynamicPropertyRegistry settings) {
    settings.add("evenkeel.tracing.endpoint", () -> collector.endpoint());
  }

  private static String trace() {
    byte[] id = new byte[16];
    ThreadLocalRandom.current().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private Exchange send(String trace, String flags, String mode, String body) {
    String name = Exchange.untrained(client, "{\"featureCount\": 1}");
    return Exchange.to(client, "POST", NORMALIZERS + name + ":normalize?mode=" + mode)
        .with("traceparent", "00-" + trace + "-" + PARENT + "-" + flags)
        .body(body)
        .send();
  }

  @Test
  void aTrainingBatchHasFourSteps() {
    String trace = trace();
    assertThat(send(trace, "01", "training", "{\"rows\": [[1], [3]]}").status()).isEqualTo(200);
    await().until(() -> collector.of(trace).size() == 5);
    List<Span> spans = collector.of(trace);
    Span request = spans.getFirst();
    assertThat(request.getName()).isEqualTo("POST /api/v1/normalizers/{name}:normalize");
    assertThat(Collector.hex(request.getParentSpanId().toByteArray())).isEqualTo(PARENT);
    assertThat(request.getAttributesList())
        .extracting(attribute -> attribute.getKey())
        .containsExactlyInAnyOrder("evenkeel.mode", "evenkeel.normalizer");
    List<Span> steps = spans.subList(1, 5);
    assertThat(steps)
        .extracting(Span::getName)
        .containsExactly("decode", "append", "normalise", "encode");
    for (Span step : steps) {
      assertThat(step.getParentSpanId()).isEqualTo(request.getSpanId());
      assertThat(step.getStartTimeUnixNano())
          .isBetween(request.getStartTimeUnixNano(), step.getEndTimeUnixNano());
      assertThat(step.getEndTimeUnixNano()).isLessThanOrEqualTo(request.getEndTimeUnixNano());
    }
    for (int i = 1; i < steps.size(); i++) {
      assertThat(steps.get(i).getStartTimeUnixNano())
          .isGreaterThanOrEqualTo(steps.get(i - 1).getEndTimeUnixNano());
    }
  }

  @Test
  void inferenceAppendsNothing() {
    String trace = trace();
    assertThat(send(trace, "01", "inference", "{\"rows\": [[1]]}").status()).isEqualTo(200);
    await().until(() -> collector.of(trace).size() == 4);
    assertThat(collector.of(trace).subList(1, 4))
        .extracting(Span::getName)
        .containsExactly("decode", "normalise", "encode");
  }

  @Test
  void aRefusedBatchTellsItsFailure() {
    String trace = trace();
    assertThat(send(trace, "01", "inference", "{\"rows\": [[]]}").status()).isEqualTo(422);
    await().until(() -> !collector.of(trace).isEmpty());
    assertThat(collector.of(trace).getFirst().getAttributesList())
        .anySatisfy(attribute -> {
          assertThat(attribute.getKey()).isEqualTo("error.type");
          assertThat(attribute.getValue().getStringValue()).isEqualTo("InvalidInput");
        });
  }

  /// A request that is kept is sent after one that is not, so the collector would have both.
  @Test
  void whoeverBeganTheTraceDecides() {
    String not = trace();
    String kept = trace();
    assertThat(send(not, "00", "inference", "{\"rows\": [[1]]}").status()).isEqualTo(200);
    assertThat(send(kept, "01", "inference", "{\"rows\": [[1]]}").status()).isEqualTo(200);
    await().until(() -> !collector.of(kept).isEmpty());
    assertThat(collector.of(not)).isEmpty();
    assertThat(traces.isOn()).isTrue();
  }
}
