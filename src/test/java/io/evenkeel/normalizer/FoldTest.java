package io.evenkeel.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.Ordinals;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.KeyReused;
import io.evenkeel.normalizer.NormalizationException.SnapshotExists;
import io.evenkeel.normalizer.NormalizationException.StatisticsFrozen;
import io.evenkeel.normalizer.NormalizationException.UnknownNormalizer;
import io.evenkeel.normalizer.NormalizationException.UnknownSnapshot;
import io.evenkeel.normalizer.NormalizationException.UnsupportedOperation;
import io.evenkeel.normalizer.NormalizationException.VersionMismatch;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every kind of event under every condition.
class FoldTest {
  private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");
  private static final Instant NOW = START.plusSeconds(60);
  private static final Stamp STAMP = new Stamp(42, NOW);

  /// The kinds of event, each as one that would change the usual normalizer.
  enum Kind {
    DELETED(Asking::delete, "delete"),
    OBSERVED(asking -> asking.observe(2, 4), ""),
    AFFINE_REPLACED(asking -> asking.replaceAffine(2, 1), "replace-affine"),
    DEFINITION_REPLACED(
        asking -> asking.replaceDefinition(Asking.definitionWithClip(3)), "replace-definition"),
    FROZEN(asking -> asking.freeze(Freeze.Scope.STATISTICS), "freeze"),
    UNFROZEN(Asking::unfreeze, "unfreeze"),
    RESET(Asking::reset, "reset"),
    MERGED(asking -> asking.merge(4, 5), "merge"),
    STATISTICS_REPLACED(asking -> asking.replaceStatistics(3, 2, 1), "replace-statistics"),
    AFFINE_STEPPED(asking -> asking.step(1, 1), ""),
    RESTORED(asking -> asking.restore("kept"), "restore"),
    SERVED(asking -> asking.serve("kept"), "serve");

    private final Function<Asking, NormalizerEvent> event;
    private final String command;

    Kind(Function<Asking, NormalizerEvent> event, String command) {
      this.event = event;
      this.command = command;
    }

    NormalizerEvent ask(Asking asking) {
      return event.apply(asking);
    }

    /// The usual normalizer, frozen for the one kind that needs it.
    Normalizer before() {
      return this == UNFROZEN ? frozen(Freeze.Scope.STATISTICS) : usual();
    }
  }

  private static Normalizer created() {
    return next(
        Fold.step(
            Optional.empty(),
            Asking.of("payments").create(),
            Optional.empty(),
            new Stamp(7, START)));
  }

  /// Version 3, one batch of three rows, one key, a snapshot of version 2.
  private static Normalizer usual() {
    Normalizer state =
        next(fold(created(), Asking.of("payments").withKey("first").observe(1, 2, 6)));
    state = next(fold(state, Asking.of("payments").takeSnapshot("kept")));
    return next(fold(state, Asking.of("payments").replaceAffine(3, 0)));
  }

  private static Normalizer frozen(Freeze.Scope scope) {
    return next(fold(usual(), Asking.of("payments").freeze(scope)));
  }

  private static Normalizer next(Fold.Step step) {
    return step.next().orElseThrow();
  }

  private static Fold.Step fold(Normalizer state, NormalizerEvent event) {
    return fold(state, event, Optional.empty());
  }

  private static Fold.Step fold(
      Normalizer state, NormalizerEvent event, Optional<AppliedKey> earlier) {
    return Fold.step(Optional.of(state), event, earlier, STAMP);
  }

  private static NormalizationException refusal(Fold.Step step) {
    assertThat(step.outcome()).isInstanceOf(Outcome.Refused.class);
    assertThat(step.key()).isEmpty();
    assertThat(step.audit()).isEmpty();
    return ((Outcome.Refused) step.outcome()).problem();
  }

  private static void assertUnchanged(Normalizer before, Fold.Step step) {
    assertThat(step.next()).containsSame(before);
    assertThat(step.key()).isEmpty();
    assertThat(step.audit()).isEmpty();
  }

  private static AppliedKey applied(NormalizerEvent event, long ordinal, Instant at) {
    return new AppliedKey(event.envelope().key().orElseThrow(), ordinal, 2, at);
  }

  @Test
  void creatingAFreeName() {
    Fold.Step step =
        Fold.step(
            Optional.empty(), Asking.of("payments").withKey("a").create(), Optional.empty(), STAMP);
    Normalizer state = next(step);
    assertThat(step.outcome()).isEqualTo(new Outcome.Created(state));
    assertThat(state.revision()).isEqualTo(new Revision(42, 1));
    assertThat(state.createdAt()).isEqualTo(NOW);
    assertThat(state.updatedAt()).isEqualTo(NOW);
    assertThat(state.keys()).isZero();
    assertThat(step.key()).isEmpty();
    assertThat(step.audit().orElseThrow().command()).isEqualTo("create");
  }

