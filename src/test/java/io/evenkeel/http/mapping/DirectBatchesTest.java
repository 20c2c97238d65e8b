package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.LiveObjects;
import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.StartedService;
import io.evenkeel.http.network.TakenRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Batches for targets that are known, on connections that do what clients and networks do. The
/// normalizer has mean 2 and variance 1: x becomes x − 2.
class DirectBatchesTest {
  private static final String INFER = "/api/v1/normalizers/a:normalize?mode=inference";
  private static final String TRAIN = "/api/v1/normalizers/b:observe";

  private static StartedService service;

  @BeforeAll
  static void start() throws IOException {
    service =
        StartedService.start(
            "evenkeel.store.directory=:memory:",
            "evenkeel.http.shutdown-delay=0s",
            "evenkeel.http.stall-timeout=1s",
            "server.netty.idle-timeout=2s",
            "evenkeel.http.max-body-size=8MB");
    for (String name : new String[] {"a", "b"}) {
      service.send(
          "PUT",
          "/api/v1/normalizers/" + name,
          "{\"featureCount\":1,\"runningVariance\":\"biased\"}".getBytes(),
          "Content-Type",
          "application/json");
    }
    try (Connection connection = new Connection(service.port())) {
      connection.send(post("/api/v1/normalizers/a:observe", "{\"rows\":[[1],[3]]}"));
      connection.answer();
      connection.send(post(INFER, "{\"rows\":[[1]]}"));
      assertThat(connection.answer().text()).contains("[[-1.0]]");
      connection.send(post(TRAIN, "{\"rows\":[[1],[3]]}"));
      connection.answer();
    }
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @BeforeEach
  void theTargetsAreKnown() {
    ShortWay way = service.bean(ShortWay.class);
    for (String target : new String[] {INFER, TRAIN}) {
      DefaultHttpRequest request =
          new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, target);
      request.headers().set("Host", "localhost");
      assertThat(way.target(request)).isPresent();
    }
  }

