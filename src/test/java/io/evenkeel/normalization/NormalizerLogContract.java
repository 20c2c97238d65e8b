package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalizer.AuditEntry;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.OutOfTurn;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Revision;
import io.evenkeel.normalizer.Succession;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// What every [NormalizerLog] must do, whatever it is made of.
public abstract class NormalizerLogContract {
  private static final Instant START = Instant.parse("2026-11-01T10:00:00.123456789Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private NormalizerLog log;

  /// An empty log whose entries get their time from this clock.
  protected abstract NormalizerLog open(InstantSource clock) throws Exception;

  /// Ends what [#open] has begun.
  protected abstract void close(NormalizerLog log) throws Exception;

  @BeforeEach
  void openLog() throws Exception {
    log = open(now::get);
  }

  @AfterEach
  void closeLog() throws Exception {
    close(log);
  }

  private Outcome append(NormalizerEvent event) {
    return log.append(event).block(Duration.ofSeconds(30));
  }

  private Normalizer state(String name) {
    return log.find(new NormalizerName(name)).orElseThrow();
  }

  private static <T extends Outcome> T is(Class<T> kind, Outcome outcome) {
    assertThat(outcome).isInstanceOf(kind);
    return kind.cast(outcome);
  }

  private static <T extends NormalizationException> T refusal(Class<T> kind, Outcome outcome) {
    NormalizationException problem = is(Outcome.Refused.class, outcome).problem();
    assertThat(problem).isInstanceOf(kind);
    return kind.cast(problem);
  }

  /// By hand: the mean of 1, 2 and 6 is 3.
  @Test
  void whatWasAnsweredIsSeenByEveryLaterRead() {
    append(Asking.of("payments").create());
    Outcome.Applied applied =
        is(Outcome.Applied.class, append(Asking.of("payments").observe(1, 2, 6)));
    assertThat(state("payments")).isSameAs(applied.after());
    assertThat(state("payments").running().meanAndVariance().mean(0)).isEqualTo(3);
    assertThat(state("payments").rows()).isEqualTo(3);
    assertThat(state("payments").version()).isEqualTo(2);
  }

  @Test
  void everyChangeIsToldOnceItsStateIsVisibleAndNothingElse() {
    NormalizerName name = new NormalizerName("payments");
    List<Long> versions = new ArrayList<>();
    List<NormalizerEvent> events =
        List.of(
            Asking.of("payments").create(),
            Asking.of("payments").observe(1),
            Asking.of("payments").delete());
    for (NormalizerEvent event : events) {
      long seen = log.changes().present();
      Mono<Long> told =
          log.changes()
              .after(seen, name)
              .then(Mono.fromSupplier(() -> log.find(name).map(Normalizer::version).orElse(0L)));
      versions.add(
          Mono.zip(told, log.append(event), (version, _) -> version).block(Duration.ofSeconds(30)));
      assertThat(log.changes().since(seen)).contains(List.of(name));
    }
    assertThat(versions).containsExactly(1L, 2L, 0L);

    long seen = log.changes().present();
    append(Asking.of("payments").observe(1));
    assertThat(log.changes().since(seen)).contains(List.of());
  }

  @Test
  void anOutcomeTellsTheStateBeforeAndAfter() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").observe(1));
    Outcome.Applied second = is(Outcome.Applied.class, append(Asking.of("payments").observe(2, 3)));
    assertThat(second.before().rows()).isEqualTo(1);
    assertThat(second.after().rows()).isEqualTo(3);
  }

