package io.evenkeel.engine.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.engine.log.AuditProperties;
import io.evenkeel.engine.log.QueueProperties;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.Overloaded;
import io.evenkeel.normalizer.NormalizationException.StorageUnavailable;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Precondition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/// What becomes of events that are committed together.
class GroupCommitTest {
  private static final NormalizerName PAYMENTS = new NormalizerName("payments");

  @TempDir Path directory;
  private final HeldClock clock = new HeldClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private SqliteNormalizerLog log;

  @BeforeEach
  void open() {
    log = open(10_000, DataSize.ofMegabytes(64));
    append(Asking.of("payments").create());
    registry.clear();
    log.close();
    log = open(10_000, DataSize.ofMegabytes(64));
  }

  private SqliteNormalizerLog open(int capacity, DataSize size) {
    return SqliteNormalizerLog.open(
        new SqliteProperties(directory.toString()),
        new QueueProperties(capacity, size),
        AuditProperties.DEFAULT,
        clock,
        registry);
  }

  @AfterEach
  void close() {
    clock.release();
    log.close();
  }

  private Outcome append(NormalizerEvent event) {
    return log.append(event).block(Duration.ofSeconds(30));
  }

  /// Appends all so that they become one group, as far as one group goes.
  private List<CompletableFuture<Outcome>> together(NormalizerEvent... events) {
    clock.hold(log);
    List<CompletableFuture<Outcome>> futures =
        List.of(events).stream().map(event -> log.append(event).toFuture()).toList();
    assertThat(registry.get("evenkeel.queue.depth").gauge().value()).isEqualTo(events.length);
    clock.release();
    return futures;
  }

  private long commits() {
    return registry.get("evenkeel.commit").timer().count();
  }

  @Test
  void whatIsQueuedIsCommittedTogether() throws Exception {
    var outcomes =
        together(
            IntStream.range(0, 10)
                .mapToObj(i -> Asking.of("payments").observe(i))
                .toArray(NormalizerEvent[]::new));
    for (int i = 0; i < 10; i++) {
      Outcome.Applied applied = (Outcome.Applied) outcomes.get(i).get();
      assertThat(applied.before().version()).isEqualTo(1 + i);
      assertThat(applied.after().version()).isEqualTo(2 + i);
    }
    assertThat(commits()).isEqualTo(1);
    assertThat(registry.get("evenkeel.commit.group").summary().max()).isEqualTo(10);
  }

  @Test
  void aGroupHasAtMost256Events() throws Exception {
    var outcomes =
        together(
            IntStream.range(0, 300)
                .mapToObj(i -> Asking.of("payments").observe(i))
                .toArray(NormalizerEvent[]::new));
    outcomes.getLast().get();
    assertThat(commits()).isEqualTo(2);
    assertThat(registry.get("evenkeel.commit.group").summary().max()).isEqualTo(256);
    assertThat(registry.get("evenkeel.commit.group").summary().totalAmount()).isEqualTo(300);
  }

  /// A batch of 65,536 features holds 3.7 MB of moments, so four fit into 16 MB: the groups are
  /// four wide ones, then a wide one, the small one and three wide ones, then the last two.
  @Test
  void aGroupHasAtMostSixteenMegabytes() throws Exception {
    NormalizerEvent wide =
        Asking.of("nobody").observe(FeatureBatch.of(1, 65_536, new double[65_536], null));
    NormalizerEvent small = Asking.of("payments").observe(1);
    var outcomes = together(wide, wide, wide, wide, wide, small, wide, wide, wide, wide, wide);
    outcomes.getLast().get();
    assertThat(registry.get("evenkeel.commit.group").summary().max()).isEqualTo(5);
  }

  @Test
  void aGroupThatChangesNothingIsNotCommitted() throws Exception {
    var outcomes = together(Asking.of("nobody").observe(1), Asking.of("payments").create());
    assertThat(outcomes.get(0).get()).isInstanceOf(Outcome.Refused.class);
    assertThat(outcomes.get(1).get()).isInstanceOf(Outcome.Exists.class);
    assertThat(commits()).isZero();
  }

  @Test
  void aKeyAppliedEarlierInTheGroupCounts() throws Exception {
    var outcomes =
        together(
            Asking.of("payments").withKey("a").observe(1),
            Asking.of("payments").withKey("a").observe(1),
            Asking.of("payments").withKey("a", "another").observe(1));
    assertThat(outcomes.get(0).get()).isInstanceOf(Outcome.Applied.class);
    assertThat(((Outcome.Duplicate) outcomes.get(1).get()).appliedVersion()).isEqualTo(2);
    assertThat(((Outcome.Refused) outcomes.get(2).get()).problem()).isInstanceOf(KeyReused.class);
  }

  @Test
  void aNameCanComeAndGoWithinAGroup() throws Exception {
    var outcomes =
        together(
            Asking.of("visits").create(),
            Asking.of("visits").withKey("a").observe(1),
            Asking.of("visits").delete(),
            Asking.of("visits").create(),
            Asking.of("visits").withKey("a").observe(1, 2),
            Asking.of("payments").delete());
    for (var outcome : outcomes) {
      assertThat(outcome.get()).isNotInstanceOf(Outcome.Refused.class);
    }
    log.close();
    log = open(10_000, DataSize.ofMegabytes(64));
    assertThat(log.find(PAYMENTS)).isEmpty();
    assertThat(log.find(new NormalizerName("visits")).orElseThrow().rows()).isEqualTo(2);
    assertThat(append(Asking.of("visits").withKey("a").observe(1, 2)))
        .isInstanceOf(Outcome.Duplicate.class);
    List<AuditEntry> entries =
        log.audit(Optional.empty(), Optional.empty(), 10).block(Duration.ofSeconds(30));
    assertThat(entries)
        .extracting(AuditEntry::command)
        .containsExactly("delete", "create", "delete", "create", "create");
  }

