package io.evenkeel.engine.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private final Freshness freshness = new Freshness(Machine.THIS);

  @Test
  void whoeverWaitsForADatabaseThatIsLostIsToldThatNothingHappened() {
    freshness.open();
    CompletableFuture<Void> waiting = freshness.upToDate().toFuture();
    freshness.close();
    assertThatThrownBy(waiting::join)
        .hasCauseInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("nothing was read and nothing changed");
  }

  @Test
  void nobodyWaitsForADatabaseThatCannotBeReached() {
    assertThatThrownBy(() -> freshness.upToDate().block(Duration.ofSeconds(5)))
        .isInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("nothing was read and nothing changed");
  }
}