  private static String post(String target, String headers, String body) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n%s".formatted(target, headers, body);
  }

  private static String post(String target, String body) {
    return post(
        target,
        "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n",
        body);
  }

  private static String chunked(String target, String body) {
    return post(
        target,
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
        Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
  }

  private static int count() {
    byte[] body = service.send("GET", "/api/v1/normalizers/b/statistics", new byte[0]).body();
    return Integer.parseInt(new String(body).replaceAll(".*\"count\":\\[([0-9]+).*", "$1"));
  }

  private static void nothingIsHeld() {
    await()
        .untilAsserted(() ->
            assertThat(service.bean(MeterRegistry.class).get("evenkeel.in.flight").gauge().value())
                .isZero());
  }

  /// Every third is read by Reactor Netty, by its chunks. A connection may stay open for long
  /// without another batch.
  @Test
  void afterItsAnswerNothingOfABatchStaysOnTheHeap() throws IOException {
    try (Connection idle = new Connection(service.port())) {
      for (String target : new String[] {INFER, TRAIN}) {
        idle.send(post(target, "{\"rows\":[[5]]}"));
        assertThat(idle.answer().status()).isEqualTo(200);
        assertThat(isAlive(ShortWay.class)).isTrue();
        await().until(() -> !isAlive(TakenRequest.class));
      }
      idle.send(post(INFER, "{\"rows\":[[5]]}"));
      assertThat(idle.answer().status()).isEqualTo(200);
    }
  }

  private static boolean isAlive(Class<?> type) {
    return LiveObjects.histogram().anyMatch(line -> line.endsWith(" " + type.getName()));
  }

  @Test
  void requestsInOneWriteAreAnsweredInTheirOrder() throws IOException {
    String all =
        IntStream.range(0, 99)
            .mapToObj(i ->
                i % 3 == 0
                    ? chunked(INFER, "{\"rows\":[[" + i + "]]}")
                    : post(INFER, "{\"rows\":[[" + i + "]]}"))
            .collect(Collectors.joining());
    try (Connection connection = new Connection(service.port())) {
      connection.send(all);
      for (int i = 0; i < 99; i++) {
        assertThat(connection.answer().text()).contains("[[" + (i - 2) + ".0]]");
      }
    }
    nothingIsHeld();
  }

  @Test
  void aBodyMayComeByteForByte() throws IOException {
    String request = post(INFER, "{\"rows\":[[5],[12]]}");
    try (Connection connection = new Connection(service.port())) {
      for (char each : request.toCharArray()) {
        connection.send(String.valueOf(each));
      }
      assertThat(connection.answer().text()).contains("[[3.0],[10.0]]");
    }
  }

  /// The answer comes in chunks, since it is long.
  @Test
  void aLongBodyHasALongAnswer() throws IOException {
    int rows = 300_000;
    String body =
        IntStream.range(0, rows)
            .mapToObj(i -> "[" + i + "]")
            .collect(Collectors.joining(",", "{\"rows\":[", "]}"));
    String expected =
        IntStream.range(0, rows)
            .mapToObj(i -> "[" + (i - 2) + ".0]")
            .collect(Collectors.joining(",", "[", "]"));
    try (Connection connection = new Connection(service.port())) {
      connection.send(post(INFER, body) + post(INFER, "{\"rows\":[[7]]}"));
      Answer answer = connection.answer();
      assertThat(answer.headers()).containsEntry("transfer-encoding", "chunked");
      assertThat(answer.text().replaceAll("\\s", "").contains(expected)).isTrue();
      assertThat(connection.answer().text()).contains("[[5.0]]");
    }
    nothingIsHeld();
  }

  @Test
  void aRefusalBeforeTheBodyLeavesTheConnectionInOrder() throws IOException {
    String padded = "{\"rows\":[[1]" + " ".repeat(9 << 20) + "]}";
    try (Connection connection = new Connection(service.port())) {
      connection.send(post(INFER, padded) + post(INFER, "{\"rows\":[[7]]}"));
      assertThat(connection.answer().status()).isEqualTo(413);
      assertThat(connection.answer().text()).contains("[[5.0]]");
    }
    nothingIsHeld();
  }

  @Test
  void nothingFollowsTheLastRequest() throws IOException {
    int before = count();
    String body = "{\"rows\":[[1],[3]]}";
    String last =
        post(
            TRAIN,
            "Connection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n",
            body);
    try (Connection connection = new Connection(service.port())) {
      connection.send(post(TRAIN, body) + last + post(TRAIN, body));
      assertThat(connection.answer().status()).isEqualTo(200);
      assertThat(connection.answer().isLast()).isTrue();
      assertThat(connection.isClosedNext()).isTrue();
    }
    assertThat(count()).isEqualTo(before + 4);
  }

  @Test
  void aClientThatStallsIsToldSo() throws IOException {
    int before = count();
    try (Connection connection = new Connection(service.port())) {
      connection.send(post(TRAIN, "Content-Type: application/json\r\nContent-Length: 99\r\n", "{"));
      Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.text()).contains("urn:evenkeel:problem:");
      assertThat(connection.isClosedNext()).isTrue();
    }
    assertThat(count()).isEqualTo(before);
    nothingIsHeld();
  }

  @Test
  void aClientThatDiesWithinItsBodyHoldsNothing() throws IOException {
    int before = count();
    for (int i = 0; i < 20; i++) {
      try (Connection connection = new Connection(service.port())) {
        connection.send(
            post(
                TRAIN,
                "Content-Type: application/json\r\nContent-Length: 99\r\n",
                "{\"rows\":[[1"));
        if (i % 2 == 0) {
          connection.reset();
        }
      }
    }
    nothingIsHeld();
    assertThat(count()).isEqualTo(before);
  }

  /// The answer is larger than what the network takes before it is read.
  @Test
  void aClientThatDiesWithinItsAnswerHoldsNothing() throws IOException {
    String body =
        IntStream.range(0, 700_000)
            .mapToObj(i -> "[" + i + "]")
            .collect(Collectors.joining(",", "{\"rows\":[", "]}"));
    for (int i = 0; i < 4; i++) {
      try (Connection connection = new Connection(service.port())) {
        connection.send(post(INFER, body));
        connection.head();
        connection.chunk();
        connection.reset();
      }
    }
    nothingIsHeld();
  }

  @Test
  void aConnectionThatIsNotUsedIsClosed() throws IOException {
    try (Connection connection = new Connection(service.port())) {
      connection.send(post(INFER, "{\"rows\":[[7]]}"));
      assertThat(connection.answer().status()).isEqualTo(200);
      long begun = System.nanoTime();
      assertThat(connection.isClosedNext()).isTrue();
      assertThat(System.nanoTime() - begun).isBetween(1_500_000_000L, 30_000_000_000L);
    }
  }

  @Test
  void aRequestThatExpectsToBeAskedForItsBodyIsAsked() throws IOException {
    String body = "{\"rows\":[[7]]}";
    try (Connection connection = new Connection(service.port())) {
      connection.send(
          post(
              INFER,
              "Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n",
              ""));
      assertThat(connection.answer().status()).isEqualTo(100);
      connection.send(body);
      assertThat(connection.answer().text()).contains("[[5.0]]");
    }
  }

  /// Netty has no more than 128 requests of a connection under way.
  @Test
  void manySmallRequestsMayComeInOneRead() throws IOException {
    try (Connection connection = new Connection(service.port())) {
      connection.send(post(INFER, "{\"rows\":[[7]]}").repeat(600));
      for (int i = 0; i < 600; i++) {
        assertThat(connection.answer().text()).contains("[[5.0]]");
      }
    }
  }

  /// More connections than may be under way at a time. Every other one sends ahead.
  @Test
  void manyConnectionsThatTrainAreAllAnswered() throws IOException {
    int before = count();
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        connections.add(new Connection(service.port()));
      }
      String request = post(TRAIN, "{\"rows\":[[1],[3]]}");
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < connections.size(); i++) {
          connections.get(i).send(request.repeat(1 + i % 2));
        }
        for (int i = 0; i < connections.size(); i++) {
          for (int answers = 0; answers < 1 + i % 2; answers++) {
            assertThat(connections.get(i).answer().status()).isEqualTo(200);
          }
        }
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
    assertThat(count() - before).isEqualTo(2 * 5 * 600);
    nothingIsHeld();
  }

  @Test
  void aClientThatHasEndedItsSideGetsItsAnswer() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (Connection connection = new Connection(service.port())) {
        connection.send(post(INFER, "{\"rows\":[[7]]}"));
        connection.endOutput();
        assertThat(connection.answer().text()).contains("[[5.0]]");
      }
    }
  }

  @Test
  void aBodyThatIsRefusedAndNeverComesHoldsNoConnection() throws IOException {
    String head = "Content-Type: application/json\r\nContent-Length: 99\r\n";
    for (String target : new String[] {"/nowhere", INFER + "&unknown=1"}) {
      for (int i = 0; i < 2; i++) {
        try (Connection connection = new Connection(service.port())) {
          connection.send(post(target, head, ""));
          assertThat(connection.answer().status()).isIn(400, 404);
          assertThat(connection.isClosedNext()).isTrue();
        }
      }
    }
  }

  @Test
  void aConnectionMayHaveAsManyRequestsAsTheServerIsTold() throws IOException {
    try (StartedService limited =
            StartedService.start(
                "evenkeel.store.directory=:memory:",
                "evenkeel.http.shutdown-delay=0s",
                "server.netty.max-keep-alive-requests=3");
        Connection connection = new Connection(limited.port())) {
      String request = post(INFER, "{\"rows\":[[1]]}");
      connection.send(request);
      assertThat(connection.answer().isLast()).isFalse();
      connection.send(request);
      assertThat(connection.answer().isLast()).isFalse();
      connection.send(request);
      assertThat(connection.answer().isLast()).isTrue();
    }
  }

  @Test
  void answersAreCompressedWhereTheServerIsToldTo() throws IOException {
    try (StartedService compressing =
            StartedService.start(
                "evenkeel.store.directory=:memory:",
                "evenkeel.http.shutdown-delay=0s",
                "server.compression.enabled=true",
                "server.compression.min-response-size=1");
        Connection connection = new Connection(compressing.port())) {
      connection.send(
          """
          PUT /api/v1/normalizers/a HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Content-Length: 18\r
          \r
          {"featureCount":1}\
          """);
      connection.answer();
      String headers =
          "Content-Type: application/json\r\nContent-Length: 16\r\nAccept-Encoding: gzip\r\n";
      for (int batch = 1; batch <= 3; batch++) {
        connection.send(post("/api/v1/normalizers/a:observe", headers, "{\"rows\":[[1.5]]}"));
        assertThat(connection.answer().header("content-encoding")).isEqualTo("gzip");
      }
    }
  }
}
