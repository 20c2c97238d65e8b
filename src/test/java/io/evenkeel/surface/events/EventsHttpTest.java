package io.evenkeel.surface.events;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.surface.events.EventClient.Received;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/// `GET .../events` of section 3 of the HTTP contract, by a client that reads as the HTML standard
/// says.
@ServiceUnderTest
@AutoConfigureMetrics
class EventsHttpTest {
  @Autowired private WebTestClient client;
  @LocalServerPort private int port;

  private String normalizer() {
    return created(client, "{\"featureCount\": 1}");
  }

  private Exchange send(String method, String path, String body) {
    return Exchange.to(client, method, path).body(body).send();
  }

  private void train(String name) {
    assertThat(send("POST", NORMALIZERS + name + ":observe", "{\"rows\": [[1], [2]]}").status())
        .isEqualTo(200);
  }

  private EventClient follow(String name, String... headers) throws Exception {
    return EventClient.open(port, NORMALIZERS + name + "/events", headers);
  }

  private JsonNode view(String name) {
    return Exchange.to(client, "GET", NORMALIZERS + name).send().json();
  }

  @Test
  void thePresentViewComesFirstAndThenOneEventForEachChange() throws Exception {
    String name = normalizer();
    train(name);
    try (EventClient stream = follow(name)) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.header("Content-Type")).contains("text/event-stream");
      assertThat(stream.header("Cache-Control").orElseThrow()).contains("no-cache");
      Received first = stream.next();
      assertThat(first).hasToString("message #2 " + name + " 2");
      assertThat(first.data()).isEqualTo(view(name));

      train(name);
      Received second = stream.next();
      assertThat(second).hasToString("message #3 " + name + " 3");
      assertThat(second.data()).isEqualTo(view(name));

      send("POST", ADMIN + name + ":freeze", "{\"reason\": \"line\\nbreak\"}");
      Received frozen = stream.next();
      assertThat(frozen).hasToString("message #4 " + name + " 4");
      assertThat(frozen.data().at("/frozen/reason").asString()).isEqualTo("line\nbreak");

