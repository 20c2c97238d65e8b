package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.StartedService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same requests on the [ShortWay] and on Spring's way, which a service takes whose Spring
/// reads the headers of a proxy: status, headers and body are the same, and so is what is counted.
class BothWaysTest {
  private static StartedService shortWay;
  private static StartedService throughSpring;

  @BeforeAll
  static void start() throws IOException {
    String[] settings = {
      "evenkeel.store.directory=:memory:",
      "evenkeel.http.shutdown-delay=0s",
      "evenkeel.http.max-body-size=100KB",
    };
    shortWay = StartedService.start(settings);
    String[] more = Arrays.copyOf(settings, settings.length + 1);
    more[settings.length] = "server.forward-headers-strategy=framework";
    throughSpring = StartedService.start(more);
    for (StartedService each : List.of(shortWay, throughSpring)) {
      for (String name : List.of("a", "never")) {
        assertThat(
                send(each, "PUT", "/api/v1/normalizers/" + name, "{\"featureCount\":2}").status())
            .isEqualTo(201);
      }
      send(each, "POST", "/api/v1/normalizers/a:observe", "{\"rows\":[[1,2],[3,4],[5,7]]}");
    }
  }

  @AfterAll
  static void end() {
    shortWay.close();
    throughSpring.close();
  }

  private static Answer send(StartedService to, String method, String path, String body)
      throws IOException {
    return send(to, method, path, "Content-Type: application/json\r\n", body);
  }

  private static Answer send(
      StartedService to, String method, String path, String headers, String body)
      throws IOException {
    try (Connection connection = new Connection(to.port())) {
      connection.send(
          "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(method, path, headers, body.length(), body));
      return connection.answer();
    }
  }

  private record Request(String target, String headers, String body) {}

  static Stream<Request> requests() {
    String json = "Content-Type: application/json\r\n";
    String infer = "/api/v1/normalizers/a:normalize";
    String rows = "{\"rows\":[[1,2],[2,5]]}";
    return Stream.of(
        new Request(infer, json, rows),
        new Request(infer, "", rows),
        new Request(infer + "?mode=inference", json, rows),
        new Request(infer + "?mode=training", json, rows),
        new Request(infer + "?mode=training", json + "Idempotency-Key: k\r\n", rows),
        new Request(infer + "?mode=training", json + "Idempotency-Key: k\r\n", rows),
        new Request(infer + "?mode=training", json + "Idempotency-Key: k\r\n", "[[9,9]]"),
        new Request(infer + "?mode=TRAINING", json, rows),
        new Request(infer + "?mode=training&mode=training", json, rows),
        new Request(infer + "?unknown=1", json, rows),
        new Request(infer + "?maxSkipped=much", json, rows),
        new Request(infer + "?invalidRows=skip", json, "{\"rows\":[[1,2],[1]]}"),
        new Request(infer, json, "{\"rows\":[[1,2],[1]]}"),
        new Request(infer, json, "{\"rows\":[[1,2],["),
        new Request(infer, json, ""),
        new Request(infer, json, "[[" + " ".repeat(110_000) + "1,2]]"),
        new Request(infer, "Content-Type: text/csv\r\n", "x0,x1\n1,2\n"),
        new Request(infer, "Content-Type: application/x-ndjson\r\n", "[1,2]\n[3,4]\n"),
        new Request(infer, "Content-Type: application/pdf\r\n", rows),
        new Request(infer, "Content-Type: application\r\n", rows),
        new Request(infer, json + "Accept: text/csv\r\n", rows),
        new Request(infer, json + "Accept: image/png\r\n", rows),
        new Request(infer, json + "Accept-Encoding: gzip, deflate\r\n", rows),
        new Request(infer, json + "Accept-Encoding: identity;q=0, gzip\r\n", rows),
        new Request(infer, json + "Content-Encoding: br\r\n", rows),
        new Request(infer, json + "If-Match: \"0-0\"\r\n", rows),
        new Request(infer, json + "If-Match: x\r\n", rows),
        new Request(infer, json + "Min-Version: 1\r\n", rows),
        new Request(infer, json + "Min-Version: x\r\n", rows),
        new Request(infer, json + "Origin: https://example.org\r\n", rows),
        new Request(infer, json + "Authorization: Basic eDp5\r\n", rows),
        new Request("/api/v1/normalizers/never:normalize", json, rows),
        new Request("/api/v1/normalizers/none:normalize", json, rows),
        new Request("/api/v1/normalizers/NONE:normalize", json, rows),
        new Request("/api/v1/normalizers/%61:normalize", json, rows),
        new Request("/api/v1/normalizers/a%3Anormalize", json, rows),
        new Request("/api/v1/normalizers/a:nothing", json, rows),
        new Request("/api/v1/normalizers//a:normalize", json, rows),
        new Request("/api/v1/normalizers/a:observe", json, rows),
        new Request("/api/v1/normalizers/a:denormalize", json, rows),
        new Request("/api/v1/normalizers/a:backward", json, "{\"rows\":[[1,2]],\"gradients\":[]}"),
        new Request("/v2/models/a/infer", json, "{\"inputs\":[]}"),
        new Request("/v1/models/a:predict", json, "{\"instances\":[[1,2]]}"));
  }

  /// The second request to a target is taken from the network, where Spring reads the first.
  @ParameterizedTest
  @MethodSource("requests")
  void theAnswerIsTheSameOnceTheTargetIsKnown(Request request) throws IOException {
    theAnswerIsTheSame(request);
    theAnswerIsTheSame(request);
  }

  private static void theAnswerIsTheSame(Request request) throws IOException {
    Answer first = send(shortWay, "POST", request.target(), request.headers(), request.body());
    Answer second =
        send(throughSpring, "POST", request.target(), request.headers(), request.body());
    assertThat(told(first)).isEqualTo(told(second));
  }

  /// Without what is never the same: moments, and ids of requests.
  private static String told(Answer answer) {
    Map<String, String> headers = new TreeMap<>(answer.headers());
    headers.remove("date");
    return answer.status() + " " + headers + "\n" + answer.text();
  }

  @Test
  void whatIsCountedIsTheSame() {
    requests()
        .forEach(request -> {
          try {
            theAnswerIsTheSame(request);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    await()
        .untilAsserted(() -> {
          Map<List<String>, Double> counted = counted(shortWay);
          assertThat(counted).hasSizeGreaterThan(10).isEqualTo(counted(throughSpring));
        });
  }

  /// How many requests were posted, by their tags. Spring does not know the route of a request that
  /// a filter refuses.
  private static Map<List<String>, Double> counted(StartedService service) {
    return service
        .bean(MeterRegistry.class)
        .get("http.server.requests")
        .tag("method", "POST")
        .timers()
        .stream()
        .collect(
            Collectors.groupingBy(
                timer ->
                    timer.getId().getTags().stream()
                        .filter(tag -> !tag.getKey().equals("uri"))
                        .map(Tag::toString)
                        .toList(),
                Collectors.summingDouble(Timer::count)));
  }
}
