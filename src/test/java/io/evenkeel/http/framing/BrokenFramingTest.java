package io.evenkeel.http.framing;

import static io.evenkeel.http.Exchange.ADMIN;
import static io.evenkeel.http.Exchange.NORMALIZERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Answer;
import io.evenkeel.http.Connection;
import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.http.framing.FramedCase.Setting;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Section 7 of the HTTP contract: a body whose framing breaks is never taken for a shorter whole
/// one. Every handler that takes a body, every way of breaking off.
@ServiceUnderTest
class BrokenFramingTest {
  /// At how many places of each body.
  private static final int PLACES = Integer.getInteger("framing.places", 3);

  private static final String TWO = "{\"featureCount\": 2, \"missing\": \"ignore\"}";
  private static final String TRAINED = "{\"rows\": [[1, 9], [2, 8], [4, 5]]}";

  /// It passes over its body.
  private static final String INDEX = "POST /v2/repository/index";

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired private WebTestClient client;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping handlers;

  @LocalServerPort private int port;

  static Stream<FramedCase> whole() {
    return FramedCase.all().stream().filter(request -> !request.isStream());
  }

  static Stream<FramedCase> streams() {
    return FramedCase.all().stream().filter(FramedCase::isStream);
  }

  private static int[] offsets(Breakage breakage, byte[] body) {
    int places = body.length - breakage.least();
    return places < PLACES
        ? IntStream.rangeClosed(breakage.least(), body.length).toArray()
        : IntStream.range(0, PLACES)
            .map(i -> body.length - i * places / Math.max(1, PLACES - 1))
            .toArray();
  }

