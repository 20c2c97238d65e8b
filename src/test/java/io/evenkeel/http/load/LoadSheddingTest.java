package io.evenkeel.http.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.HttpSettings;
import io.evenkeel.http.problem.RequestException;
import io.evenkeel.normalization.EmptyLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/// A connection to a service whose log is full, so that training is refused and nothing else is.
class LoadSheddingTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final String TRAINING = "/api/v1/normalizers/a:normalize?mode=training";
  private static final String REFUSED = "HTTP/1.1 503 Service Unavailable";

  private final HttpSettings settings =
      new HttpSettings(DataSize.ofMegabytes(1), null, null, 0, LONGEST, Duration.ofSeconds(0));
  private final LoadLimits limits =
      new LoadLimits(settings, new EmptyLog(true, true), new SimpleMeterRegistry());
  private final Senders senders = new Senders();
  private final ShedAnswers answers = new ShedAnswers(JsonMapper.builder().build());
  private final AtomicBoolean leaving = new AtomicBoolean();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new HttpServerCodec(),
          new LoadShedding(limits, senders, answers, new TrainingTurns(), leaving::get, LONGEST));

  @BeforeEach
  void theClientIsKnown() {
    senders.remember(channel, _ -> null, "a", System.nanoTime() + TimeUnit.HOURS.toNanos(1));
    channel.freezeTime();
  }

  private static String post(String target, String headers) {
    return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n";
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  /// The requests that go on to the service.
  private List<String> passedOn() {
    List<String> targets = new ArrayList<>();
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpRequest request) {
        targets.add(request.uri());
      }
      ReferenceCountUtil.release(message);
    }
    return targets;
  }

  private String answered() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      text.append(part.toString(StandardCharsets.US_ASCII));
      part.release();
    }
    return text.toString();
  }

  @Test
  void aRefusedRequestIsAnsweredAndTheNextOneTaken() {
    send(post(TRAINING, "Content-Length: 5") + "12");
    assertThat(answered())
        .startsWith(REFUSED)
        .contains("Retry-After: 1", "\"instance\":\"/api/v1/normalizers/a:normalize\"");
    send("345" + post("/next", "Content-Length: 0"));
    assertThat(passedOn()).containsExactly("/next");
    assertThat(channel.isOpen()).isTrue();
  }

  /// Its client is about to send it again.
  @Test
  void theConnectionIsNotReadForAWhileOnceAllOfARefusedTrainingHasCome() {
    send(post(TRAINING, "Content-Length: 5") + "12");
    assertThat(channel.config().isAutoRead()).isTrue();
    send("345");
    channel.runScheduledPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Expect: 100-continue",
        "Connection: close",
        "Origin: http://a",
        "Upgrade: h2c",
        // what breaks HTTP's rules is refused as that, and its connection closed
        "Transfer-Encoding: gzip",
        "Host: b"
      })
  void whatIsNotPlainGoesOn(String header) {
    send(post(TRAINING, "Content-Length: 5\r\n" + header));
    assertThat(passedOn()).containsExactly(TRAINING);
    assertThat(answered()).isEmpty();
  }

  @Test
  void soDoesAnAbsoluteTargetAndWhoIsNotKnown() {
    send(post("http://localhost" + TRAINING, "Content-Length: 0"));
    assertThat(passedOn()).hasSize(1);
    answer("keep-alive");
    send(post(TRAINING, "Content-Length: 0\r\nAuthorization: Bearer other"));
    assertThat(passedOn()).containsExactly(TRAINING);
  }

  private void answer(String connection) {
    DefaultFullHttpResponse answer =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    answer.headers().set("Content-Length", 0).set("Connection", connection);
    channel.writeOutbound(answer);
  }

  @Test
  void noAnswerOvertakesAnother() {
    send(post("/first", "Content-Length: 0") + post(TRAINING, "Content-Length: 0"));
    assertThat(passedOn()).containsExactly("/first", TRAINING);
    answer("keep-alive");
    send(post(TRAINING, "Content-Length: 0"));
    assertThat(passedOn()).containsExactly(TRAINING);
    answer("keep-alive");
    answer("keep-alive");
    assertThat(answered()).doesNotContain("503");
    send(post(TRAINING, "Content-Length: 0"));
    assertThat(answered()).startsWith(REFUSED);
  }

  @Test
  void nothingFollowsTheLastAnswer() {
    send(post("/first", "Content-Length: 0"));
    answer("close");
    send(post(TRAINING, "Content-Length: 0"));
    assertThat(passedOn()).containsExactly("/first", TRAINING);
    assertThat(answered()).doesNotContain("503");
  }

  /// Its refusals would pile up here.
  @Test
  void whoTakesNoAnswersGetsNone() {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    send(post(TRAINING, "Content-Length: 0"));
    assertThat(passedOn()).containsExactly(TRAINING);
    assertThat(answered()).isEmpty();
  }

  @Test
  void behindABodyThatCannotBeReadTheConnectionEnds() {
    send(post(TRAINING, "Transfer-Encoding: chunked") + "no length\r\n");
    assertThat(answered()).startsWith(REFUSED);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aBodyThatDoesNotComeEndsTheConnection() {
    send(post(TRAINING, "Content-Length: 5") + "12");
    channel.advanceTimeBy(LONGEST.toSeconds() - 1, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    send("3");
    assertThat(channel.isOpen()).isTrue();
    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aBodyThatComesDoesNot() {
    send(post(TRAINING, "Content-Length: 5") + "12");
    send("345");
    channel.advanceTimeBy(2 * LONGEST.toSeconds(), TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void theConnectionIsClosedBehindARefusedRequestAndNotWithinIt() {
    send(post(TRAINING, "Content-Length: 5") + "12");
    channel.close();
    assertThat(channel.isOpen()).isTrue();
    send("345");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aServiceThatLeavesRefusesNothingHere() {
    leaving.set(true);
    send(post(TRAINING, "Content-Length: 0"));
    assertThat(passedOn()).containsExactly(TRAINING);
  }

  @Test
  void overTlsTheAnswerSaysToStayThere() {
    RequestException refusal = new RequestException.Busy("Later.");
    assertThat(
            answers
                .of(refusal, "/a", true, false, channel.alloc())
                .headers()
                .contains("Strict-Transport-Security"))
        .isTrue();
    assertThat(
            answers
                .of(refusal, "/a", false, false, channel.alloc())
                .headers()
                .contains("Strict-Transport-Security"))
        .isFalse();
  }
}
