package io.evenkeel.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.problem.RequestException.Unauthenticated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/// Answers that their clients take slowly, or that have not begun, while credentials end.
class OpenRequestsTest {
  private static final String ABC =
      "p reader sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n";
  private static final ShownCredential SHOWN = new ShownCredential("abc", "192.0.2.1");
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir private Path folder;

  private final MockServerWebExchange exchange =
      MockServerWebExchange.from(MockServerHttpRequest.get("http://localhost/a"));
  private KeyRing ring;
  private OpenRequests open;

  @BeforeEach
  void let() throws IOException {
    ring = new KeyRing(List.of(), Optional.of(Files.writeString(folder.resolve("keys"), ABC)));
    open =
        new OpenRequests(
            new Credentials(ring, Optional.empty(), new WrongCredentials(System::nanoTime)),
            Clock.fixed(NOW, ZoneOffset.UTC));
  }

  /// A request that goes on for ever, up to where its credential has been looked at again.
  private StepVerifier.Step<Void> lookedAt(Optional<Instant> until) {
    CallerToken caller = new CallerToken(ring.find(SHOWN.hash()).orElseThrow(), until);
    caller.setDetails(SHOWN);
    StepVerifier.FirstStep<Void> request =
        StepVerifier.withVirtualTime(() ->
            open.filter(exchange, _ -> Mono.never())
                .contextWrite(ReactiveSecurityContextHolder.withAuthentication(caller)));
    return request.expectSubscription().then(() -> open.lookAgain().block());
  }

  private void withdraw() throws IOException {
    Files.writeString(folder.resolve("keys"), "");
    assertThat(ring.refresh()).isTrue();
  }

  private static void assertCutOffAfterSomeSeconds(StepVerifier.Step<Void> request) {
    request
        .expectNoEvent(Duration.ofSeconds(4))
        .thenAwait(Duration.ofSeconds(1))
        .verifyErrorSatisfies(error -> assertThat(error).isInstanceOf(Unauthenticated.class));
  }

  private static void assertGoesOn(StepVerifier.Step<Void> request) {
    request.expectNoEvent(Duration.ofHours(1)).thenCancel().verify();
  }

  @Test
  void anAnswerThatGoesOnIsCutOff() throws IOException {
    exchange.getResponse().setComplete().block();
    StepVerifier.Step<Void> request = lookedAt(Optional.empty());
    withdraw();
    assertCutOffAfterSomeSeconds(request);
  }

  /// It is about to tell what became of the request; nobody may say that nothing did.
  @Test
  void anAnswerThatHasNotBegunIsAwaited() throws IOException {
    StepVerifier.Step<Void> request = lookedAt(Optional.empty());
    withdraw();
    assertGoesOn(request);
  }

  /// Even where the credential cannot be looked at: its end is known.
  @Test
  void anAnswerGoesOnUntilTheTimeOfItsCredentialIsOver() {
    exchange.getResponse().setComplete().block();
    assertGoesOn(lookedAt(Optional.of(NOW.plusSeconds(1))));
    assertCutOffAfterSomeSeconds(lookedAt(Optional.of(NOW)));
  }
}