  /// The handlers that are there are those that are tried.
  @Test
  void noHandlerIsForgotten() {
    Set<String> tried =
        FramedCase.all().stream()
            .map(request -> request.method() + ' ' + request.pattern())
            .collect(Collectors.toSet());
    Set<String> there =
        handlers.getHandlerMethods().keySet().stream()
            .flatMap(info ->
                info.getMethodsCondition().getMethods().stream()
                    .filter(Set.of(RequestMethod.POST, RequestMethod.PUT)::contains)
                    .flatMap(method ->
                        info.getPatternsCondition().getPatterns().stream()
                            .map(pattern -> method + " " + pattern.getPatternString())))
            .collect(Collectors.toSet());
    there.remove(INDEX);
    assertThat(tried).isEqualTo(there);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void aBodyThatBreaksOffChangesNothing(FramedCase request) throws IOException {
    String name = named(request.setting());
    String head = request.head(name, name);
    try (Connection watch = new Connection(port)) {
      String before = state(watch, name);
      for (Breakage breakage : Breakage.all()) {
        for (int offset : offsets(breakage, request.body())) {
          String what = breakage + " at " + offset;
          List<Answer> answers = broken(breakage, head, request.body(), offset);
          assertThat(answers).as(what).hasSize(breakage.isAnswered() ? 1 : 0);
          answers.forEach(answer -> assertThatIsRefused(answer, request, what));
          assertThat(state(watch, name)).as(what).isEqualTo(before);
        }
      }
      Answer right = right(watch, head, request.body());
      assertThat(right.isSuccess()).as(right.text()).isTrue();
      assertThat(right.text()).doesNotContain("duplicate");
      assertThat(right.header("normalizer-outcome")).isIn(null, "applied", "none");
      if (request.moves()) {
        assertThat(version(state(watch, name))).isEqualTo(version(before) + 1);
      }
    }
  }

  private static void assertThatIsRefused(Answer answer, FramedCase request, String what) {
    assertThat(answer.status()).as(what + ": " + answer.text()).isEqualTo(400);
    assertThat(answer.isLast()).as(what).isTrue();
    if (request.path().startsWith("/v")) {
      assertThat(answer.type()).as(what).isEqualTo("application/json");
      assertThat(answer.text()).as(what).startsWith("{\"error\":\"Bad request: ");
    } else {
      assertThat(answer.type()).as(what).isEqualTo("application/problem+json");
      assertThat(answer.text())
          .as(what)
          .contains("\"type\":\"urn:evenkeel:problem:bad-request\"")
          .contains("\"instance\":\"/api/v1/");
    }
  }

  /// The service closes a connection on which nothing more comes. Whoever reads the body beside the
  /// event loop may be quicker with the answer.
  private static void assertThatIsRefusedIfAtAll(Connection connection, String what) {
    try {
      Answer answer = connection.answer();
      // 409 while one before it still holds the key
      assertThat(answer.status()).as(what + ": " + answer.text()).isIn(400, 409);
    } catch (IOException closed) {
      assertThat(closed).as(what).isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  /// What came of whole batches before may have counted; the rest never, and nothing twice.
  @ParameterizedTest
  @MethodSource("streams")
  void aStreamThatBreaksOffIsSentAgainWithItsKey(FramedCase request) throws IOException {
    String name = named(request.setting());
    boolean inTwos = request.path().contains("batchRows=2");
    int all = request.headers().contains("ndjson") ? 5 : 4;
    try (Connection watch = new Connection(port)) {
      for (Breakage breakage : Breakage.all()) {
        for (int offset : offsets(breakage, request.body())) {
          String what = breakage + " at " + offset;
          String head = request.head(name, (breakage + "-" + offset).replace(' ', '-'));
          long before = rows(watch, name);
          List<Answer> answers = broken(breakage, head, request.body(), offset);
          if (breakage.isAnswered()) {
            assertThat(answers).as(what).hasSize(1);
            assertThat(answers.getFirst().text())
                .as(what)
                .contains("urn:evenkeel:problem:bad-request");
          }
          long after = rows(watch, name) - before;
          assertThat(after % 2).as(what).isZero();
          assertThat(after).as(what).isLessThanOrEqualTo(inTwos ? 4 : 0);
          Answer right = right(watch, head, request.body());
          assertThat(right.status()).as(what).isEqualTo(200);
          assertThat(right.text()).as(what).doesNotContain("problem");
          if (!inTwos) {
            assertThat(right.text()).as(what).contains("\"applied\":1,\"duplicate\":0");
          }
          assertThat(rows(watch, name) - before).as(what).isEqualTo(all);
        }
      }
    }
  }

  /// Sends a body that breaks off.
  ///
  /// @return the answer, if there is one, behind which the connection is closed
  private List<Answer> broken(Breakage breakage, String head, byte[] body, int offset)
      throws IOException {
    try (Connection connection = new Connection(port)) {
      breakage.sending().send(connection, head, body, offset);
      if (breakage.isAnswered()) {
        Answer answer = connection.answer();
        assertThat(connection.isClosedNext()).as(breakage + " at " + offset).isTrue();
        return List.of(answer);
      }
      if (breakage.name().startsWith("half-closed")) {
        assertThatIsRefusedIfAtAll(connection, breakage + " at " + offset);
      }
      return List.of();
    }
  }

  /// The whole request. One whose client has gone may hold the key for a moment longer.
  private static Answer right(Connection connection, String head, byte[] body) {
    return await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              connection.send(head + "Content-Length: " + body.length + "\r\n\r\n");
              connection.send(body);
              return connection.answer();
            },
            answer -> !answer.text().contains("idempotency-key-in-flight"));
  }

  private String named(Setting setting) {
    String name = Exchange.created(client, TWO);
    if (setting == Setting.NONE) {
      send("DELETE", NORMALIZERS + name, "", 204);
      return name;
    }
    send("POST", NORMALIZERS + name + ":observe", TRAINED, 200);
    send("POST", ADMIN + name + "/snapshots", "{\"label\": \"before\"}", 201);
    if (setting == Setting.FROZEN) {
      send("POST", ADMIN + name + ":freeze", "{\"scope\": \"all\"}", 200);
    }
    return name;
  }

  private void send(String method, String path, String body, int status) {
    Exchange.Request request = Exchange.to(client, method, path);
    assertThat((body.isEmpty() ? request : request.body(body)).send().status()).isEqualTo(status);
  }

  /// All that can be seen of a normalizer.
  private static String state(Connection connection, String name) throws IOException {
    return get(connection, NORMALIZERS + name)
        + get(connection, NORMALIZERS + name + "/statistics")
        + get(connection, NORMALIZERS + name + "/affine")
        + get(connection, ADMIN + name + "/snapshots");
  }

  private static String get(Connection connection, String path) throws IOException {
    connection.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return new String(connection.answer().body(), StandardCharsets.UTF_8);
  }

  private static long rows(Connection connection, String name) throws IOException {
    JsonNode view = JSON.readTree(get(connection, NORMALIZERS + name));
    return view.path("rows").asLong();
  }

  /// Of the view, which comes first; 0 where there is none.
  private static long version(String state) {
    Matcher version = VERSION.matcher(state);
    return version.find() ? Long.parseLong(version.group(1)) : 0;
  }
}
