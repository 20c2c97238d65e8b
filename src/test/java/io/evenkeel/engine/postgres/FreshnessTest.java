package io.evenkeel.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private final Freshness freshness = new Freshness(Machine.THIS);

  @Test
  void whoeverWaitsForADatabaseThatIsLostIsToldThatNothingHappened() {
    long opening = freshness.open();
    CompletableFuture<Void> waiting = freshness.upToDate().toFuture();
    freshness.close(opening);
    assertThatThrownBy(waiting::join)
        .hasCauseInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("nothing was read and nothing changed");
  }

  /// The watch of a store that was closed ends late, once the next store is open.
  @Test
  void whoeverWaitsForTheDatabaseThatWasFoundAgainIsNotRefusedForTheEarlierLoss() {
    long first = freshness.open();
    long second = freshness.open();
    CompletableFuture<Void> waiting = freshness.upToDate().toFuture();
    freshness.close(first);
    assertThat(waiting).isNotDone();
    freshness.close(second);
    assertThat(waiting).isCompletedExceptionally();
  }

  @Test
  void nobodyWaitsForADatabaseThatCannotBeReached() {
    assertThatThrownBy(() -> freshness.upToDate().block(Duration.ofSeconds(5)))
        .isInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("nothing was read and nothing changed");
  }
}
