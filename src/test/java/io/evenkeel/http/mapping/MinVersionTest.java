package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Caller;
import io.evenkeel.http.Callers;
import io.evenkeel.http.Role;
import io.evenkeel.http.problem.RequestException.Behind;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.OneNormalizerLog;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/// Waiting for a version, in a time that passes when the test says so.
class MinVersionTest {
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final OneNormalizerLog log = new OneNormalizerLog();
  private final MinVersion filter = new MinVersion(log, time);
  private final List<String> told = new ArrayList<>();

  private Disposable ask(String version) {
    return ask(version, "ann");
  }

  private Disposable ask(String version, String client) {
    MockServerHttpRequest request =
        MockServerHttpRequest.get("/api/v1/normalizers/payments/statistics")
            .header("Min-Version", version)
            .build();
    MockServerWebExchange exchange = MockServerWebExchange.from(request);
    Callers.keep(new Caller(Optional.of(client), Role.ADMIN, ""), exchange);
    return filter
        .filter(exchange, _ -> Mono.fromRunnable(() -> told.add("on")))
        .subscribe(
            null,
            error -> told.add(error instanceof Behind ? "behind: " + error.getMessage() : "else"));
  }

  @Test
  void aVersionThatIsThereIsNotWaitedFor() {
    log.fold(Asking.of("payments").create());
    ask("1");
    assertThat(told).containsExactly("on");
  }

  @Test
  void aVersionThatComesMeanwhileIsWaitedFor() {
    log.fold(Asking.of("payments").create());
    ask("3");
    log.fold(Asking.of("payments").observe(1, 2));
    time.advanceTimeBy(A_MOMENT);
    assertThat(told).isEmpty();
    log.fold(Asking.of("payments").observe(3, 4));
    time.advanceTimeBy(A_MOMENT);
    assertThat(told).containsExactly("on");
  }

  @Test
  void aNameThatComesMeanwhileIsWaitedFor() {
    ask("1");
    time.advanceTimeBy(A_MOMENT);
    assertThat(told).isEmpty();
    log.fold(Asking.of("payments").create());
    time.advanceTimeBy(A_MOMENT);
    assertThat(told).containsExactly("on");
  }

  @Test
  void aVersionThatDoesNotComeIsGivenUpAtTheDeadline() {
    log.fold(Asking.of("payments").create());
    ask("2");
    time.advanceTimeBy(TWO_SECONDS.minusMillis(1));
    assertThat(told).isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(told).containsExactly("behind: 'payments' is at version 1 here, not yet at 2.");
    log.fold(Asking.of("payments").observe(1, 2));
    time.advanceTimeBy(TWO_SECONDS);
    assertThat(told).hasSize(1);
  }

  /// So that other clients can wait, too. The one that is too many is answered at once, and there
  /// is room again when one gives up.
  @Test
  void oneClientHasHalfOfThePlaces() {
    List<Disposable> waiting = new ArrayList<>();
    for (int i = 0; i < MinVersion.MOST / 2; i++) {
      waiting.add(ask("1", "ann"));
    }
    assertThat(told).isEmpty();
    ask("1", "ann");
    assertThat(told).hasSize(1).first().asString().startsWith("behind");
    ask("1", "bob");
    assertThat(told).hasSize(1);
    waiting.getFirst().dispose();
    ask("1", "ann");
    assertThat(told).hasSize(1);
    ask("1", "ann");
    assertThat(told).hasSize(2);
  }

  /// Without credentials a client is told by its address.
  @Test
  void withoutCredentialsAnAddressHasHalfOfThePlaces() {
    for (int i = 0; i < MinVersion.MOST / 2; i++) {
      askFrom("192.0.2.1");
    }
    assertThat(told).isEmpty();
    askFrom("192.0.2.1");
    assertThat(told).hasSize(1);
    askFrom("192.0.2.2");
    assertThat(told).hasSize(1);
  }

  private void askFrom(String address) {
    MockServerWebExchange exchange =
        MockServerWebExchange.from(
            MockServerHttpRequest.get("/api/v1/normalizers/payments")
                .header("Min-Version", "1")
                .remoteAddress(new InetSocketAddress(address, 1)));
    Callers.keep(Caller.ANYBODY, exchange);
    var _ =
        filter
            .filter(exchange, _ -> Mono.fromRunnable(() -> told.add("on")))
            .subscribe(null, error -> told.add("behind"));
  }

  /// The one that is too many is answered at once, and there is room again when one gives up.
  @Test
  void onlySoManyWait() {
    List<Disposable> waiting = new ArrayList<>();
    for (int i = 0; i < MinVersion.MOST; i++) {
      waiting.add(ask("1", "client-" + i % 2));
    }
    assertThat(told).isEmpty();
    ask("1", "another");
    assertThat(told)
        .containsExactly(
            "behind: There is no normalizer named 'payments' here, not yet at version 1.");
    waiting.getFirst().dispose();
    ask("1", "another");
    assertThat(told).hasSize(1);
    log.fold(Asking.of("payments").create());
    time.advanceTimeBy(A_MOMENT);
    assertThat(told).hasSize(1 + MinVersion.MOST);
    ask("9");
    assertThat(told).hasSize(1 + MinVersion.MOST);
  }
}