  @Test
  void anAuditTrailReadInAGroupKnowsTheGroup() throws Exception {
    clock.hold(log);
    log.append(Asking.of("payments").reset()).subscribe();
    var entries = log.audit(Optional.of(PAYMENTS), Optional.empty(), 10).toFuture();
    clock.release();
    assertThat(entries.get()).extracting(AuditEntry::command).containsExactly("reset", "create");
  }

  @Test
  void aBatchOfAnotherNumberOfFeaturesIsRefusedAlone() throws Exception {
    var outcomes =
        together(
            Asking.of("payments").observe(1),
            Asking.of("payments").observe(FeatureBatch.of(7, 1, 2, 3, 4, 5, 6, 7)),
            Asking.of("payments").observe(2));
    assertThat(((Outcome.Applied) outcomes.get(2).get()).after().version()).isEqualTo(3);
    assertThat(outcomes.get(1).get()).isInstanceOf(Outcome.Refused.class);
    assertThat(log.isReady()).isTrue();
  }

  /// No surface makes such an event; the writer must outlive it all the same.
  @Test
  @SuppressWarnings("NullAway") // the fault is the point
  void anEventThatCannotBeFoldedFailsAlone() throws Exception {
    NormalizerEvent sound = Asking.of("payments").observe(1);
    Envelope torn =
        new Envelope(
            PAYMENTS,
            sound.envelope().requestId(),
            null,
            Precondition.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var outcomes =
        together(sound, new NormalizerEvent.Reset(torn), Asking.of("payments").observe(2));
    assertThat(((Outcome.Applied) outcomes.get(2).get()).after().version()).isEqualTo(3);
    assertThatThrownBy(() -> outcomes.get(1).get()).isInstanceOf(ExecutionException.class);
    assertThat(log.isReady()).isTrue();
  }

  @Test
  void anEventTooManyIsRefusedAtOnce() throws Exception {
    log.close();
    log = open(3, DataSize.ofMegabytes(64));
    clock.hold(log);
    var queued =
        IntStream.range(0, 3)
            .mapToObj(i -> log.append(Asking.of("payments").observe(i)).toFuture())
            .toList();
    assertThatThrownBy(() -> append(Asking.of("payments").observe(3)))
        .isInstanceOf(Overloaded.class);
    clock.release();
    for (var outcome : queued) {
      assertThat(outcome.get()).isInstanceOf(Outcome.Applied.class);
    }
    assertThat(append(Asking.of("payments").observe(3))).isInstanceOf(Outcome.Applied.class);
    assertThat(log.find(PAYMENTS).orElseThrow().batches()).isEqualTo(4);
  }

  @Test
  void aQueueThatHoldsTooMuchMemoryTakesNoMore() throws Exception {
    log.close();
    log = open(10_000, DataSize.ofKilobytes(100));
    clock.hold(log);
    NormalizerEvent large =
        Asking.of("nobody").observe(FeatureBatch.of(1, 20_000, new double[20_000], null));
    var first = log.append(large).toFuture();
    assertThatThrownBy(() -> append(Asking.of("payments").observe(3)))
        .isInstanceOf(Overloaded.class);
    clock.release();
    assertThat(first.get()).isInstanceOf(Outcome.Refused.class);
    assertThat(append(Asking.of("payments").observe(3))).isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void closingCommitsWhatIsQueuedAndTakesNoMore() throws Exception {
    clock.hold(log);
    var queued =
        IntStream.range(0, 5)
            .mapToObj(i -> log.append(Asking.of("payments").observe(i)).toFuture())
            .toList();
    Thread closing = Thread.ofPlatform().start(log::close);
    clock.release();
    closing.join();
    for (var outcome : queued) {
      assertThat(outcome.get()).isInstanceOf(Outcome.Applied.class);
    }
    assertThat(log.isReady()).isFalse();
    assertThatThrownBy(() -> append(Asking.of("payments").observe(1)))
        .isInstanceOf(StorageUnavailable.class);
    log = open(10_000, DataSize.ofMegabytes(64));
    assertThat(log.find(PAYMENTS).orElseThrow().batches()).isEqualTo(5);
  }

  @Test
  void theMetersKnowHowManyNormalizersThereAre() {
    assertThat(registry.get("evenkeel.normalizers").gauge().value()).isEqualTo(1);
    append(Asking.of("visits").create());
    assertThat(registry.get("evenkeel.normalizers").gauge().value()).isEqualTo(2);
  }

  @Test
  void whatFollowsAnOutcomeDoesNotRunOnTheWriter() {
    String thread =
        log.append(Asking.of("payments").observe(1))
            .map(_ -> Thread.currentThread().getName())
            .block(Duration.ofSeconds(30));
    assertThat(thread).startsWith("parallel-");
  }
}
