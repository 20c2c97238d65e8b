package io.evenkeel.engine.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.engine.follow.Owed.Fetch;
import io.evenkeel.normalizer.NormalizerName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OwedTest {
  private static final NormalizerName A = new NormalizerName("a");
  private static final NormalizerName B = new NormalizerName("b");

  private final Owed owed = new Owed();
  private final List<String> shown = new ArrayList<>();

  private Fetch take() throws InterruptedException {
    return owed.take().orElseThrow();
  }

  private void end(Fetch fetch) {
    owed.end(fetch, () -> shown.add(fetch.name().value()));
  }

  @Test
  void aNameThatChangesOftenIsFetchedOnce() throws InterruptedException {
    owed.tell(A);
    owed.tell(A);
    owed.tell(B);
    owed.tell(A);
    assertThat(owed.size()).isEqualTo(2);
    end(take());
    end(take());
    assertThat(shown).containsExactly("a", "b");
    assertThat(owed.size()).isZero();
  }

  @Test
  void aNameThatChangesWhileItIsFetchedIsFetchedAgainAndNotTwiceAtATime()
      throws InterruptedException {
    owed.tell(A);
    Fetch first = take();
    owed.tell(A);
    owed.tell(B);
    assertThat(take().name()).isEqualTo(B);
    end(first);
    assertThat(take().name()).isEqualTo(A);
  }

  @Test
  void aHeartbeatCountsOnceEverythingBeforeItIsFetched() throws InterruptedException {
    owed.tell(A);
    owed.mark(10);
    owed.tell(B);
    owed.mark(20);
    assertThat(owed.provenAt()).isEmpty();
    Fetch a = take();
    Fetch b = take();
    end(b);
    assertThat(owed.provenAt()).isEmpty();
    owed.tell(B);
    end(a);
    assertThat(owed.provenAt()).contains(20L);
    owed.mark(30);
    assertThat(owed.provenAt()).contains(20L);
    end(take());
    assertThat(owed.provenAt()).contains(30L);
    // a heartbeat of another replica may be older
    owed.mark(25);
    assertThat(owed.provenAt()).contains(30L);
  }

  @Test
  void aStateThatIsUnderWayWhenItsNameIsFreedIsNotShown() throws InterruptedException {
    owed.tell(A);
    Fetch old = take();
    owed.mark(10);
    owed.gone(A, () -> shown.add("no a"));
    assertThat(owed.provenAt()).contains(10L);
    owed.tell(A);
    Fetch anew = take();
    end(old);
    assertThat(shown).containsExactly("no a");
    end(anew);
    assertThat(shown).containsExactly("no a", "a");
  }

  @Test
  void whatFailedIsStillOwedBehindTheOthers() throws InterruptedException {
    owed.tell(A);
    owed.tell(B);
    owed.mark(10);
    Fetch failed = take();
    owed.again(failed);
    assertThat(take().name()).isEqualTo(B);
    Fetch second = take();
    assertThat(second.name()).isEqualTo(A);
    assertThat(second.failures()).isEqualTo(1);
    owed.tell(A);
    owed.again(second);
    Fetch third = take();
    assertThat(third.failures()).isEqualTo(2);
    assertThat(owed.size()).isEqualTo(2);
    end(third);
    assertThat(owed.size()).isEqualTo(1);
    assertThat(owed.provenAt()).isEmpty();
  }

  @Test
  void whenItIsClosedNobodyWaits() throws InterruptedException {
    owed.close();
    assertThat(owed.take()).isEmpty();
  }
}
