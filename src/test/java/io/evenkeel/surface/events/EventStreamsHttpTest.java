package io.evenkeel.surface.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Connection;
import io.evenkeel.http.StartedService;
import io.evenkeel.surface.events.EventClient.Received;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What event streams cost, who may open them, and how they end: at a service with keys, four
/// places for streams, and one second for clients that stall.
class EventStreamsHttpTest {
  private static final String ADA = "Bearer admin-key";
  private static final String THEO = "Bearer theo-key";

  /// The hashes are those of `printf %s admin-key | sha256sum` and of `theo-key`.
  private static final String[] SETTINGS = {
    "evenkeel.store.directory=:memory:",
    "evenkeel.events.streams=4",
    "evenkeel.http.stall-timeout=1s",
    "server.netty.idle-timeout=1s",
    "evenkeel.http.shutdown-delay=0s",
    "evenkeel.security.keys=ada admin"
        + " sha256:69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e,theo reader"
        + " sha256:67839ee2ff863a88139a78a17a74f05254edf0fbb47dde17b9d3377f39f6a80f team-a."
  };

  private static StartedService service;

  @BeforeAll
  static void start() {
    service = StartedService.start(SETTINGS);
  }

  @AfterAll
  static void end() {
    service.close();
  }

  private static HttpResponse<byte[]> send(String method, String path, String body) {
    return send(service, method, path, body);
  }

  private static HttpResponse<byte[]> send(
      StartedService to, String method, String path, String body) {
    return to.send(
        method,
        path,
        body.getBytes(UTF_8),
        "Authorization",
        ADA,
        "Content-Type",
        "application/json");
  }

  private static void create(String name, int features) {
    create(service, name, features);
  }

  private static void create(StartedService at, String name, int features) {
    HttpResponse<byte[]> answer =
        send(at, "PUT", "/api/v1/normalizers/" + name, "{\"featureCount\": " + features + "}");
    assertThat(answer.statusCode()).isEqualTo(201);
  }

  private static EventClient open(String path, String caller) throws Exception {
    return EventClient.open(service.port(), path, "Authorization", caller);
  }

  private static double meter(String name) {
    return meter(service, name);
  }

