package io.evenkeel.surface.batches;

import static io.evenkeel.http.Exchange.NORMALIZERS;
import static io.evenkeel.http.Exchange.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.http.Exchange;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalization.DistantLog;
import io.evenkeel.normalization.NormalizerLog;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ChannelSendOperator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/// Clients that are gone before their request is answered.
@ServiceUnderTest
class LostConnectionHttpTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Autowired private WebTestClient client;
  @Autowired private DistantLog log;
  @LocalServerPort private int port;

  @TestConfiguration(proxyBeanMethods = false)
  static class Distance {
    @Bean
    @Primary
    DistantLog distantLog(NormalizerLog near) {
      return new DistantLog(near);
    }

    /// A connection that is found to be lost when the first piece of an answer is to be written, as
    /// Reactor Netty tells it: the answer is not subscribed to again.
    @Bean
    WebFilter lostAtTheFirstPiece() {
      return (exchange, chain) ->
          exchange.getRequest().getHeaders().containsHeader("Lost")
              ? chain.filter(exchange.mutate().response(lost(exchange.getResponse())).build())
              : chain.filter(exchange);
    }

    private static ServerHttpResponse lost(ServerHttpResponse response) {
      return new ServerHttpResponseDecorator(response) {
        @Override
        public Mono<Void> writeAndFlushWith(
            Publisher<? extends Publisher<? extends DataBuffer>> body) {
          return new ChannelSendOperator<>(body, _ -> Mono.error(AbortedException.beforeSend()));
        }
      };
    }
  }

  @AfterEach
  void answer() {
    log.release();
  }

  /// Gone while the log is asked: the body has been read, or has not ended yet.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ":normalize?mode=training&batchRows=2|application/x-ndjson|[1]~[2]~|true",
        ":normalize?mode=training&batchRows=2|application/x-ndjson|[1]~[2]~[3]~[4]~|true",
        ":normalize?mode=training&batchRows=2|application/x-ndjson|[1]~[2]~[3]~[4]~|false",
        ":normalize?mode=training|application/json|[[1], [2]]|true",
        ":observe|application/json|[[1], [2]]|true",
        "/affine:step|application/json|{\"gammaGradient\": [1], \"betaGradient\": [1],"
            + " \"learningRate\": 0.1}|true"
      })
  void aClientThatIsGoneBeforeItsAnswerReleasesItsKey(
      String call, String type, String rows, boolean ends) throws Exception {
    String name = created(client, "{\"featureCount\": 1}");
    String body = rows.replace('~', '\n');
    log.hold();
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoLinger(true, 0);
      send(
          socket,
          "POST "
              + NORMALIZERS
              + name
              + call
              + " HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\nContent-Type: "
              + type
              + "\r\nTransfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(body.length())
              + "\r\n"
              + body
              + "\r\n"
              + (ends ? "0\r\n\r\n" : ""));
      await().atMost(LONG).until(() -> log.underWay() > 0);
    }
    // within a stream the service learns of it at once, after a whole body when it answers
    if (type.equals("application/x-ndjson")) {
      await().atMost(LONG).until(() -> log.underWay() == 0);
    }
    log.release();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(again(name, call, type, body)).isEqualTo(200));
  }

  @Test
  void anAnswerThatCannotBeWrittenReleasesItsKey() {
    String name = created(client, "{\"featureCount\": 1}");
    String call = ":normalize?mode=training&batchRows=2";
    String type = "application/x-ndjson";
    String body = "[1]\n[2]\n".repeat(50);
    Exchange.to(client, "POST", NORMALIZERS + name + call)
        .as(type)
        .with("Idempotency-Key", "k")
        .with("Lost", "true")
        .body(body)
        .send();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(again(name, call, type, body)).isEqualTo(200));
  }

  private int again(String name, String call, String type, String body) {
    return Exchange.to(client, "POST", NORMALIZERS + name + call)
        .as(type)
        .with("Idempotency-Key", "k")
        .body(body)
        .send()
        .status();
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
