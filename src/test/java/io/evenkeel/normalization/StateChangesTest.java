package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class StateChangesTest {
  private static final NormalizerName A = new NormalizerName("a");
  private static final NormalizerName B = new NormalizerName("b");
  private static final NormalizerName C = new NormalizerName("c");

  private final StateChanges changes = new StateChanges(Schedulers.immediate());
  private final List<String> woken = new ArrayList<>();

  private Disposable wait(String who, Mono<Void> change) {
    return change.subscribe(null, null, () -> woken.add(who));
  }

  @Test
  void aNameIsToldOnceAtItsLatestChange() {
    changes.changed(A);
    long seen = changes.present();
    changes.changed(B);
    changes.changed(C);
    changes.changed(B);
    assertThat(changes.since(seen)).contains(List.of(C, B));
    assertThat(changes.since(0)).contains(List.of(A, C, B));
    assertThat(changes.since(changes.present())).contains(List.of());
  }

  @Test
  void aHotNameMakesNobodyForgetTheOthers() {
    changes.changed(A);
    for (int i = 0; i < 2 * StateChanges.KEPT; i++) {
      changes.changed(B);
    }
    assertThat(changes.since(0)).contains(List.of(A, B));
  }

  @Test
  void whoHasMissedMoreNamesThanAreKeptIsToldSo() {
    List<NormalizerName> names =
        IntStream.rangeClosed(0, StateChanges.KEPT)
            .mapToObj(i -> new NormalizerName("n" + i))
            .toList();
    names.forEach(changes::changed);
    assertThat(changes.since(0)).isEmpty();
    assertThat(changes.since(1)).contains(names.subList(1, names.size()));
  }

  @Test
  void whenAllMayHaveChangedNoNameIsKnown() {
    changes.changed(A);
    long seen = changes.present();
    changes.allChanged();
    assertThat(changes.since(seen)).isEmpty();
    assertThat(changes.since(changes.present())).contains(List.of());
  }

  @Test
  void aChangeWakesThoseWhoWaitForItsNameOrForAny() {
    wait("a", changes.after(0, A));
    wait("b", changes.after(0, B));
    wait("any", changes.after(0));
    assertThat(woken).isEmpty();
    changes.changed(B);
    assertThat(woken).containsExactly("b", "any");
    assertThat(changes.waiting()).isEqualTo(1);
    changes.allChanged();
    assertThat(woken).containsExactly("b", "any", "a");
    assertThat(changes.waiting()).isZero();
  }

  @Test
  void whoHasMissedAChangeDoesNotWait() {
    changes.changed(A);
    wait("a", changes.after(0, A));
    wait("any", changes.after(0));
    wait("b", changes.after(0, B));
    assertThat(woken).containsExactly("a", "any");
  }

  @Test
  void whoGivesUpIsForgotten() {
    wait("a", changes.after(0, A)).dispose();
    wait("any", changes.after(0)).dispose();
    assertThat(changes.waiting()).isZero();
    changes.changed(A);
    assertThat(woken).isEmpty();
  }

  @Test
  void readersDoNotRunOnTheThreadThatWrites() {
    List<Runnable> others = new ArrayList<>();
    StateChanges written = new StateChanges(Schedulers.fromExecutor(others::add));
    wait("any", written.after(0));
    written.changed(A);
    assertThat(woken).isEmpty();
    others.forEach(Runnable::run);
    assertThat(woken).containsExactly("any");
  }
}
