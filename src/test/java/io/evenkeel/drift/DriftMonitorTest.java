package io.evenkeel.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalization.BatchListener.Reading;
import io.evenkeel.normalization.BatchOutcome;
import io.evenkeel.normalization.OneNormalizerLog;
import io.evenkeel.normalization.StateChanges;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.SnapshotLabel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.scheduler.Schedulers;

/// Which batches are compared, and with which statistics.
class DriftMonitorTest {
  private static final NormalizerName NAME = new NormalizerName("payments");
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  private final OneNormalizerLog log = new OneNormalizerLog();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StateChanges changes = new StateChanges(Schedulers.immediate());
  private final DriftMonitor monitor = monitor(true, DataSize.ofMegabytes(1));

  private DriftMonitor monitor(boolean enabled, DataSize memory) {
    return new DriftMonitor(
        log,
        new DriftSettings(enabled, memory, 100, Duration.ofSeconds(10)),
        CLOCK,
        registry,
        changes);
  }

  private static Asking asking() {
    return Asking.of(NAME.value());
  }

  @BeforeEach
  void train() {
    log.fold(asking().create());
    log.fold(asking().observe(1, 3));
  }

  private Normalizer now() {
    return log.find(NAME).orElseThrow();
  }

  private static FeatureBatch batch(int rows) {
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = 1 + 2 * (i % 2);
    }
    return FeatureBatch.of(1, values);
  }

  private Optional<Reading> reading(Model model, FeatureBatch batch) {
    return monitor.onInference(NAME, model, batch);
  }

  private void infer(Model model, int rows) {
    reading(model, batch(rows)).ifPresent(reading -> reading.answered(BatchOutcome.NONE));
  }

  private DriftReport report() {
    return monitor.report(now(), 0, 10, _ -> true);
  }

  /// The rows compared so far, or −1 if nothing is compared.
  private long rows() {
    return report().compared().map(DriftReport.Compared::rows).orElse(-1L);
  }

  @Test
  void statisticsThatTrainingMovesAreNoReference() {
    infer(now().live(), 10);
    assertThat(report().standing()).isEmpty();
    assertThat(report().compared()).isEmpty();
    assertThat(report().drifted()).isZero();
  }

  @Test
  void frozenStatisticsAreAReference() {
    log.fold(asking().freeze());
    assertThat(report().standing()).isPresent();
    assertThat(rows()).isEqualTo(-1);
    infer(now().live(), 10);
    infer(now().live(), 5);
    assertThat(rows()).isEqualTo(15);
  }

  /// A batch that is refused after its values were read counts nowhere.
  @Test
  void onlyAnsweredBatchesCount() {
    log.fold(asking().freeze());
    Reading read = reading(now().live(), batch(10)).orElseThrow();
    assertThat(rows()).isZero();
    read.answered(BatchOutcome.NONE);
    assertThat(rows()).isEqualTo(10);
  }

  @Test
  void theServingSnapshotIsTheReferenceWhileTrainingGoesOn() {
    log.fold(asking().takeSnapshot("s1"));
    log.fold(asking().serve("s1"));
    log.fold(asking().observe(5, 7));
    infer(now().model(Optional.empty()), 10);
    assertThat(rows()).isEqualTo(10);
    infer(now().live(), 10);
    assertThat(rows()).isEqualTo(10);
    assertThat(report().standing().orElseThrow().origin().snapshot())
        .map(SnapshotLabel::value)
        .contains("s1");
    assertThat(report().standing().orElseThrow().rows()).isEqualTo(2);
  }

  @Test
  void anotherServingSnapshotIsAnotherReference() {
    log.fold(asking().takeSnapshot("s1"));
    log.fold(asking().observe(5, 7));
    log.fold(asking().takeSnapshot("s2"));
    log.fold(asking().serve("s1"));
    infer(now().model(Optional.empty()), 10);
    log.fold(asking().serve("s2"));
    assertThat(rows()).isEqualTo(-1);
    infer(now().model(Optional.empty()), 3);
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void unfreezingEndsTheComparison() {
    log.fold(asking().freeze());
    infer(now().live(), 10);
    log.fold(asking().unfreeze());
    assertThat(rows()).isEqualTo(-1);
    infer(now().live(), 10);
    log.fold(asking().freeze());
    infer(now().live(), 4);
    assertThat(rows()).isEqualTo(4);
  }

  @Test
  void gammaAndBetaAreNoneOfTheReference() {
    log.fold(asking().freeze());
    infer(now().live(), 10);
    log.fold(asking().replaceAffine(2, 1));
    infer(now().live(), 10);
    assertThat(rows()).isEqualTo(20);
  }

  @Test
  void anotherDefinitionIsAnotherReference() {
    log.fold(asking().freeze());
    infer(now().live(), 10);
    log.fold(asking().expecting(now().revision()).replaceDefinition(Asking.definitionWithClip(3)));
    infer(now().live(), 4);
    assertThat(rows()).isEqualTo(4);
    assertThat(registry.find("evenkeel.drift.shift").gauges()).hasSize(1);
  }

  @Test
  void aNameThatIsCreatedAnewBeginsAnew() {
    log.fold(asking().freeze());
    infer(now().live(), 10);
    log.fold(asking().delete());
    log.fold(asking().create());
    log.fold(asking().observe(1, 3));
    log.fold(asking().freeze());
    assertThat(rows()).isEqualTo(-1);
    infer(now().live(), 4);
    assertThat(rows()).isEqualTo(4);
  }

  @Test
  void emptyBatchesAreNotRead() {
    log.fold(asking().freeze());
    assertThat(reading(now().live(), FeatureBatch.of(1))).isEmpty();
  }

  @Test
  void whatIsSwitchedOffOrDoesNotFitIsNotCompared() {
    log.fold(asking().freeze());
    for (DriftMonitor none :
        List.of(monitor(false, DataSize.ofMegabytes(1)), monitor(true, DataSize.ofBytes(100)))) {
      assertThat(none.onInference(NAME, now().live(), batch(10))).isEmpty();
      assertThat(none.report(now(), 0, 10, _ -> true).compared()).isEmpty();
    }
  }

  /// Batches of 10 rows from four threads: none is lost.
  @Test
  void batchesAtTheSameTimeAllCount() throws InterruptedException {
    log.fold(asking().freeze());
    Model model = now().live();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int batch = 0; batch < 500; batch++) {
                  infer(model, 10);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(rows()).isEqualTo(20_000);
    DriftReport.Compared compared = report().compared().orElseThrow();
    assertThat(compared.batches()).isEqualTo(2_000);
    assertThat(compared.groups()).isEqualTo(400);
  }

  @Test
  void metersShowHowManyHaveDrifted() {
    log.fold(asking().freeze());
    Model model = now().live();
    for (int i = 0; i < 20; i++) {
      double[] shifted = batch(100).values();
      for (int j = 0; j < 100; j++) {
        shifted[j] += 1 + 1e-3 * i;
      }
      reading(model, FeatureBatch.of(1, shifted)).orElseThrow().answered(BatchOutcome.NONE);
    }
    assertThat(gauge("evenkeel.drift.watched")).isEqualTo(1);
    assertThat(gauge("evenkeel.drift.drifted")).isEqualTo(1);
    assertThat(gauge("evenkeel.drift.features")).isEqualTo(1);
    assertThat(gauge("evenkeel.drift.shift")).isBetween(1.0, 1.02);
  }

  /// Batches of 50 equal rows, whose means are 3 deviations of 1.41 above the reference, with a
  /// little scatter.
  private void drift(int batches) {
    Model model = now().model(Optional.empty());
    for (int i = 0; i < batches; i++) {
      double[] shifted = new double[50];
      Arrays.fill(shifted, 6 + 1e-3 * (i % 3));
      reading(model, FeatureBatch.of(1, shifted)).orElseThrow().answered(BatchOutcome.NONE);
    }
  }

  @Test
  void followersHearOnceThatAFeatureHasDrifted() {
    log.fold(asking().freeze());
    drift(7);
    assertThat(changes.present()).isZero();
    assertThat(monitor.state(now())).isEqualTo(DriftState.NONE);
    drift(20);
    assertThat(changes.present()).isEqualTo(1);
    assertThat(changes.since(0)).contains(List.of(NAME));
    assertThat(monitor.state(now())).isEqualTo(new DriftState(1, List.of("f0")));
  }

  @Test
  void followersHearThatAComparisonThatHadFoundDriftEnds() {
    log.fold(asking().freeze());
    drift(20);
    log.fold(asking().unfreeze());
    assertThat(monitor.state(now())).isEqualTo(DriftState.NONE);
    assertThat(changes.present()).isEqualTo(1);
    infer(now().live(), 10);
    assertThat(changes.present()).isEqualTo(2);
    assertThat(gauge("evenkeel.drift.watched")).isZero();
  }

  /// Without an inference batch it ends when a follower looks.
  @Test
  void aComparisonWithAReferenceThatNoLongerServesCanBeEnded() {
    log.fold(asking().freeze());
    drift(20);
    monitor.endOutdated(NAME);
    assertThat(gauge("evenkeel.drift.watched")).isEqualTo(1);
    log.fold(asking().unfreeze());
    monitor.endOutdated(NAME);
    assertThat(gauge("evenkeel.drift.watched")).isZero();
    assertThat(changes.present()).isEqualTo(2);
  }

  @Test
  void aComparisonWithoutDriftEndsInSilence() {
    log.fold(asking().freeze());
    infer(now().live(), 10);
    log.fold(asking().unfreeze());
    monitor.endOutdated(NAME);
    assertThat(gauge("evenkeel.drift.watched")).isZero();
    assertThat(changes.present()).isZero();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
