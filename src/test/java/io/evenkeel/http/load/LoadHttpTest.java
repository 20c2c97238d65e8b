package io.evenkeel.http.load;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static io.evenkeel.http.Exchange.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.netty.http.client.HttpClient;

/// Clients that stall, by plain sockets, at a service that waits one second for them.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "evenkeel.http.stall-timeout=1s",
      "server.netty.idle-timeout=1s"
    })
@AutoConfigureWebTestClient(timeout = "PT30S")
@AutoConfigureMetrics
class LoadHttpTest {
  private final WebTestClient client;
  private final MeterRegistry meters;
  private final int port;

  /// The service closes connections that are idle, and so under the hands of a client that keeps
  /// them: this one has a new one each time.
  LoadHttpTest(
      @Autowired WebTestClient keeping,
      @Autowired MeterRegistry meters,
      @LocalServerPort int port) {
    this.client =
        keeping
            .mutate()
            .clientConnector(new ReactorClientHttpConnector(HttpClient.newConnection()))
            .build();
    this.meters = meters;
    this.port = port;
  }

  /// The service's side keeps little of an answer that its client does not take.
  @TestConfiguration(proxyBeanMethods = false)
  static class SmallBuffers {
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> smallBuffers() {
      return factory ->
          factory.addServerCustomizers(
              server -> server.childOption(ChannelOption.SO_SNDBUF, 4 << 10));
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String untilClosed(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static String post(String path, int length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  @Test
  void aBodyThatStallsIsGivenUp() throws IOException {
    String path = NORMALIZERS + created(client, "{\"featureCount\": 1}") + ":normalize";
    try (Socket socket = connect()) {
      send(socket, post(path, 1000) + "{\"rows\": [[1]");
      assertThat(untilClosed(socket)).startsWith("HTTP/1.1 408").contains("request-timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HT", "GET /livez HTTP/1.1\r\nHost: local"})
  void aConnectionOnWhichNoRequestIsCompletedIsClosed(String begun) throws IOException {
    try (Socket socket = connect()) {
      send(socket, begun);
      assertThat(untilClosed(socket)).doesNotContain("200");
    }
  }

  /// Of an answer that is handed to the network whole, and of one that goes in pieces.
  @ParameterizedTest
  @ValueSource(ints = {20_000, 200_000})
  void anAnswerThatIsNotTakenCountsUntilItIsGivenUp(int rows) throws IOException {
    String path = NORMALIZERS + untrained(client, "{\"featureCount\": 1}") + ":normalize";
    String body = "{\"rows\": [[1]" + ",[1]".repeat(rows - 1) + "]}";
    // a pause may have it given up before anybody looks: then once more
    boolean counted = false;
    for (int i = 0; i < 5 && !counted; i++) {
      await().atMost(Duration.ofSeconds(20)).until(() -> inFlight() == 0);
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(20_000);
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        send(socket, post(path, body.length()) + body);
        byte[] status = socket.getInputStream().readNBytes(12);
        assertThat(status).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 200");
        counted = inFlight() >= body.length();
        await().atMost(Duration.ofSeconds(20)).until(() -> inFlight() == 0);
        assertThat(socket.getInputStream().readAllBytes())
            .hasSizeLessThan(rows * "[1.0],".length());
      }
    }
    assertThat(counted).isTrue();
  }

  private double inFlight() {
    return meters.get("evenkeel.in.flight").tag("mode", "inference").gauge().value();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding : chunked",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 5, 5"
      })
  void aBodyWhoseLengthCanBeReadInTwoWaysIsRefused(String headers) throws IOException {
    try (Socket socket = connect()) {
      send(
          socket,
          "POST /api/v1/normalizers/nobody:normalize HTTP/1.1\r\nHost: localhost\r\n"
              + headers
              + "\r\n\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
      String answers = untilClosed(socket);
      assertThat(answers.split("HTTP/1.1 ", -1)).hasSizeLessThanOrEqualTo(2);
      assertThat(answers).doesNotContain("200 OK");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /%zz HTTP/1.1, 400, bad-parameter",
    "GET /a|b HTTP/1.1, 400, bad-parameter",
    "GET /[ HTTP/1.1, 400, bad-parameter",
    "GARBAGE, 400, bad-request",
    "GET / HTTP/one, 400, bad-request",
    "GET /aaaaa*1000 HTTP/1.1, 414, uri-too-long"
  })
  void aRequestThatCannotBeReadIsToldSo(String line, int status, String type) throws IOException {
    try (Socket socket = connect()) {
      String whole = line.replace("aaaaa*1000", "aaaaa".repeat(1000));
      send(socket, whole + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(untilClosed(socket))
          .startsWith("HTTP/1.1 " + status)
          .contains("application/problem+json")
          .contains("\"type\":\"urn:evenkeel:problem:" + type + "\"");
    }
  }

  /// The path is lost with the line, so only the beginning of the line tells the protocol.
  @ParameterizedTest
  @CsvSource({
    "GET /v2/models/a?, false",
    "POST /v1/models/a?, false",
    "GET /v2?, false",
    "GET /v22/, true",
    "GET /api/v1/normalizers?, true"
  })
  void aLineThatIsTooLongIsRefusedInTheFormOfItsProtocol(String begin, boolean problem)
      throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      String line = begin + "aaaaa".repeat(1000) + " HTTP/1.1";
      send(socket, line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      String answers = untilClosed(socket);
      String refused = answers.substring(answers.indexOf("HTTP/1.1 414"));
      assertThat(refused).contains(problem ? "application/problem+json" : "{\"error\":\"");
      assertThat(refused).contains("the path and the query");
    }
  }

  /// Without a document of its own, such as health has for a component that is none.
  @Test
  void anotherRefusalIsNotTakenForOneOfTheLine() throws IOException {
    try (Socket socket = connect()) {
      send(
          socket,
          "GET /actuator/health/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(untilClosed(socket)).startsWith("HTTP/1.1 404").doesNotContain("bad-parameter");
    }
  }

  @Test
  void headersWithoutEndAreRefused() throws IOException {
    try (Socket socket = connect()) {
      send(
          socket,
          "GET /livez HTTP/1.1\r\nHost: localhost\r\n" + "X-Flood: aaaaaaaa\r\n".repeat(10_000));
      assertThat(untilClosed(socket)).startsWith("HTTP/1.1 431").contains("headers-too-large");
    } catch (IOException reset) {
      assertThat(reset).hasMessageMatching(".*([Rr]eset|[Bb]roken pipe).*");
    }
  }
}