      // frozen: nothing changes
      train(name);
      assertThat(stream.isSilent()).isTrue();
    }
  }

  @Test
  void aSnapshotIsAChangeOfTheSameVersion() throws Exception {
    String name = normalizer();
    train(name);
    try (EventClient stream = follow(name)) {
      stream.next();
      send("POST", ADMIN + name + "/snapshots", "{\"label\": \"monday\"}");
      assertThat(stream.next()).hasToString("message #2 " + name + " 2");
      send("PUT", NORMALIZERS + name + "/serving", "{\"snapshot\": \"monday\"}");
      Received serving = stream.next();
      assertThat(serving).hasToString("message #3 " + name + " 3");
      assertThat(serving.data().path("servingSnapshot").asString()).isEqualTo("monday");
    }
  }

  @Test
  void aStreamGoesOnWhenItsNormalizerIsDeletedAndCreatedAgain() throws Exception {
    String name = normalizer();
    try (EventClient stream = follow(name)) {
      stream.next();
      Exchange.to(client, "DELETE", NORMALIZERS + name).send();
      assertThat(stream.next()).hasToString("deleted # " + name);
      send("PUT", NORMALIZERS + name, "{\"featureCount\": 2}");
      Received anew = stream.next();
      assertThat(anew).hasToString("message #1 " + name + " 1");
      assertThat(anew.data().at("/definition/features")).hasSize(2);
    }
  }

  @Test
  void whoConnectsAgainGetsThePresentViewUnlessItHasThatVersion() throws Exception {
    String name = normalizer();
    train(name);
    try (EventClient stream = follow(name, "Last-Event-ID", "2")) {
      assertThat(stream.isSilent()).isTrue();
      train(name);
      assertThat(stream.next()).hasToString("message #3 " + name + " 3");
    }
    try (EventClient stream = follow(name, "Last-Event-ID", "2")) {
      assertThat(stream.next()).hasToString("message #3 " + name + " 3");
    }
    // the name may have been created anew
    try (EventClient stream = follow(name, "Last-Event-ID", "70")) {
      assertThat(stream.next()).hasToString("message #3 " + name + " 3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "-1", "1.0", "1000000000000000000"})
  void aLastIdThatNoEventHadIsRefused(String id) {
    Exchange answer =
        Exchange.to(client, "GET", NORMALIZERS + normalizer() + "/events")
            .with("Last-Event-ID", id)
            .send();
    assertThat(answer.problem()).isEqualTo("400 bad-parameter");
    assertThat(answer.at("/detail")).contains("Last-Event-ID");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/normalizers/no-such/events, text/event-stream, 404 unknown-normalizer",
    "GET, /api/v1/normalizers/NO/events, text/event-stream, 400 bad-parameter",
    "GET, /api/v1/events, application/json, 406 not-acceptable",
    "GET, /api/v1/events?prefx=a, text/event-stream, 400 bad-parameter",
    "GET, /api/v1/events?heartbeatSeconds=0, text/event-stream, 400 bad-parameter",
    "GET, /api/v1/events?heartbeatSeconds=61, text/event-stream, 400 bad-parameter",
    "GET, /api/v1/events?heartbeatSeconds=, text/event-stream, 400 bad-parameter",
    "POST, /api/v1/events, text/event-stream, 405 method-not-allowed"
  })
  void badRequestsAreRefusedByAProblemDocument(
      String method, String path, String accept, String problem) {
    assertThat(Exchange.to(client, method, path).with("Accept", accept).send().problem())
        .isEqualTo(problem);
  }

  @Test
  void headAnswersWithoutAStream() {
    String name = normalizer();
    Exchange head = Exchange.to(client, "HEAD", NORMALIZERS + name + "/events").send();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(Exchange.to(client, "HEAD", NORMALIZERS + "no-such/events").send().status())
        .isEqualTo(404);
  }

  @Test
  void minVersionWaitsBeforeTheStreamBegins() {
    Exchange answer =
        Exchange.to(client, "GET", NORMALIZERS + normalizer() + "/events")
            .with("Min-Version", "9")
            .send();
    assertThat(answer.problem()).isEqualTo("503 behind");
  }

  @Test
  void heartbeatsSayHowOldTheStatesMayBe() throws Exception {
    try (EventClient stream =
        EventClient.open(port, NORMALIZERS + normalizer() + "/events?heartbeatSeconds=1")) {
      for (int i = 0; i < 3; i++) {
        assertThat(stream.comment()).isEqualTo("0.000");
      }
    }
  }

  @Test
  void noStreamIsCompressed() throws Exception {
    try (EventClient stream = follow(normalizer(), "Accept-Encoding", "gzip")) {
      assertThat(stream.header("Content-Encoding")).isEmpty();
      assertThat(stream.next().type()).isEqualTo("message");
    }
  }

  @Test
  void allNormalizersComeBetweenBeginAndCompleteAndThenTheirChanges() throws Exception {
    String prefix = "all-" + System.nanoTime() + "-";
    for (int i = 0; i < 100; i++) {
      send("PUT", NORMALIZERS + prefix + i, "{\"featureCount\": 1}");
    }
    try (EventClient stream = EventClient.open(port, "/api/v1/events?prefix=" + prefix)) {
      assertThat(stream.next()).hasToString("begin");
      List<Received> all = stream.until("complete");
      assertThat(all).hasSize(101);
      assertThat(all.subList(0, 100))
          .extracting(event -> event.data().path("name").asString())
          .doesNotHaveDuplicates()
          .isSorted();
      JsonNode first = all.getFirst().data();
      assertThat(first.has("definition")).isFalse();
      assertThat(first.path("createdAt").isString()).isTrue();
      assertThat(all.getFirst().id()).isEmpty();

      train(prefix + 7);
      Received trained = stream.next();
      assertThat(trained).hasToString("message " + prefix + "7 2");
      send("POST", ADMIN + prefix + 7 + "/snapshots", "{\"label\": \"monday\"}");
      Received snapshot = stream.next();
      assertThat(snapshot).hasToString("message " + prefix + "7 2");
      assertThat(snapshot.data().path("state")).isNotEqualTo(trained.data().path("state"));

      train(normalizer());
      assertThat(stream.isSilent()).isTrue();
      Exchange.to(client, "DELETE", NORMALIZERS + prefix + 7).send();
      assertThat(stream.next()).hasToString("deleted " + prefix + "7");
      send("PUT", NORMALIZERS + prefix + 7, "{\"featureCount\": 1}");
      Received anew = stream.next();
      assertThat(anew).hasToString("message " + prefix + "7 1");
      assertThat(anew.data().path("state")).isNotEqualTo(all.get(68).data().path("state"));
    }
  }

  @Test
  void aStreamThatItsClientLeavesIsNoLongerCounted() throws Exception {
    double before = Exchange.meter(client, "evenkeel_event_streams");
    EventClient stream = follow(normalizer());
    stream.next();
    assertThat(Exchange.meter(client, "evenkeel_event_streams")).isEqualTo(before + 1);
    stream.close();
    await()
        .untilAsserted(
            () -> assertThat(Exchange.meter(client, "evenkeel_event_streams")).isEqualTo(before));
  }
}