  @Test
  void timesAreThoseOfTheClock() {
    append(Asking.of("payments").create());
    now.set(START.plusSeconds(5));
    append(Asking.of("payments").observe(1));
    assertThat(state("payments").createdAt()).isEqualTo(START);
    assertThat(state("payments").updatedAt()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void creatingTheSameAgainChangesNothing() {
    append(Asking.of("payments").create());
    is(Outcome.Exists.class, append(Asking.of("payments").create()));
    assertThat(state("payments").version()).isEqualTo(1);
    assertThat(log.size()).isEqualTo(1);
  }

  @Test
  void aTakenNameIsNotGivenToAnotherDefinition() {
    append(Asking.of("payments").create());
    refusal(
        DefinitionConflict.class,
        append(Asking.of("payments").create(Asking.definitionWithClip(3))));
  }

  @Test
  void nothingHappensToAnUnknownName() {
    refusal(UnknownNormalizer.class, append(Asking.of("nobody").observe(1)));
    assertThat(log.find(new NormalizerName("nobody"))).isEmpty();
    assertThat(log.size()).isZero();
  }

  /// 500 batches of the one value 4 from many threads: each counts once, none is lost.
  @Test
  void batchesSentAtOnceAreFoldedOneAfterTheOther() {
    append(Asking.of("payments").create());
    List<Long> versions =
        Flux.range(0, 500)
            .flatMap(_ -> log.append(Asking.of("payments").observe(4)), 64)
            .map(outcome -> is(Outcome.Applied.class, outcome).after().version())
            .collectList()
            .block(Duration.ofSeconds(30));
    assertThat(versions).doesNotHaveDuplicates().hasSize(500).allMatch(v -> v >= 2 && v <= 501);
    assertThat(state("payments").rows()).isEqualTo(500);
    assertThat(state("payments").batches()).isEqualTo(500);
  }

  @Test
  void subscribingTwiceAppendsTwice() {
    append(Asking.of("payments").create());
    var appended = log.append(Asking.of("payments").observe(1));
    appended.block(Duration.ofSeconds(30));
    appended.block(Duration.ofSeconds(30));
    assertThat(state("payments").batches()).isEqualTo(2);
  }

  @Test
  void cancellingDoesNotTakeAnEventBack() {
    append(Asking.of("payments").create());
    log.append(Asking.of("payments").observe(1)).subscribe().dispose();
    append(Asking.of("payments").observe(2));
    assertThat(state("payments").batches()).isEqualTo(2);
  }

  @Test
  void theSameKeyAndBodyCountOnce() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").withKey("a").observe(1));
    append(Asking.of("payments").observe(2));
    Outcome.Duplicate duplicate =
        is(Outcome.Duplicate.class, append(Asking.of("payments").withKey("a").observe(1)));
    assertThat(duplicate.appliedVersion()).isEqualTo(2);
    assertThat(state("payments").version()).isEqualTo(3);
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefused() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").withKey("a").observe(1));
    refusal(KeyReused.class, append(Asking.of("payments").withKey("a", "another").observe(2)));
    assertThat(state("payments").batches()).isEqualTo(1);
  }

  /// However the log groups them, one of 200 equal requests at once is applied.
  @Test
  void theSameKeySentAtOnceCountsOnce() {
    append(Asking.of("payments").create());
    List<Outcome> outcomes =
        Flux.range(0, 200)
            .flatMap(_ -> log.append(Asking.of("payments").withKey("a").observe(1)), 64)
            .collectList()
            .block(Duration.ofSeconds(30));
    assertThat(outcomes).filteredOn(Outcome.Applied.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(Outcome.Duplicate.class::isInstance).hasSize(199);
    assertThat(state("payments").batches()).isEqualTo(1);
  }

  @Test
  void aKeyIsOfOneNormalizerOnly() {
    append(Asking.of("payments").create());
    append(Asking.of("visits").create());
    append(Asking.of("payments").withKey("a").observe(1));
    is(Outcome.Applied.class, append(Asking.of("visits").withKey("a").observe(1)));
  }

  @Test
  void aRefusedRequestDoesNotUseUpItsKey() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").freeze(Freeze.Scope.STATISTICS));
    is(Outcome.Frozen.class, append(Asking.of("payments").withKey("a").observe(1)));
    append(Asking.of("payments").unfreeze());
    is(Outcome.Applied.class, append(Asking.of("payments").withKey("a").observe(1)));
  }

  @Test
  void aKeyIsRememberedForADay() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").withKey("a").observe(1));
    now.set(START.plus(Duration.ofHours(24)).minusNanos(1));
    is(Outcome.Duplicate.class, append(Asking.of("payments").withKey("a").observe(1)));
    now.set(START.plus(Duration.ofHours(24)));
    is(Outcome.Applied.class, append(Asking.of("payments").withKey("a").observe(1)));
    is(Outcome.Duplicate.class, append(Asking.of("payments").withKey("a").observe(1)));
  }

