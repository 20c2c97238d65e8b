package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/// Who may work at a normalizer at the same time.
class TurnsTest {
  private static final NormalizerName NAME = new NormalizerName("payments");

  private final Turns turns = new Turns(Schedulers.immediate());
  private final List<String> working = new ArrayList<>();
  private final Map<String, Sinks.Empty<Void>> works = new HashMap<>();
  private final Map<String, Disposable> callers = new HashMap<>();

  private Mono<Void> work(String label) {
    Sinks.Empty<Void> done = works.computeIfAbsent(label, _ -> Sinks.empty());
    return Mono.defer(() -> {
      working.add(label);
      return done.asMono();
    });
  }

  private void together(String label) {
    callers.put(label, turns.together(NAME, work(label)).subscribe(_ -> {}, _ -> {}));
  }

  private void alone(String label) {
    callers.put(label, turns.alone(NAME, work(label)).subscribe(_ -> {}, _ -> {}));
  }

  private void end(String label) {
    works.get(label).tryEmitEmpty().orThrow();
    working.remove(label);
  }

  private void cancel(String label) {
    callers.get(label).dispose();
    working.remove(label);
  }

  @AfterEach
  void nothingIsLeft() {
    while (!working.isEmpty()) {
      end(working.getFirst());
    }
    assertThat(turns.isIdle()).isTrue();
  }

  @Test
  void oneAloneWaitsForThoseBeforeItAndThoseBehindItWaitForIt() {
    together("a");
    together("b");
    alone("c");
    together("d");
    together("e");
    assertThat(working).containsExactly("a", "b");
    end("a");
    assertThat(working).containsExactly("b");
    end("b");
    assertThat(working).containsExactly("c");
    end("c");
    assertThat(working).containsExactly("d", "e");
  }

  @Test
  void twoAloneGoOneAfterTheOther() {
    alone("a");
    alone("b");
    assertThat(working).containsExactly("a");
    end("a");
    assertThat(working).containsExactly("b");
  }

  @Test
  void anotherNormalizerDoesNotWait() {
    alone("a");
    Disposable other = turns.alone(new NormalizerName("other"), work("b")).subscribe();
    assertThat(working).containsExactly("a", "b");
    end("b");
    assertThat(other.isDisposed()).isTrue();
  }

  @Test
  void whoeverLeavesTheLineOrItsTurnMakesRoom() {
    together("a");
    alone("b");
    alone("c");
    together("d");
    cancel("b");
    assertThat(working).containsExactly("a");
    cancel("a");
    assertThat(working).containsExactly("c");
    cancel("c");
    assertThat(working).containsExactly("d");
  }

  @Test
  void aFailureEndsTheTurn() {
    alone("a");
    together("b");
    works.get("a").tryEmitError(new IllegalStateException()).orThrow();
    assertThat(working).containsExactly("a", "b");
    working.remove("a");
  }

  @Test
  void theLineIsBounded() {
    alone("a");
    List<Disposable> waiting = new ArrayList<>();
    for (int i = 0; i < Turns.MOST_WAITING; i++) {
      waiting.add(turns.together(NAME, Mono.never()).subscribe());
    }
    StepVerifier.create(turns.together(NAME, Mono.empty())).verifyError(Overloaded.class);
    waiting.forEach(Disposable::dispose);
  }

  /// Each begins the next: in one call that would be as deep as the line is long.
  @Test
  void aLongLineThatFailsAtOnceIsNoDeepCall() {
    Turns parallel = new Turns(Schedulers.parallel());
    Sinks.Empty<Void> first = Sinks.empty();
    parallel.alone(NAME, first.asMono()).subscribe();
    List<Mono<Void>> line = new ArrayList<>();
    for (int i = 0; i < Turns.MOST_WAITING; i++) {
      Mono<Void> each =
          parallel
              .alone(NAME, Mono.<Void>error(new Overloaded()))
              .onErrorResume(Overloaded.class, _ -> Mono.empty())
              .cache();
      each.subscribe();
      line.add(each);
    }
    first.tryEmitEmpty().orThrow();
    StepVerifier.create(Mono.when(line)).verifyComplete();
    assertThat(parallel.isIdle()).isTrue();
  }

  @Test
  void nobodyWaitsForEver() {
    alone("a");
    StepVerifier.withVirtualTime(() -> turns.together(NAME, Mono.empty()))
        .thenAwait(Turns.LONGEST_WAIT)
        .verifyError(Overloaded.class);
  }
}