  @Test
  void creatingAFreeNameThatWasExpectedToExist() {
    NormalizationException problem =
        refusal(
            Fold.step(
                Optional.empty(),
                Asking.of("payments").expecting(new Revision(7, 1)).create(),
                Optional.empty(),
                STAMP));
    assertThat(problem).isInstanceOf(VersionMismatch.class);
    assertThat(((VersionMismatch) problem).isPrecondition()).isTrue();
  }

  private static final Precondition THERE =
      new Precondition(Optional.of(new Precondition.Revisions.Any()), Optional.empty());

  private static final Precondition NOT_THERE =
      new Precondition(Optional.empty(), Optional.of(new Precondition.Revisions.Any()));

  @Test
  void aNameIsCreatedOnlyIfNothingAsksThatItBeThere() {
    Asking asking = Asking.of("payments");
    for (NormalizerEvent event :
        List.of(asking.under(THERE).create(), asking.under(THERE).importing(1, 2, 3))) {
      assertThat(refusal(Fold.step(Optional.empty(), event, Optional.empty(), STAMP)))
          .isInstanceOf(VersionMismatch.class);
    }
    for (NormalizerEvent event :
        List.of(asking.under(NOT_THERE).create(), asking.under(NOT_THERE).importing(1, 2, 3))) {
      assertThat(Fold.step(Optional.empty(), event, Optional.empty(), STAMP).outcome())
          .isInstanceOf(Outcome.Created.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNormalizerThatMustNotBeThereIsNotTouched(Kind kind) {
    Normalizer before = kind.before();
    Fold.Step step = fold(before, kind.ask(Asking.of("payments").under(NOT_THERE)));
    assertThat(refusal(step)).isInstanceOf(VersionMismatch.class);
    assertUnchanged(before, step);
    assertThat(fold(before, kind.ask(Asking.of("payments").under(THERE))).outcome())
        .hasSameClassAs(fold(before, kind.ask(Asking.of("payments"))).outcome());
  }

  @ParameterizedTest
  @EnumSource
  void anythingElseOnAFreeName(Kind kind) {
    Fold.Step step =
        Fold.step(Optional.empty(), kind.ask(Asking.of("payments")), Optional.empty(), STAMP);
    assertThat(refusal(step)).isInstanceOf(UnknownNormalizer.class);
    assertThat(step.next()).isEmpty();
  }

  @Test
  void creatingATakenNameWithTheSameDefinition() {
    Normalizer before = usual();
    Fold.Step step = fold(before, Asking.of("payments").create());
    assertThat(step.outcome()).isEqualTo(new Outcome.Exists(before));
    assertUnchanged(before, step);
  }

  @Test
  void creatingATakenNameWithAnotherDefinition() {
    Normalizer before = usual();
    Fold.Step step = fold(before, Asking.of("payments").create(Asking.definitionWithClip(3)));
    assertThat(refusal(step)).isInstanceOf(DefinitionConflict.class);
    assertUnchanged(before, step);
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatWasAppliedToTheSameRequest(Kind kind) {
    NormalizerEvent event = kind.ask(Asking.of("payments").withKey("first"));
    Fold.Step step = fold(kind.before(), event, Optional.of(applied(event, 1, START)));
    assertThat(step.outcome()).isInstanceOf(Outcome.Duplicate.class);
    assertThat(((Outcome.Duplicate) step.outcome()).appliedVersion()).isEqualTo(2);
    assertThat(step.key()).isEmpty();
    assertThat(step.audit()).isEmpty();
  }

  /// Even where another condition is missed as well: the request was carried out.
  @ParameterizedTest
  @EnumSource
  void aRepeatedRequestIsADuplicateWhateverItExpected(Kind kind) {
    NormalizerEvent event =
        kind.ask(Asking.of("payments").withKey("first").expecting(new Revision(7, 1)));
    Normalizer before = frozen(Freeze.Scope.ALL);
    Fold.Step step = fold(before, event, Optional.of(applied(event, 1, START)));
    assertThat(step.outcome()).isInstanceOf(Outcome.Duplicate.class);
    assertUnchanged(before, step);
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatWasAppliedToAnotherRequest(Kind kind) {
    Normalizer before = kind.before();
    AppliedKey other = applied(Asking.of("payments").withKey("first", "other").reset(), 1, START);
    Fold.Step step =
        fold(before, kind.ask(Asking.of("payments").withKey("first")), Optional.of(other));
    assertThat(refusal(step)).isInstanceOf(KeyReused.class);
    assertUnchanged(before, step);
  }

  @ParameterizedTest
  @EnumSource
  void aKeyOlderThanADay(Kind kind) {
    NormalizerEvent event = kind.ask(Asking.of("payments").withKey("first"));
    AppliedKey old = applied(event, 1, NOW.minus(Duration.ofHours(24)));
    assertThat(fold(kind.before(), event, Optional.of(old)).outcome())
        .isInstanceOfAny(Outcome.Applied.class, Outcome.Deleted.class);
    AppliedKey recent = applied(event, 1, NOW.minus(Duration.ofHours(24)).plusNanos(1));
    assertThat(fold(kind.before(), event, Optional.of(recent)).outcome())
        .isInstanceOf(Outcome.Duplicate.class);
  }

  /// Of 100,001 keys the first counts no longer, the second does.
  @Test
  void aKeyBeforeTheLastHundredThousand() {
    Normalizer usual = usual();
    Normalizer many =
        new Normalizer(
            usual.name(),
            usual.revision(),
            usual.definition(),
            usual.affine(),
            usual.running(),
            usual.window(),
            usual.frozen(),
            usual.snapshots(),
            usual.rows(),
            usual.batches(),
            100_001,
            usual.createdAt(),
            usual.updatedAt());
    NormalizerEvent event = Asking.of("payments").withKey("a").observe(1);
    assertThat(fold(many, event, Optional.of(applied(event, 1, START))).outcome())
        .isInstanceOf(Outcome.Applied.class);
    assertThat(fold(many, event, Optional.of(applied(event, 2, START))).outcome())
        .isInstanceOf(Outcome.Duplicate.class);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasMeantForAnotherIncarnation(Kind kind) {
    Normalizer before = kind.before();
    Fold.Step step = fold(before, kind.ask(Asking.of("payments").forIncarnation(6)));
    NormalizationException problem = refusal(step);
    assertThat(problem).isInstanceOf(VersionMismatch.class);
    assertThat(((VersionMismatch) problem).isPrecondition()).isFalse();
    assertUnchanged(before, step);
  }

  @ParameterizedTest
  @EnumSource
  void aRevisionThatWasNotExpected(Kind kind) {
    Normalizer before = kind.before();
    Revision present = before.revision();
    Fold.Step step =
        fold(
            before,
            kind.ask(
                Asking.of("payments")
                    .expecting(
                        new Revision(present.incarnation(), present.version() - 1),
                        new Revision(present.incarnation() + 1, present.version()))));
    NormalizationException problem = refusal(step);
    assertThat(problem).isInstanceOf(VersionMismatch.class);
    assertThat(((VersionMismatch) problem).isPrecondition()).isTrue();
    assertUnchanged(before, step);
  }

  @ParameterizedTest
  @EnumSource
  void aNormalizerOfWhichNoRevisionIsExpected(Kind kind) {
    Fold.Step step = fold(kind.before(), kind.ask(Asking.of("payments").expecting()));
    assertThat(refusal(step)).isInstanceOf(VersionMismatch.class);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DELETED")
  void whatIsAppliedMakesOneVersionAndRemembersItsKey(Kind kind) {
    Normalizer before = kind.before();
    NormalizerEvent event =
        kind.ask(
            Asking.of("payments")
                .withKey("second")
                .forIncarnation(7)
                .expecting(before.revision())
                .by("ann", "tests"));
    Fold.Step step = fold(before, event);
    Normalizer after = next(step);
    assertThat(step.outcome()).isEqualTo(new Outcome.Applied(before, after));
    assertThat(after.revision()).isEqualTo(new Revision(7, before.version() + 1));
    assertThat(after.createdAt()).isEqualTo(START);
    assertThat(after.updatedAt()).isEqualTo(NOW);
    assertThat(after.keys()).isEqualTo(2);
    assertThat(step.key())
        .contains(
            new AppliedKey(event.envelope().key().orElseThrow(), 2, before.version() + 1, NOW));
    assertThat(step.audit().map(AuditEntry::command).orElse("")).isEqualTo(kind.command);
    step.audit()
        .ifPresent(entry ->
            assertThat(entry)
                .isEqualTo(
                    new AuditEntry(
                        42,
                        NOW,
                        Optional.of("ann"),
                        kind.command,
                        before.name(),
                        before.version() + 1,
                        Optional.of("tests"))));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DELETED")
  void withoutAKeyNoneIsCounted(Kind kind) {
    Fold.Step step = fold(kind.before(), kind.ask(Asking.of("payments")));
    assertThat(step.key()).isEmpty();
    assertThat(next(step).keys()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void deletingWorksWhateverIsHeld(Freeze.Scope scope) {
    Normalizer before = frozen(scope);
    Fold.Step step = fold(before, Asking.of("payments").withKey("second").delete());
    assertThat(step.outcome()).isEqualTo(new Outcome.Deleted(before));
    assertThat(step.next()).isEmpty();
    assertThat(step.key()).isEmpty();
    assertThat(step.audit().orElseThrow().version()).isEqualTo(before.version());
  }

  /// By hand: 1, 2, 6, 2 and 4 have mean 3 and squared deviations 4, 1, 9, 1 and 1, so the biased
  /// variance is 16 / 5.
  @Test
  void observingMovesStatisticsRowsAndBatches() {
    Normalizer after = next(fold(usual(), Asking.of("payments").observe(2, 4)));
    assertThat(after.running().meanAndVariance().mean(0)).isEqualTo(3);
    assertThat(after.running().meanAndVariance().variance(0)).isEqualTo(3.2);
    assertThat(after.rows()).isEqualTo(5);
    assertThat(after.batches()).isEqualTo(2);
    assertThat(after.affine()).isEqualTo(usual().affine());
  }

  @ParameterizedTest
  @EnumSource
  void observingWhileFrozen(Freeze.Scope scope) {
    Normalizer before = frozen(scope);
    Fold.Step step = fold(before, Asking.of("payments").withKey("second").observe(1));
    assertThat(step.outcome()).isEqualTo(new Outcome.Frozen(before));
    assertUnchanged(before, step);
    Fold.Step refused = fold(before, Asking.of("payments").observeUnlessFrozen(1));
    assertThat(refusal(refused)).isInstanceOf(StatisticsFrozen.class);
    assertUnchanged(before, refused);
  }

  /// The squared deviations of ±1e200 are above the greatest double.
  @Test
  void momentsThatAreNotFiniteAreRefused() {
    Normalizer before = usual();
    Fold.Step step = fold(before, Asking.of("payments").observe(1e200, -1e200));
    assertOverflow(refusal(step));
    assertUnchanged(before, step);
  }

  /// Each batch for itself has variance 0; pooled they have that of ±1e200.
  @Test
  void mergedMomentsThatAreNotFiniteAreRefused() {
    Normalizer before = next(fold(created(), Asking.of("payments").observe(1e200)));
    assertOverflow(refusal(fold(before, Asking.of("payments").observe(-1e200))));
  }

  /// The batch's values are ±1, its deviation 1; 1e308 times 1 plus 1e308 is above the greatest
  /// double. Who does not ask for the rows is not refused.
  @Test
  void aNormalisedValueThatIsNotFiniteIsRefusedWhereItIsAskedFor() {
    Normalizer before = next(fold(created(), Asking.of("payments").replaceAffine(1e308, 1e308)));
    Fold.Step step = fold(before, Asking.of("payments").normalize(-1, 1));
    assertOverflow(refusal(step));
    assertUnchanged(before, step);
    assertThat(fold(before, Asking.of("payments").observe(-1, 1)).outcome())
        .isInstanceOf(Outcome.Applied.class);
  }

  private static void assertOverflow(NormalizationException problem) {
    assertThat(problem).isInstanceOf(InvalidInput.class);
    assertThat(((InvalidInput) problem).faults().first())
        .extracting(Fault::code)
        .containsExactly(Fault.OVERFLOW);
  }

  @Test
  void replacingGammaAndBetaByTheSame() {
    Normalizer before = usual();
    Fold.Step step = fold(before, Asking.of("payments").withKey("second").replaceAffine(3, 0));
    assertThat(step.outcome()).isEqualTo(new Outcome.Unchanged(before));
    assertUnchanged(before, step);
  }

  @Test
  void replacingGammaAndBetaIsHeldOnlyByAFreezeOfAll() {
    Normalizer all = frozen(Freeze.Scope.ALL);
    Fold.Step refused = fold(all, Asking.of("payments").replaceAffine(2, 1));
    assertThat(refusal(refused)).isInstanceOf(StatisticsFrozen.class);
    assertUnchanged(all, refused);
    Normalizer statistics = frozen(Freeze.Scope.STATISTICS);
    Normalizer after = next(fold(statistics, Asking.of("payments").replaceAffine(2, 1)));
    assertThat(after.affine().gamma(0)).isEqualTo(2);
    assertThat(after.affine().beta(0)).isEqualTo(1);
    assertThat(after.isFrozen()).isTrue();
  }

  @Test
  void replacingTheDefinitionByTheSame() {
    Normalizer before = usual();
    Fold.Step step = fold(before, Asking.of("payments").replaceDefinition(Asking.definition()));
    assertThat(step.outcome()).isEqualTo(new Outcome.Unchanged(before));
    assertUnchanged(before, step);
  }

  @Test
  void replacingTheDefinitionKeepsTheStatistics() {
    Normalizer before = usual();
    Normalizer after =
        next(fold(before, Asking.of("payments").replaceDefinition(Asking.definitionWithClip(3))));
    assertThat(after.definition().rules().clip()).hasValue(3);
    assertThat(after.running()).isSameAs(before.running());
    assertThat(after.affine()).isEqualTo(before.affine());
  }

  @Test
  void whatTheMomentsDependOnCannotBeReplaced() {
    Normalizer before = usual();
    List<NormalizerDefinition> others =
        List.of(
            Asking.definition(new Averaging.CumulativeBatches(), Features.numbered(1)),
            Asking.definition(
                before.definition().averaging(), Features.of(List.of(Feature.named("amount")))),
            Asking.definition(
                before.definition().averaging(),
                Features.of(List.of(Feature.named("amount"), Feature.named("f0")))));
    for (NormalizerDefinition other : others) {
      Fold.Step step = fold(before, Asking.of("payments").replaceDefinition(other));
      assertThat(refusal(step)).isInstanceOf(DefinitionConflict.class);
      assertUnchanged(before, step);
    }
  }

  @ParameterizedTest
  @EnumSource
  void freezingAgainInTheSameScope(Freeze.Scope scope) {
    Normalizer before = frozen(scope);
    Fold.Step step = fold(before, Asking.of("payments").withKey("second").freeze(scope));
    assertThat(step.outcome()).isEqualTo(new Outcome.Unchanged(before));
    assertUnchanged(before, step);
  }

  @Test
  void freezingAgainInAnotherScope() {
    Normalizer after =
        next(
            fold(
                frozen(Freeze.Scope.STATISTICS),
                Asking.of("payments").by("ann", "all of it").freeze(Freeze.Scope.ALL)));
    assertThat(after.frozen())
        .contains(new Freeze(Freeze.Scope.ALL, NOW, Optional.of("all of it")));
  }

  @Test
  void unfreezingWhatIsNotFrozen() {
    Normalizer before = usual();
    Fold.Step step = fold(before, Asking.of("payments").withKey("second").unfreeze());
    assertThat(step.outcome()).isEqualTo(new Outcome.Unchanged(before));
    assertUnchanged(before, step);
  }

  @ParameterizedTest
  @EnumSource
  void unfreezingHoldsNothingAnyLonger(Freeze.Scope scope) {
    assertThat(next(fold(frozen(scope), Asking.of("payments").unfreeze())).frozen()).isEmpty();
  }

  @Test
  void resettingBeginsStatisticsRowsAndBatchesAnewAndNothingElse() {
    Normalizer before = usual();
    Normalizer after = next(fold(before, Asking.of("payments").reset()));
    assertThat(after.rows()).isZero();
    assertThat(after.batches()).isZero();
    assertThat(after.running().count(0)).isZero();
    assertThat(after.running().min(0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(after.affine()).isEqualTo(before.affine());
    assertThat(after.keys()).isEqualTo(before.keys());
    assertThat(next(fold(after, Asking.of("payments").reset())).version())
        .isEqualTo(before.version() + 2);
  }

  @ParameterizedTest
  @EnumSource
  void resettingWhileFrozen(Freeze.Scope scope) {
    Normalizer before = frozen(scope);
    Fold.Step step = fold(before, Asking.of("payments").reset());
    assertThat(refusal(step)).isInstanceOf(StatisticsFrozen.class);
    assertUnchanged(before, step);
  }

  @Test
  void theFirstFeatureThatOverflowsIsNamed() {
    Normalizer state =
        next(
            Fold.step(
                Optional.empty(),
                Asking.of("payments")
                    .create(
                        Asking.definition(
                            Asking.definition().averaging(),
                            Features.of(List.of(Feature.named("age"), Feature.named("amount"))))),
                Optional.empty(),
                STAMP));
    double[] one = {1, 1};
    BatchMoments batch =
        new BatchMoments(
            1,
            new FeatureMoments(
                one, one, one, new double[2], new double[] {0, Double.NaN}, one, one),
            Optional.empty());
    NormalizerEvent.Observed event =
        new NormalizerEvent.Observed(
            Asking.of("payments").reset().envelope(),
            batch,
            Optional.empty(),
            false,
            Optional.empty());
    InvalidInput problem = (InvalidInput) refusal(fold(state, event));
    assertThat(problem.faults().first().getFirst().detail()).contains("amount");
  }

  @Test
  void importingAFreeNameCountsItsKey() {
    Fold.Step step =
        Fold.step(
            Optional.empty(),
            Asking.of("payments").withKey("a").importing(10, 5, 4),
            Optional.empty(),
            STAMP);
    Normalizer state = next(step);
    assertThat(step.outcome()).isEqualTo(new Outcome.Created(state));
    assertThat(state.rows()).isEqualTo(10);
    assertThat(state.batches()).isEqualTo(1);
    assertThat(state.running().meanAndVariance().mean(0)).isEqualTo(5);
    assertThat(state.running().meanAndVariance().variance(0)).isEqualTo(4);
    assertThat(state.keys()).isEqualTo(1);
    assertThat(step.key().orElseThrow().ordinal()).isEqualTo(1);
    assertThat(step.audit().orElseThrow().command()).isEqualTo("import");
  }

  @Test
  void importingATakenNameIsAConflictWhateverItsDefinition() {
    NormalizerEvent event = Asking.of("payments").importing(10, 5, 4);
    assertThat(refusal(fold(usual(), event))).isInstanceOf(DefinitionConflict.class);
  }

  @Test
  void aSnapshotMovesNoVersionButIsWrittenDown() {
    Fold.Step step = fold(usual(), Asking.of("payments").withKey("s").takeSnapshot("new"));
    Normalizer after = next(step);
    assertThat(after.revision()).isEqualTo(usual().revision());
    assertThat(after.updatedAt()).isEqualTo(usual().updatedAt());
    assertThat(after.snapshots().all())
        .extracting(snapshot -> snapshot.label().value())
        .containsExactly("kept", "new");
    assertThat(after.keys()).isEqualTo(usual().keys() + 1);
    assertThat(step.key().orElseThrow().version()).isEqualTo(usual().version());
    assertThat(step.audit().orElseThrow().command()).isEqualTo("take-snapshot");
  }

  @Test
  void aLabelIsTakenOnce() {
    assertThat(refusal(fold(usual(), Asking.of("payments").takeSnapshot("kept"))))
        .isInstanceOf(SnapshotExists.class);
  }

  @Test
  void aNormalizerKeepsAtMost256Snapshots() {
    Normalizer state = usual();
    for (int i = 1; i < Snapshots.MOST; i++) {
      state = next(fold(state, Asking.of("payments").takeSnapshot("s" + i)));
    }
    assertThat(refusal(fold(state, Asking.of("payments").takeSnapshot("one-more"))))
        .isInstanceOf(UnsupportedOperation.class)
        .hasMessageContaining("256");
    state = next(fold(state, Asking.of("payments").deleteSnapshot("s7")));
    assertThat(fold(state, Asking.of("payments").takeSnapshot("one-more")).outcome())
        .isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void whatIsAskedOfASnapshotThatThereIsNot() {
    Asking asking = Asking.of("payments");
    for (NormalizerEvent event :
        List.of(asking.deleteSnapshot("none"), asking.restore("none"), asking.serve("none"))) {
      assertThat(refusal(fold(usual(), event))).isInstanceOf(UnknownSnapshot.class);
    }
  }

  @Test
  void restoringBringsBackDefinitionAffineAndStatisticsInANewVersion() {
    Normalizer moved = next(fold(usual(), Asking.of("payments").observe(100, 200)));
    moved =
        next(fold(moved, Asking.of("payments").replaceDefinition(Asking.definitionWithClip(3))));
    Normalizer restored = next(fold(moved, Asking.of("payments").restore("kept")));
    assertThat(restored.version()).isEqualTo(moved.version() + 1);
    assertThat(restored.definition()).isEqualTo(usual().definition());
    assertThat(restored.affine().gamma(0)).isEqualTo(1);
    assertThat(restored.running().meanAndVariance().mean(0)).isEqualTo(3);
    assertThat(restored.rows()).isEqualTo(3);
    assertThat(restored.batches()).isEqualTo(1);
  }

  @Test
  void aSnapshotServesInferenceUntilAnotherDoes() {
    Normalizer served = next(fold(usual(), Asking.of("payments").serve("kept")));
    assertThat(served.version()).isEqualTo(usual().version() + 1);
    assertThat(served.model(Optional.empty()).version()).isEqualTo(2);
    assertThat(served.live().version()).isEqualTo(4);
    assertThat(fold(served, Asking.of("payments").serve("kept")).outcome())
        .isInstanceOf(Outcome.Unchanged.class);
    assertThat(refusal(fold(served, Asking.of("payments").deleteSnapshot("kept"))))
        .isInstanceOf(UnsupportedOperation.class);
    Normalizer live = next(fold(served, Asking.of("payments").serveLive()));
    assertThat(live.model(Optional.empty())).isEqualTo(live.live());
    assertThat(fold(live, Asking.of("payments").deleteSnapshot("kept")).outcome())
        .isInstanceOf(Outcome.Applied.class);
  }

  /// 1, 2, 6 and 4, 5: mean 18/5.
  @Test
  void aShardIsAddedAsOneBatch() {
    Normalizer merged = next(fold(usual(), Asking.of("payments").merge(4, 5)));
    assertThat(merged.running().meanAndVariance().mean(0)).isEqualTo(3.6);
    assertThat(merged.rows()).isEqualTo(5);
    assertThat(merged.batches()).isEqualTo(2);
  }

  @Test
  void onlyCumulativeStatisticsAreMerged() {
    for (Averaging averaging :
        List.of(
            new Averaging.CumulativeBatches(),
            new Averaging.Decaying(3),
            new Averaging.Window(3, WindowKind.SLIDING))) {
      Normalizer state = created(averaging, new Training.Batch());
      assertThat(refusal(fold(state, Asking.of("payments").merge(4, 5))))
          .isInstanceOf(UnsupportedOperation.class);
    }
  }

  private static Normalizer created(Averaging averaging, Training training) {
    return next(
        Fold.step(
            Optional.empty(),
            Asking.of("payments")
                .create(Asking.definition(averaging, training, Features.numbered(1))),
            Optional.empty(),
            new Stamp(7, START)));
  }

  @Test
  void whatMovesStatisticsIsHeldWhileTheyAreFrozen() {
    Asking asking = Asking.of("payments");
    for (NormalizerEvent event :
        List.of(
            asking.reset(),
            asking.merge(1, 2),
            asking.replaceStatistics(3, 2, 1),
            asking.restore("kept"))) {
      assertThat(refusal(fold(frozen(Freeze.Scope.STATISTICS), event)))
          .isInstanceOf(StatisticsFrozen.class);
    }
    assertThat(fold(frozen(Freeze.Scope.STATISTICS), asking.step(1, 1)).outcome())
        .isInstanceOf(Outcome.Applied.class);
    assertThat(refusal(fold(frozen(Freeze.Scope.ALL), asking.step(1, 1))))
        .isInstanceOf(StatisticsFrozen.class);
  }

  /// γ = 3, β = 0 before.
  @Test
  void aStepMovesGammaAndBetaAgainstTheirGradients() {
    Normalizer after = next(fold(usual(), Asking.of("payments").step(0.5, -2)));
    assertThat(after.affine().gamma(0)).isEqualTo(2.5);
    assertThat(after.affine().beta(0)).isEqualTo(2);
    assertThat(fold(usual(), Asking.of("payments").step(0, 0)).outcome())
        .isInstanceOf(Outcome.Unchanged.class);
    Normalizer large = next(fold(usual(), Asking.of("payments").step(-Double.MAX_VALUE, 0)));
    assertThat(refusal(fold(large, Asking.of("payments").step(-Double.MAX_VALUE, 0))))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void aTrainingWindowBeginsAnewWithAnotherName() {
    Normalizer state =
        created(
            new Averaging.Cumulative(Optional.empty()),
            new Training.Window(3, WindowKind.TUMBLING));
    state = next(fold(state, Asking.of("payments").observeInWindow("step 1", 1, 2)));
    state = next(fold(state, Asking.of("payments").observeInWindow("step 1", 3, 4)));
    assertThat(window(state).size()).isEqualTo(2);
    // what is not said does not change
    state = next(fold(state, Asking.of("payments").observe(5, 6)));
    assertThat(window(state).size()).isEqualTo(3);
    state = next(fold(state, Asking.of("payments").observeInWindow("step 2", 7, 8)));
    assertThat(window(state).size()).isEqualTo(1);
    assertThat(window(state).pooled().mean(0)).isEqualTo(7.5);
    assertThat(state.running().count(0)).isEqualTo(8);
    state = next(fold(state, Asking.of("payments").reset()));
    assertThat(window(state).size()).isZero();
    assertThat(window(state).next()).isEqualTo(4);
  }

  private static MomentsWindow window(Normalizer state) {
    return state.window().orElseThrow().moments();
  }

  /// Batches of a window are rows of their own, found by ordinal: none is given to two of them,
  /// whatever replaces the statistics, and those of a snapshot keep theirs.
  @Test
  void ordinalsOfAWindowGoOnThroughResetRestoreAndImport() {
    Normalizer state = created(new Averaging.Window(3, WindowKind.SLIDING), new Training.Batch());
    state = next(fold(state, Asking.of("payments").observe(1, 2)));
    state = next(fold(state, Asking.of("payments").observe(3, 4)));
    state = next(fold(state, Asking.of("payments").takeSnapshot("two")));
    state = next(fold(state, Asking.of("payments").observe(5, 6)));
    state = next(fold(state, Asking.of("payments").reset()));
    assertThat(averaged(state).next()).isEqualTo(3);
    state = next(fold(state, Asking.of("payments").restore("two")));
    assertThat(averaged(state).ordinals()).isEqualTo(Ordinals.of(0, 2));
    assertThat(averaged(state).next()).isEqualTo(3);
    assertThat(state.running().meanAndVariance().mean(0)).isEqualTo(2.5);
    state = next(fold(state, Asking.of("payments").replaceStatistics(4, 9, 1)));
    assertThat(averaged(state).ordinals()).isEqualTo(Ordinals.of(3, 4));
    assertThat(averaged(state).next()).isEqualTo(4);
    assertThat(state.running().meanAndVariance().mean(0)).isEqualTo(9);
  }

  private static MomentsWindow averaged(Normalizer state) {
    return ((WindowStatistics) state.running()).window();
  }

  /// Deviations 1 and 1e200: the square of the pooled one overflows, though no batch's does.
  @Test
  void theMomentsOfAWindowMustBeFiniteTogether() {
    Normalizer state =
        created(new Averaging.CumulativeBatches(), new Training.Window(3, WindowKind.SLIDING));
    state = next(fold(state, Asking.of("payments").observe(1e155, 1e155)));
    InvalidInput problem =
        (InvalidInput) refusal(fold(state, Asking.of("payments").observe(-1e155, -1e155)));
    assertThat(problem.faults().first().getFirst().code()).isEqualTo(Fault.OVERFLOW);
  }

  private static NormalizerDefinition redefined(
      NormalizerDefinition old, Training training, double epsilon) {
    return new NormalizerDefinition(
        old.preset(),
        old.features(),
        old.averaging(),
        old.runningVariance(),
        training,
        old.minimumBatchRows(),
        new NormalizationRules(
            true,
            true,
            epsilon,
            ConstantFeature.ONE,
            MissingValues.IGNORE,
            OptionalDouble.empty(),
            Activation.TANH),
        old.affine());
  }

  @Test
  void epsilonAndLimitsOfARenormalizationCanChangeAndMoveNoVariance() {
    Averaging averaging =
        new Averaging.Exponential(
            0.1, Averaging.Exponential.VarianceKind.WITHIN, Averaging.Exponential.Start.ZERO_ONE);
    Normalizer state = created(averaging, new Training.Renormalization(3, 5));
    state = next(fold(state, Asking.of("payments").observe(6, 10)));
    NormalizerDefinition other =
        redefined(state.definition(), new Training.Renormalization(2, 1), 0.5);
    Normalizer after = next(fold(state, Asking.of("payments").replaceDefinition(other)));
    assertThat(after.running().meanAndVariance().variance(0))
        .isCloseTo(state.running().meanAndVariance().variance(0), Offset.offset(1e-15));
  }

  /// Freezing again without saying how far must not let go of gamma and beta.
  @Test
  void freezingAgainHoldsWhatIsHeld() {
    Normalizer all = frozen(Freeze.Scope.ALL);
    assertThat(fold(all, Asking.of("payments").freeze()).outcome())
        .isInstanceOf(Outcome.Unchanged.class);
    Normalizer some = next(fold(usual(), Asking.of("payments").freeze()));
    assertThat(some.frozen().orElseThrow().scope()).isEqualTo(Freeze.Scope.STATISTICS);
  }

  @Test
  void aShardIsNoBatchOfTheTrainingWindow() {
    Normalizer state =
        created(
            new Averaging.Cumulative(Optional.empty()), new Training.Window(3, WindowKind.SLIDING));
    state = next(fold(state, Asking.of("payments").observe(1, 2)));
    state = next(fold(state, Asking.of("payments").merge(1000, 1000)));
    assertThat(window(state).size()).isEqualTo(1);
    assertThat(state.running().count(0)).isEqualTo(4);
  }

  /// s² would be the variance and ε together.
  @Test
  void anEpsilonThatOverflowsTheDeviationsIsRefused() {
    Averaging averaging =
        new Averaging.Exponential(
            1, Averaging.Exponential.VarianceKind.WITHIN, Averaging.Exponential.Start.ZERO_ONE);
    Normalizer state = created(averaging, new Training.Renormalization(3, 5));
    state = next(fold(state, Asking.of("payments").observe(0, 1e154)));
    NormalizerDefinition old = state.definition();
    NormalizerDefinition other = redefined(old, old.training(), Double.MAX_VALUE);
    assertThat(refusal(fold(state, Asking.of("payments").replaceDefinition(other))))
        .isInstanceOf(InvalidInput.class);
  }

  /// Of 65,536 features 128 snapshots are as many moments as there may be.
  @Test
  void snapshotsHoldABoundedNumberOfMoments() {
    Normalizer state =
        next(
            Fold.step(
                Optional.empty(),
                Asking.of("payments")
                    .create(
                        Asking.definition(
                            new Averaging.Cumulative(Optional.empty()), Features.numbered(65_536))),
                Optional.empty(),
                new Stamp(7, START)));
    int taken = 0;
    while (fold(state, Asking.of("payments").takeSnapshot("s" + taken)).outcome()
        instanceof Outcome.Applied(_, var after)) {
      state = after;
      taken++;
    }
    assertThat(taken).isEqualTo(Snapshots.MOST_MOMENTS / 65_536);
  }
}
