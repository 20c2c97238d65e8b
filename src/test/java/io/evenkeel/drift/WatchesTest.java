package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.NormalizerName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/// The memory that watches may take, and who loses a watch.
class WatchesTest {
  private static final long MINUTE = 60_000;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StateChanges changes = new StateChanges(Schedulers.immediate());
  private final Standing standing = new SimulatedRows(10, 0, 0, 1).trained(2, 100);

  /// Of room for three of ten features.
  private final Watches three =
      new Watches(
          3L * (2_000 + 10 * Watch.BYTES_OF_FEATURE), 100, new DriftMeters(registry), changes);

  private static NormalizerName name(int i) {
    return new NormalizerName("n" + i);
  }

  private boolean begins(int i, long now) {
    return three.of(name(i), standing, now).isPresent();
  }

  @Test
  void busyNormalizersKeepTheirWatches() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(begins(i, i)).isEqualTo(i < 3);
    }
    assertThat(three.size()).isEqualTo(3);
  }

  @Test
  void theLongestUnusedGivesWayAfterAMinute() {
    begins(0, 20);
    begins(1, 10);
    begins(2, 30);
    assertThat(begins(3, MINUTE + 9)).isFalse();
    assertThat(begins(3, MINUTE + 1_010)).isTrue();
    assertThat(three.find(name(1))).isEmpty();
    assertThat(three.find(name(0))).isPresent();
    assertThat(three.size()).isEqualTo(3);
  }

  @Test
  void aNormalizerThatNeverFitsPushesNobodyOut() {
    begins(0, 0);
    Standing large = new SimulatedRows(100, 0, 0, 1).trained(1, 100);
    assertThat(three.of(name(1), large, 2 * MINUTE)).isEmpty();
    assertThat(begins(0, 2 * MINUTE)).isTrue();
    assertThat(begins(2, 2 * MINUTE)).isTrue();
  }

  @Test
  void aWatchThatEndsGivesItsRoomBack() {
    begins(0, 0);
    begins(1, 0);
    begins(2, 0);
    three.remove(name(1));
    three.remove(name(1));
    assertThat(begins(3, 0)).isTrue();
    assertThat(begins(4, 0)).isFalse();
  }

  @Test
  void aHundredNormalizersHaveMetersOfTheirOwn() {
    Watches many = new Watches(1L << 30, 100, new DriftMeters(registry), changes);
    for (int i = 0; i < 150; i++) {
      many.of(name(i), standing, 0);
    }
    assertThat(registry.find("evenkeel.drift.shift").gauges()).hasSize(100);
    many.remove(name(0));
    assertThat(registry.find("evenkeel.drift.shift").gauges()).hasSize(99);
    assertThat(registry.find("evenkeel.drift.shift").tag("normalizer", "n0").gauge()).isNull();
  }
}
