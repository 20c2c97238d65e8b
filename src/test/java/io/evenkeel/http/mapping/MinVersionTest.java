package io.evenkeel.http.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.http.Caller;
import io.evenkeel.http.problem.RequestException.Behind;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.NormalizerLog;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/// Waiting for a version, in a time that passes when the test says so.
class MinVersionTest {
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final OneNormalizer log = new OneNormalizer();
  private final MinVersion filter = new MinVersion(log, time);
  private final List<String> told = new ArrayList<>();

  /// A log of one normalizer at most, which events are folded into.
  private static final class OneNormalizer implements NormalizerLog {
    private @Nullable Normalizer state;
    private long position;

    void fold(NormalizerEvent event) {
      Stamp stamp = new Stamp(++position, Instant.EPOCH);
      state =
          Fold.step(Optional.ofNullable(state), event, Optional.empty(), stamp).next().orElse(null);
    }

    @Override
    public Optional<Normalizer> find(NormalizerName name) {
      return Optional.ofNullable(state).filter(normalizer -> normalizer.name().equals(name));
    }

    @Override
    public List<Normalizer> list(String prefix, Optional<String> after, int limit) {
      return List.of();
    }

    @Override
    public long size() {
      return state == null ? 0 : 1;
    }

    @Override
    public Mono<Outcome> append(NormalizerEvent event) {
      return Mono.empty();
    }

    @Override
    public Mono<List<AuditEntry>> audit(
        Optional<NormalizerName> name, Optional<Long> before, int limit) {
      return Mono.just(List.of());
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public boolean isReady() {
      return true;
    }
  }

  private Disposable ask(String version) {
    MockServerHttpRequest request =
        MockServerHttpRequest.get("/api/v1/normalizers/payments/statistics")
            .header("Min-Version", version)
            .build();
    MockServerWebExchange exchange = MockServerWebExchange.from(request);
    Caller.ANYBODY.sent(exchange);
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
    time.advanceTimeBy(MinVersion.DEADLINE.minusMillis(1));
    assertThat(told).isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(told).containsExactly("behind: payments is at version 1 here, not yet at 2.");
    log.fold(Asking.of("payments").observe(1, 2));
    time.advanceTimeBy(MinVersion.DEADLINE);
    assertThat(told).hasSize(1);
  }

  /// The one that is too many is answered at once, and there is room again when one gives up.
  @Test
  void onlySoManyWait() {
    List<Disposable> waiting = new ArrayList<>();
    for (int i = 0; i < MinVersion.MOST; i++) {
      waiting.add(ask("1"));
    }
    assertThat(told).isEmpty();
    ask("1");
    assertThat(told)
        .containsExactly(
            "behind: There is no normalizer named payments here, not yet at version 1.");
    waiting.getFirst().dispose();
    ask("1");
    assertThat(told).hasSize(1);
    log.fold(Asking.of("payments").create());
    time.advanceTimeBy(A_MOMENT);
    assertThat(told).hasSize(1 + MinVersion.MOST);
    ask("9");
    assertThat(told).hasSize(1 + MinVersion.MOST);
  }
}