  private static double meter(StartedService of, String name) {
    Matcher line =
        Pattern.compile("(?m)^" + name + " (\\S+)$")
            .matcher(new String(send(of, "GET", "/actuator/prometheus", "").body(), UTF_8));
    assertThat(line.find()).as(name).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static void awaitNoStreams() {
    await().atMost(Duration.ofSeconds(20)).until(() -> meter("evenkeel_event_streams") == 0);
  }

  @Test
  void aStreamAboutAllTellsOnlyWhatItsCallerReaches() throws Exception {
    create("team-a.one", 1);
    create("team-b.one", 1);
    try (EventClient stream = open("/api/v1/events", THEO);
        EventClient outside = open("/api/v1/events?prefix=team-b", THEO)) {
      assertThat(stream.until("complete"))
          .extracting(Received::toString)
          .containsExactly("begin", "message team-a.one 1", "complete");
      assertThat(outside.until("complete"))
          .extracting(Received::toString)
          .containsExactly("begin", "complete");
      create("team-b.two", 1);
      create("team-a.two", 1);
      assertThat(stream.next()).hasToString("message team-a.two 1");
      assertThat(outside.isSilent()).isTrue();
    }
    try (EventClient foreign = open("/api/v1/normalizers/team-b.one/events", THEO)) {
      assertThat(foreign.status()).isEqualTo(403);
    }
    try (EventClient nobody = EventClient.open(service.port(), "/api/v1/events")) {
      assertThat(nobody.status()).isEqualTo(401);
    }
    awaitNoStreams();
  }

  @Test
  void oneClientHasHalfOfThePlacesAndAllClientsHaveAll() throws Exception {
    try (EventClient first = open("/api/v1/events", ADA);
        EventClient second = open("/api/v1/events", ADA);
        EventClient third = open("/api/v1/events", ADA);
        EventClient other = open("/api/v1/events", THEO)) {
      assertThat(first.status()).isEqualTo(200);
      assertThat(second.status()).isEqualTo(200);
      assertThat(third.status()).isEqualTo(503);
      assertThat(third.header("Content-Type").orElseThrow()).contains("application/problem+json");
      assertThat(third.header("Retry-After")).isPresent();
      assertThat(other.status()).isEqualTo(200);
    }
    awaitNoStreams();
    try (EventClient again = open("/api/v1/events", ADA)) {
      assertThat(again.status()).isEqualTo(200);
    }
    awaitNoStreams();
  }

  /// Longer than the service waits for a client that stalls, and than it keeps an idle connection:
  /// it ends both of them meanwhile, one after the other.
  @Test
  void aStreamOnWhichNothingHappensStaysOpen() throws Exception {
    create("quiet", 1);
    try (EventClient stream = open("/api/v1/normalizers/quiet/events?heartbeatSeconds=60", ADA)) {
      stream.next();
      try (Connection stalled = new Connection(service.port())) {
        stalled.send(
            "POST /api/v1/normalizers/quiet:observe HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: 99\r\nAuthorization: "
                + ADA
                + "\r\n\r\n[");
        assertThat(stalled.answer().status()).isEqualTo(408);
      }
      try (Connection idle = new Connection(service.port())) {
        idle.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(idle.answer().status()).isEqualTo(200);
        assertThat(idle.isClosedNext()).isTrue();
      }
      send("POST", "/api/v1/normalizers/quiet:observe", "{\"rows\": [[1], [2]]}");
      assertThat(stream.next()).hasToString("message #2 quiet 2");
    }
    awaitNoStreams();
  }

  @Test
  void aClientThatIsGoneIsNoticed() throws Exception {
    create("left", 1);
    Connection connection = new Connection(service.port());
    connection.send(
        "GET /api/v1/normalizers/left/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
            + ADA
            + "\r\n\r\n");
    connection.head();
    assertThat(meter("evenkeel_event_streams")).isEqualTo(1);
    connection.reset();
    awaitNoStreams();
  }

  /// A view of 2,000 features is some 150 KB, 200 of them 30 MB: the client reads almost none of
  /// them for a while. It does so at a service that does not count it as stalled meanwhile.
  @Test
  void aSlowReaderMissesVersionsInBetweenAndCostsNoMemory() throws Exception {
    String[] patient =
        Arrays.stream(SETTINGS)
            .map(s -> s.replace("timeout=1s", "timeout=60s"))
            .toArray(String[]::new);
    try (StartedService slow = StartedService.start(patient)) {
      missVersions(slow);
    }
  }

  private static void missVersions(StartedService slow) throws Exception {
    create(slow, "wide", 2000);
    String rows = "{\"rows\": [[" + "1,".repeat(1999) + "1],[" + "2,".repeat(1999) + "2]]}";
    double before = meter(slow, "evenkeel_in_flight_bytes\\{mode=\"inference\"\\}");
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(8 << 10);
      socket.connect(new InetSocketAddress("127.0.0.1", slow.port()));
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/normalizers/wide/events HTTP/1.0\r\nHost: localhost\r\nAuthorization: "
                      + ADA
                      + "\r\n\r\n")
                  .getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      long most = 0;
      int read = in.readNBytes(20_000).length;
      for (int batch = 0; batch < 200; batch++) {
        send(slow, "POST", "/api/v1/normalizers/wide:observe", rows);
        if (batch % 20 == 0) {
          read += in.readNBytes(4_000).length;
          double now = meter(slow, "evenkeel_in_flight_bytes\\{mode=\"inference\"\\}");
          most = Math.max(most, (long) (now - before));
        }
      }
      assertThat(most).isLessThan(1 << 20);
      StringBuilder text = new StringBuilder();
      while (!text.toString().contains("id: 201\n")) {
        byte[] piece = in.readNBytes(1 << 16);
        assertThat(piece).as("the stream goes on").isNotEmpty();
        text.append(new String(piece, UTF_8));
      }
      long versions = Pattern.compile("(?m)^id: \\d+$").matcher(text).results().count();
      // what the two sockets hold between them, and the version that was being written
      assertThat(versions).isLessThan(60);
      assertThat(read).isGreaterThan(20_000);
    }
  }

  @Test
  void thousandNormalizersChangeAndEachIsTold() throws Exception {
    IntStream.range(0, 1000).forEach(i -> create("many-" + i, 1));
    try (EventClient stream = open("/api/v1/events?prefix=many-", ADA)) {
      assertThat(stream.until("complete")).hasSize(1002);
      for (int i = 0; i < 1000; i++) {
        send("POST", "/api/v1/normalizers/many-" + i + ":observe", "{\"rows\": [[1], [2]]}");
      }
      List<String> told = IntStream.range(0, 1000).mapToObj(_ -> stream.next().toString()).toList();
      assertThat(told)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 1000).mapToObj(i -> "message many-" + i + " 2").toList());
    }
    awaitNoStreams();
  }

  @Test
  void whenTheServiceStopsItsStreamsEndInOrder() throws Exception {
    long start;
    try (StartedService stopped = StartedService.start(SETTINGS)) {
      try (EventClient stream =
          EventClient.open(stopped.port(), "/api/v1/events", "Authorization", ADA)) {
        stream.until("complete");
        start = System.nanoTime();
        stopped.close();
        assertThat(stream.next()).hasToString("end");
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }
}
