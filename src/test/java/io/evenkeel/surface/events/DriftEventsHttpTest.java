package io.evenkeel.surface.events;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.surface.events.EventClient.Received;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/// The event `drift`, of rows that are drawn from normal distributions.
@ServiceUnderTest
class DriftEventsHttpTest {
  private static final int ENOUGH = 20;

  private final SplittableRandom random = new SplittableRandom(7);

  @Autowired private WebTestClient client;
  @LocalServerPort private int port;

  private void post(String path, String body) {
    assertThat(Exchange.to(client, "POST", path).body(body).send().status()).isEqualTo(200);
  }

  /// A hundred rows of two features of mean 0 and deviation 1.
  private String rows(double shift) {
    StringBuilder rows = new StringBuilder("{\"rows\": [");
    for (int i = 0; i < 100; i++) {
      rows.append(i == 0 ? "[" : ",[")
          .append(random.nextGaussian())
          .append(',')
          .append(random.nextGaussian() + shift)
          .append(']');
    }
    return rows.append("]}").toString();
  }

  /// Statistics of 2,000 rows, frozen: version 22.
  private String frozen() {
    String name = created(client, "{\"features\": [{\"name\": \"age\"}, {\"name\": \"sum\"}]}");
    for (int i = 0; i < 20; i++) {
      post(NORMALIZERS + name + ":observe", rows(0));
    }
    post(ADMIN + name + ":freeze", "{}");
    return name;
  }

  private void infer(String name, int batches, double shift) {
    for (int i = 0; i < batches; i++) {
      post(NORMALIZERS + name + ":normalize", rows(shift));
    }
  }

  private EventClient follow(String name, String... headers) throws Exception {
    return EventClient.open(port, NORMALIZERS + name + "/events", headers);
  }

  private static String drifted(String name) {
    return "{\"name\":\""
        + name
        + "\",\"drifted\":true,\"driftedFeatures\":1,\"features\":[\"sum\"]}";
  }

  private static String none(String name) {
    return "{\"name\":\"" + name + "\",\"drifted\":false,\"driftedFeatures\":0,\"features\":[]}";
  }

  @Test
  void aFeatureThatDriftsIsToldOnceAndThatItNoLongerDoes() throws Exception {
    String name = frozen();
    try (EventClient stream = follow(name)) {
      assertThat(stream.next()).hasToString("message #22 " + name + " 22");
      infer(name, ENOUGH, 0);
      assertThat(stream.isSilent()).isTrue();

      infer(name, ENOUGH, 1);
      Received drift = stream.next();
      assertThat(drift.type()).isEqualTo("drift");
      assertThat(drift.id()).isEmpty();
      assertThat(drift.data()).hasToString(drifted(name));
      assertThat(stream.isSilent()).isTrue();

      infer(name, 60, 0);
      assertThat(stream.next().data()).hasToString(none(name));
      assertThat(stream.isSilent()).isTrue();
    }
  }

  @Test
  void unfreezingEndsTheDrift() throws Exception {
    String name = frozen();
    infer(name, ENOUGH, 1);
    try (EventClient stream = follow(name);
        EventClient all = EventClient.open(port, "/api/v1/events?prefix=" + name)) {
      assertThat(stream.next().type()).isEqualTo("message");
      assertThat(stream.next().data()).hasToString(drifted(name));
      all.until("complete");
      post(ADMIN + name + ":unfreeze", "{}");
      assertThat(stream.next()).hasToString("message #23 " + name + " 23");
      assertThat(stream.next().data()).hasToString(none(name));
      assertThat(all.next()).hasToString("message " + name + " 23");
      assertThat(all.next().data().path("drifted").asBoolean(true)).isFalse();
      assertThat(all.isSilent()).isTrue();
    }
  }

  /// Its present view is known to it by the last id; drift has none.
  @Test
  void whoConnectsAgainIsToldWhatHasDrifted() throws Exception {
    String name = frozen();
    infer(name, ENOUGH, 1);
    try (EventClient stream = follow(name, "Last-Event-ID", "22")) {
      assertThat(stream.next()).hasToString("drift " + name);
      assertThat(stream.isSilent()).isTrue();
    }
    post(ADMIN + name + ":unfreeze", "{}");
    try (EventClient stream = follow(name, "Last-Event-ID", "23")) {
      assertThat(stream.isSilent()).isTrue();
    }
  }

  @Test
  void amongManyNormalizersTheDriftedOnesAreToldWithTheirNumberOfFeatures() throws Exception {
    String equal = frozen();
    String moved = frozen();
    infer(equal, ENOUGH, 0);
    infer(moved, ENOUGH, 1);
    try (EventClient stream = EventClient.open(port, "/api/v1/events?prefix=" + moved);
        EventClient other = EventClient.open(port, "/api/v1/events?prefix=" + equal)) {
      List<Received> all = stream.until("complete");
      assertThat(all)
          .extracting(Received::toString)
          .containsExactly("begin", "message " + moved + " 22", "drift " + moved, "complete");
      assertThat(all.get(2).data())
          .hasToString("{\"name\":\"" + moved + "\",\"drifted\":true,\"driftedFeatures\":1}");
      assertThat(other.until("complete")).hasSize(3);

      infer(equal, ENOUGH, 1);
      assertThat(other.next()).hasToString("drift " + equal);
      assertThat(stream.isSilent()).isTrue();
    }
  }

  @Test
  void aNormalizerThatIsDeletedTellsNothingOfDrift() throws Exception {
    String name = frozen();
    infer(name, ENOUGH, 1);
    try (EventClient stream = follow(name);
        EventClient all = EventClient.open(port, "/api/v1/events?prefix=" + name)) {
      stream.until("drift");
      all.until("complete");
      Exchange.to(client, "DELETE", NORMALIZERS + name).send();
      assertThat(stream.next()).hasToString("deleted # " + name);
      assertThat(all.next()).hasToString("deleted " + name);
      assertThat(stream.isSilent()).isTrue();
      assertThat(all.isSilent()).isTrue();
    }
  }
}