  @Test
  void aNameCreatedAnewIsAnother() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").withKey("a").observe(1));
    Normalizer first = state("payments");
    Outcome.Deleted deleted = is(Outcome.Deleted.class, append(Asking.of("payments").delete()));
    assertThat(deleted.last()).isSameAs(first);
    assertThat(log.find(first.name())).isEmpty();
    append(Asking.of("payments").create());
    Normalizer second = state("payments");
    assertThat(second.revision().incarnation()).isGreaterThan(first.revision().incarnation());
    assertThat(second.rows()).isZero();
    is(Outcome.Applied.class, append(Asking.of("payments").withKey("a").observe(1)));
  }

  @Test
  void whatWasMeantForTheOldOneDoesNotReachTheNewOne() {
    append(Asking.of("payments").create());
    long old = state("payments").revision().incarnation();
    append(Asking.of("payments").delete());
    refusal(UnknownNormalizer.class, append(Asking.of("payments").forIncarnation(old).observe(1)));
    append(Asking.of("payments").create());
    VersionMismatch mismatch =
        refusal(
            VersionMismatch.class, append(Asking.of("payments").forIncarnation(old).observe(1)));
    assertThat(mismatch.isPrecondition()).isFalse();
    assertThat(state("payments").rows()).isZero();
  }

  @Test
  void aStaleRevisionIsRefusedAndThePresentOneIsNot() {
    append(Asking.of("payments").create());
    Revision created = state("payments").revision();
    append(Asking.of("payments").observe(1));
    VersionMismatch mismatch =
        refusal(VersionMismatch.class, append(Asking.of("payments").expecting(created).reset()));
    assertThat(mismatch.isPrecondition()).isTrue();
    Revision present = state("payments").revision();
    is(Outcome.Applied.class, append(Asking.of("payments").expecting(created, present).reset()));
  }

  @Test
  void frozenStatisticsDoNotMove() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").freeze(Freeze.Scope.STATISTICS));
    is(Outcome.Frozen.class, append(Asking.of("payments").observe(1)));
    refusal(StatisticsFrozen.class, append(Asking.of("payments").observeUnlessFrozen(1)));
    assertThat(state("payments").version()).isEqualTo(2);
  }

  @Test
  void listingGoesByNameInPages() {
    Flux.just("b2", "a", "b1", "c", "b3", "b")
        .flatMap(name -> log.append(Asking.of(name).create()))
        .blockLast(Duration.ofSeconds(30));
    assertThat(names("", Optional.empty(), 10)).containsExactly("a", "b", "b1", "b2", "b3", "c");
    assertThat(names("b", Optional.empty(), 2)).containsExactly("b", "b1");
    assertThat(names("b", Optional.of("b1"), 2)).containsExactly("b2", "b3");
    assertThat(names("b", Optional.of("b3"), 2)).isEmpty();
    assertThat(names("b", Optional.of("a"), 2)).containsExactly("b", "b1");
    assertThat(names("", Optional.of("b1"), 2)).containsExactly("b2", "b3");
    assertThat(names("x", Optional.empty(), 2)).isEmpty();
    assertThat(log.size()).isEqualTo(6);
  }

  private List<String> names(String prefix, Optional<String> after, int limit) {
    return log.list(prefix, after, limit).stream().map(n -> n.name().value()).toList();
  }

  @Test
  void theAuditTrailTellsOfCommandsButNotOfBatches() {
    append(Asking.of("payments").by("ann", "new model").create());
    append(Asking.of("payments").observe(1));
    append(Asking.of("payments").freeze(Freeze.Scope.ALL));
    append(Asking.of("payments").freeze(Freeze.Scope.ALL));
    append(Asking.of("payments").by("bob", "not needed").delete());
    List<AuditEntry> entries = audit(Optional.empty(), Optional.empty(), 10);
    assertThat(entries)
        .extracting(AuditEntry::command)
        .containsExactly("delete", "freeze", "create");
    assertThat(entries).extracting(AuditEntry::version).containsExactly(3L, 3L, 1L);
    AuditEntry create = entries.getLast();
    assertThat(create.actor()).contains("ann");
    assertThat(create.reason()).contains("new model");
    assertThat(create.at()).isEqualTo(START);
    assertThat(entries.get(1).actor()).isEmpty();
  }

  @Test
  void theAuditTrailIsReadBackwardsInPages() {
    for (String name : List.of("a", "b", "c")) {
      append(Asking.of(name).create());
      append(Asking.of(name).reset());
    }
    List<AuditEntry> first = audit(Optional.empty(), Optional.empty(), 4);
    List<AuditEntry> rest = audit(Optional.empty(), Optional.of(first.getLast().position()), 4);
    assertThat(first)
        .extracting(e -> e.normalizer() + " " + e.command())
        .containsExactly("c reset", "c create", "b reset", "b create");
    assertThat(rest)
        .extracting(e -> e.normalizer() + " " + e.command())
        .containsExactly("a reset", "a create");
    assertThat(audit(Optional.of(new NormalizerName("b")), Optional.empty(), 1))
        .extracting(AuditEntry::command)
        .containsExactly("reset");
  }

  private List<AuditEntry> audit(Optional<NormalizerName> name, Optional<Long> before, int limit) {
    return log.audit(name, before, limit).block(Duration.ofSeconds(30));
  }

  @Test
  void anOpenLogIsReady() {
    assertThat(log.isReady()).isTrue();
  }

  @Test
  void snapshotsAreSeenOnceTheyAreAcknowledgedAndGoWithTheirNormalizer() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").observe(1, 3));
    is(Outcome.Applied.class, append(Asking.of("payments").takeSnapshot("kept")));
    append(Asking.of("payments").observe(5, 7));
    append(Asking.of("payments").serve("kept"));
    assertThat(state("payments").model(Optional.empty()).running().meanAndVariance().mean(0))
        .isEqualTo(2);
    append(Asking.of("payments").restore("kept"));
    assertThat(state("payments").live().running().meanAndVariance().mean(0)).isEqualTo(2);
    append(Asking.of("payments").delete());
    append(Asking.of("payments").create());
    assertThat(state("payments").snapshots().all()).isEmpty();
  }

  @Test
  void importsMergesAndStepsAreFolded() {
    is(Outcome.Created.class, append(Asking.of("payments").importing(2, 2, 1)));
    refusal(DefinitionConflict.class, append(Asking.of("payments").importing(2, 2, 1)));
    append(Asking.of("payments").merge(5, 7));
    assertThat(state("payments").running().meanAndVariance().mean(0)).isEqualTo(4);
    append(Asking.of("payments").replaceStatistics(5, 9, 1));
    assertThat(state("payments").running().meanAndVariance().mean(0)).isEqualTo(9);
    append(Asking.of("payments").step(0.5, 0));
    assertThat(state("payments").affine().gamma(0)).isEqualTo(0.5);
  }

  /// All in as few groups as the log likes.
  @Test
  void windowsAreFoldedInOrder() {
    NormalizerDefinition definition =
        Asking.definition(
            new Averaging.Window(2, WindowKind.SLIDING),
            new Training.Window(3, WindowKind.TUMBLING),
            Features.numbered(1));
    append(Asking.of("payments").create(definition));
    Flux.range(0, 10)
        .flatMapSequential(i -> log.append(Asking.of("payments").observe(i, i)), 16)
        .blockLast(Duration.ofSeconds(30));
    Normalizer state = state("payments");
    assertThat(state.running().meanAndVariance().mean(0)).isEqualTo(8.5);
    assertThat(state.window().orElseThrow().moments().pooled().mean(0)).isEqualTo(9);
  }

  /// Appends batches of one stream one after the other, without waiting for the answers.
  private List<Outcome> appendTogether(NormalizerEvent... events) {
    return Flux.just(events)
        .flatMapSequential(event -> log.append(event), 16)
        .collectList()
        .block(Duration.ofSeconds(30));
  }

  @Test
  void theBatchesOfAStreamCountOneAfterTheOther() {
    append(Asking.of("payments").create());
    Succession stream = new Succession();
    List<Outcome> outcomes =
        appendTogether(
            IntStream.range(0, 10)
                .mapToObj(i -> Asking.of("payments").inStream(stream, i).observe(i))
                .toArray(NormalizerEvent[]::new));
    for (int i = 0; i < 10; i++) {
      assertThat(is(Outcome.Applied.class, outcomes.get(i)).after().version()).isEqualTo(2 + i);
    }
    is(Outcome.Applied.class, append(Asking.of("payments").inStream(stream, 10).observe(1)));
  }

  @Test
  void behindARefusedBatchOfAStreamNothingIsApplied() {
    append(Asking.of("payments").create());
    Succession stream = new Succession();
    List<Outcome> outcomes =
        appendTogether(
            Asking.of("payments").inStream(stream, 0).observe(1),
            Asking.of("payments").inStream(stream, 1).forIncarnation(-1).observe(2),
            Asking.of("payments").inStream(stream, 2).observe(3),
            Asking.of("payments").observe(4),
            Asking.of("payments").inStream(stream, 3).observe(5));
    is(Outcome.Applied.class, outcomes.get(0));
    refusal(VersionMismatch.class, outcomes.get(1));
    refusal(OutOfTurn.class, outcomes.get(2));
    is(Outcome.Applied.class, outcomes.get(3));
    refusal(OutOfTurn.class, outcomes.get(4));
    refusal(OutOfTurn.class, append(Asking.of("payments").inStream(stream, 4).observe(6)));
    assertThat(state("payments").running().meanAndVariance().mean(0)).isEqualTo(2.5);
  }

  @Test
  void aBatchThatIsMissingInItsStreamHoldsUpTheOnesBehindIt() {
    append(Asking.of("payments").create());
    Succession stream = new Succession();
    append(Asking.of("payments").inStream(stream, 0).observe(1));
    refusal(OutOfTurn.class, append(Asking.of("payments").inStream(stream, 2).observe(3)));
    is(Outcome.Applied.class, append(Asking.of("payments").inStream(stream, 1).observe(2)));
    is(Outcome.Applied.class, append(Asking.of("payments").inStream(stream, 2).observe(3)));
  }

  /// The answers to duplicates and to batches that meet a freeze may still fail.
  @Test
  void behindABatchThatDidNotCountNothingIsAppliedBeforeItIsAnswered() {
    append(Asking.of("payments").create());
    append(Asking.of("payments").withKey("a").observe(1));
    append(Asking.of("payments").withKey("b").observe(2));
    Succession again = new Succession();
    List<Outcome> outcomes =
        appendTogether(
            Asking.of("payments").withKey("a").inStream(again, 0).observe(1),
            Asking.of("payments").withKey("b").inStream(again, 1).observe(2),
            Asking.of("payments").withKey("c").inStream(again, 2).observe(3),
            Asking.of("payments").withKey("d").inStream(again, 3).observe(4));
    is(Outcome.Duplicate.class, outcomes.get(0));
    is(Outcome.Duplicate.class, outcomes.get(1));
    refusal(OutOfTurn.class, outcomes.get(2));
    refusal(OutOfTurn.class, outcomes.get(3));
    assertThat(state("payments").batches()).isEqualTo(2);
    Succession next = new Succession();
    is(
        Outcome.Applied.class,
        append(Asking.of("payments").withKey("c").inStream(next, 0).observe(3)));
    append(Asking.of("payments").freeze());
    Succession frozen = new Succession();
    List<Outcome> held =
        appendTogether(
            Asking.of("payments").inStream(frozen, 0).observe(4),
            Asking.of("payments").inStream(frozen, 1).observe(5),
            Asking.of("payments").unfreeze(),
            Asking.of("payments").inStream(frozen, 2).observe(6));
    is(Outcome.Frozen.class, held.get(1));
    refusal(OutOfTurn.class, held.get(3));
    assertThat(state("payments").batches()).isEqualTo(3);
  }
}
