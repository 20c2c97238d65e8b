package io.evenkeel.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.NormalizationException.DefinitionChanged;
import io.evenkeel.normalizer.NormalizationException.DefinitionConflict;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Reception;
import io.evenkeel.normalizer.definition.Untrained;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Features that are renamed, and features that are added while the statistics of the others stay.
class RedefinitionFoldTest {
  private static final Stamp STAMP = new Stamp(42, Instant.parse("2026-11-01T10:00:00Z"));
  private static final Averaging POOLED = new Averaging.Cumulative(Optional.empty());

  private static Fold.Step fold(Normalizer state, NormalizerEvent event) {
    return Fold.step(Optional.of(state), event, Optional.empty(), STAMP);
  }

  private static Normalizer next(Normalizer state, NormalizerEvent event) {
    Fold.Step step = fold(state, event);
    assertThat(step.outcome()).isInstanceOf(Outcome.Applied.class);
    return step.next().orElseThrow();
  }

  private static NormalizationException refusal(Normalizer state, NormalizerEvent event) {
    Fold.Step step = fold(state, event);
    assertThat(step.next()).containsSame(state);
    assertThat(step.outcome()).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) step.outcome()).problem();
  }

  private static Features named(String... names) {
    return Features.of(Stream.of(names).map(Feature::named).toList());
  }

  private static NormalizerEvent redefine(NormalizerDefinition next, Map<String, String> renamed) {
    return Asking.of("payments").replaceDefinition(next, renamed);
  }

  private static NormalizerEvent observe(FeatureBatch batch) {
    return Asking.of("payments").observe(batch);
  }

  static Stream<Arguments> kinds() {
    Training batch = new Training.Batch();
    return Stream.of(
        Arguments.of(POOLED, batch),
        Arguments.of(new Averaging.Cumulative(Optional.of(new Averaging.Prior(2, 1, 3))), batch),
        Arguments.of(new Averaging.CumulativeBatches(), batch),
        Arguments.of(new Averaging.Decaying(3), batch),
        Arguments.of(new Exponential(0.1, VarianceKind.WITHIN, Start.ZERO_ONE), batch),
        Arguments.of(new Exponential(0.1, VarianceKind.TOTAL, Start.FIRST_BATCH), batch),
        Arguments.of(
            new Exponential(0.1, VarianceKind.WITHIN, Start.ZERO_ONE),
            new Training.Renormalization(3, 5)),
        Arguments.of(new Averaging.Window(2, WindowKind.SLIDING), batch),
        Arguments.of(new Averaging.Window(9, WindowKind.TUMBLING), batch),
        Arguments.of(POOLED, new Training.Window(2, WindowKind.SLIDING)));
  }

  /// The sources of the expected values are two normalizers of one feature each: one that saw every
  /// batch, and one that began with the first batch after the change.
  @ParameterizedTest
  @MethodSource("kinds")
  void anAddedFeatureBeginsWhileTheOthersGoOn(Averaging averaging, Training training) {
    double[][] before = {{1, 4}, {2, 9}, {5, 5.5}};
    double[][] after = {{3, 7}, {1, 1}, {8, 2}};
    double[][] added = {{70, 20}, {-3, 4}, {0.5, 0.25}};
    NormalizerDefinition one = Asking.definition(averaging, training, named("a"));
    Normalizer old = States.created("payments", one);
    Normalizer young =
        States.created("payments", Asking.definition(averaging, training, named("b")));
    Normalizer grown = old;
    for (double[] values : before) {
      old = next(old, observe(FeatureBatch.of(1, values)));
      grown = next(grown, observe(FeatureBatch.of(1, values)));
    }
    grown =
        next(grown, redefine(Asking.definition(averaging, training, named("a", "b")), Map.of()));
    assertThat(grown.running().hasValue(0)).isTrue();
    assertThat(grown.running().hasValue(1)).isEqualTo(young.running().hasValue(0));
    requireSame(grown, 0, old);
    requireSame(grown, 1, young);
    for (int i = 0; i < after.length; i++) {
      old = next(old, observe(FeatureBatch.of(1, after[i])));
      young = next(young, observe(FeatureBatch.of(1, added[i])));
      grown =
          next(
              grown,
              observe(FeatureBatch.of(2, after[i][0], added[i][0], after[i][1], added[i][1])));
      requireSame(grown, 0, old);
      requireSame(grown, 1, young);
    }
    assertThat(grown.rows()).isEqualTo(12);
    assertThat(grown.batches()).isEqualTo(6);
  }

  private static void requireSame(Normalizer wide, int feature, Normalizer narrow) {
    assertThat(wide.running().count(feature)).isEqualTo(narrow.running().count(0));
    assertThat(wide.running().min(feature)).isEqualTo(narrow.running().min(0));
    assertThat(wide.running().max(feature)).isEqualTo(narrow.running().max(0));
    var shown = wide.running().meanAndVariance();
    var expected = narrow.running().meanAndVariance();
    assertThat(shown.mean(feature)).isEqualTo(expected.mean(0));
    assertThat(shown.variance(feature)).isEqualTo(expected.variance(0));
    assertThat(wide.window().isPresent()).isEqualTo(narrow.window().isPresent());
    wide.window()
        .ifPresent(window -> {
          var pooled = window.moments().pooled();
          var alone = narrow.window().orElseThrow().moments().pooled();
          assertThat(pooled.mean(feature)).isEqualTo(alone.mean(0));
          assertThat(pooled.m2(feature)).isEqualTo(alone.m2(0));
        });
  }

  private static Normalizer trained() {
    Normalizer state = States.created("payments", Asking.definition(POOLED, named("a", "b")));
    return next(state, observe(FeatureBatch.of(2, 1, 10, 3, 30)));
  }

  @Test
  void gammaAndBetaOfAnAddedFeatureAre1And0() {
    Normalizer before =
        next(
            trained(),
            new NormalizerEvent.AffineReplaced(
                Asking.of("payments").reset().envelope(),
                Affine.of(new double[] {2, 3}, new double[] {4, 5})));
    Normalizer after =
        next(before, redefine(Asking.definition(POOLED, named("a", "b", "c")), Map.of()));
    assertThat(after.affine().gamma()).containsExactly(2, 3, 1);
    assertThat(after.affine().beta()).containsExactly(4, 5, 0);
    assertThat(after.version()).isEqualTo(before.version() + 1);
  }

  @Test
  void featuresAreRenamedAndAddedInOneStep() {
    Normalizer before = trained();
    NormalizerDefinition other = Asking.definition(POOLED, named("b", "a", "c"));
    Normalizer after = next(before, redefine(other, Map.of("a", "b", "b", "a")));
    assertThat(after.definition().features().names()).containsExactly("b", "a", "c");
    assertThat(after.running().meanAndVariance().mean(0)).isEqualTo(2);
    assertThat(after.running().meanAndVariance().mean(1)).isEqualTo(20);
    assertThat(fold(after, redefine(other, Map.of("a", "b", "b", "a"))).outcome())
        .isEqualTo(new Outcome.Unchanged(after));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a|''|The normalizer has 2 features and this definition 1; features cannot be taken away.",
        "a,c|''|Feature 'b' has the place that this definition gives to 'c'. Features keep their"
            + " order: rename them by 'renamed', and add new ones at the end.",
        "c,a,b|''|Feature 'a' has the place that this definition gives to 'c'. Features keep their"
            + " order: rename them by 'renamed', and add new ones at the end.",
        "a,b,c|b=c|Feature 'b', renamed to 'c', has the place that this definition gives to 'b'."
            + " Features keep their order: rename them by 'renamed', and add new ones at the end.",
        "a,c|x=c|'renamed' names 'x', which is no feature."
      })
  void whatTakesAFeatureFromItsPlaceIsRefused(String names, String renamed, String detail) {
    Map<String, String> map =
        renamed.contains("=") ? Map.of(renamed.split("=")[0], renamed.split("=")[1]) : Map.of();
    NormalizationException problem =
        refusal(trained(), redefine(Asking.definition(POOLED, named(names.split(","))), map));
    assertThat(problem).isInstanceOf(DefinitionConflict.class).hasMessage(detail);
  }

  /// The definition stays as it is, so nothing is renamed; and nothing can have been renamed so.
  @Test
  void aFeatureThatKeepsItsNameWasNotRenamed() {
    NormalizerDefinition present = Asking.definition(POOLED, named("a", "b"));
    assertThat(refusal(trained(), redefine(present, Map.of("a", "b"))))
        .isInstanceOf(DefinitionConflict.class)
        .hasMessage(
            "'renamed' gives 'a' the name 'b', but both are features; nothing was renamed.");
  }

  /// The first request has renamed the features; to send it again changes nothing.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"x,b|a=x", "b,a|a=b b=a", "b,c|a=b b=c", "x,b,a|a=x", "a,z|b=z"})
  void theSameRenamingAgainChangesNothing(String names, String renamed) {
    Map<String, String> map =
        Stream.of(renamed.split(" "))
            .map(pair -> pair.split("="))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    NormalizerEvent request = redefine(Asking.definition(POOLED, named(names.split(","))), map);
    Normalizer once = next(trained(), request);
    Fold.Step again = fold(once, request);
    assertThat(again.outcome()).isInstanceOf(Outcome.Unchanged.class);
    assertThat(again.next()).containsSame(once);
  }

  @Test
  void theInitialGammaAndBetaStay() {
    NormalizerDefinition usual = Asking.definition(POOLED, named("a", "b", "c"));
    NormalizerDefinition other =
        new NormalizerDefinition(
            usual.preset(),
            usual.features(),
            usual.averaging(),
            usual.runningVariance(),
            usual.training(),
            usual.minimumBatchRows(),
            usual.rules(),
            Affine.of(new double[] {1, 1, 2}, new double[3]));
    assertThat(refusal(trained(), redefine(other, Map.of())))
        .isInstanceOf(DefinitionConflict.class)
        .hasMessageContaining("those of added features are 1 and 0");
  }

  /// A snapshot keeps the features of its time, and restoring it brings them back as a whole.
  @ParameterizedTest
  @MethodSource("kinds")
  void aSnapshotOfFewerFeaturesIsRestoredAsAWhole(Averaging averaging, Training training) {
    Normalizer narrow =
        States.created("payments", Asking.definition(averaging, training, named("a")));
    narrow = next(narrow, observe(FeatureBatch.of(1, 1, 4)));
    Normalizer wide = next(narrow, Asking.of("payments").takeSnapshot("narrow"));
    wide =
        next(
            wide,
            redefine(Asking.definition(averaging, training, named("x", "b")), Map.of("a", "x")));
    wide = next(wide, observe(FeatureBatch.of(2, 3, 70, 7, 20)));
    wide = next(wide, Asking.of("payments").takeSnapshot("wide"));
    Normalizer restored = next(wide, Asking.of("payments").restore("narrow"));
    assertThat(restored.definition().features().names()).containsExactly("a");
    assertThat(restored.featureCount()).isEqualTo(1);
    assertThat(restored.affine().features()).isEqualTo(1);
    restored = next(restored, observe(FeatureBatch.of(1, 5, 6)));
    restored = next(restored, Asking.of("payments").restore("wide"));
    restored = next(restored, observe(FeatureBatch.of(2, 5, 1, 6, 2)));
    assertThat(restored.definition().features().names()).containsExactly("x", "b");
    restored = next(restored, Asking.of("payments").reset());
    restored = next(restored, observe(FeatureBatch.of(2, 5, 1, 6, 2)));
    assertThat(restored.running().features()).isEqualTo(2);
  }

  @Test
  void aBatchOfTheOldFeaturesIsNotCounted() {
    Normalizer before = trained();
    NormalizerEvent.Observed batch =
        new NormalizerEvent.Observed(
            Asking.of("payments").reset().envelope(),
            BatchMoments.of(FeatureBatch.of(2, 1, 2)),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.of(before.definition()),
            true);
    Normalizer grown =
        next(before, redefine(Asking.definition(POOLED, named("a", "b", "c")), Map.of()));
    assertThat(refusal(grown, batch)).isInstanceOf(DefinitionChanged.class);
    Normalizer renamed =
        next(before, redefine(Asking.definition(POOLED, named("a", "z")), Map.of("b", "z")));
    assertThat(refusal(renamed, batch)).isInstanceOf(DefinitionChanged.class);
    assertThat(refusal(grown, observe(FeatureBatch.of(2, 1, 2))))
        .isInstanceOf(DefinitionConflict.class)
        .hasMessage(
            "'payments' has 3 features now, and this request is for 2: the definition was changed"
                + " while it was on its way. Nothing has changed; send it again for the features"
                + " that there are.");
  }

  /// What extra and absent columns and texts become decides about the rows; what inference does
  /// before training does not.
  @Test
  void aBatchThatWouldBeReadInAnotherWayIsNotCounted() {
    NormalizerDefinition one = Asking.definition();
    Reception usual = one.reception();
    List<Reception> others =
        List.of(
            new Reception(Extra.IGNORE, usual.absent(), usual.na(), usual.untrained()),
            new Reception(usual.extra(), Absent.MISSING, usual.na(), usual.untrained()),
            new Reception(usual.extra(), usual.absent(), List.of(), usual.untrained()));
    for (Reception other : others) {
      assertThat(one.admitsLike(received(one, other))).isFalse();
    }
    Reception identity =
        new Reception(usual.extra(), usual.absent(), usual.na(), Untrained.IDENTITY);
    assertThat(one.admitsLike(received(one, identity))).isTrue();
  }

  private static NormalizerDefinition received(NormalizerDefinition usual, Reception reception) {
    return new NormalizerDefinition(
        usual.preset(),
        usual.features(),
        usual.averaging(),
        usual.runningVariance(),
        usual.training(),
        usual.minimumBatchRows(),
        usual.rules(),
        usual.affine(),
        reception,
        Optional.empty());
  }

  /// An earlier version stored it, when definitions said nothing about the reception of batches.
  /// Its client sends the same document as ever.
  @Test
  void aDefinitionOfAnEarlierVersionIsTheSameAsEver() {
    NormalizerDefinition sent = Asking.definition();
    Normalizer old = States.created("payments", received(sent, Reception.OF_EARLIER_VERSIONS));
    assertThat(fold(old, Asking.of("payments").create(sent)).outcome())
        .isEqualTo(new Outcome.Exists(old));
    NormalizerDefinition keeping =
        received(sent, new Reception(Extra.KEEP, Absent.REJECT, Reception.NA, Untrained.REFUSE));
    assertThat(refusal(old, Asking.of("payments").create(keeping)))
        .isInstanceOf(DefinitionConflict.class);
  }
}
