package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.ArrivingMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalizer.Envelope;
import io.evenkeel.normalizer.Fold;
import io.evenkeel.normalizer.NormalizationException;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.NormalizerEvent;
import io.evenkeel.normalizer.NormalizerName;
import io.evenkeel.normalizer.Outcome;
import io.evenkeel.normalizer.Precondition;
import io.evenkeel.normalizer.Stamp;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

/// Which batches are normalised in the place of their values.
class NormalizationServiceTest {
  private static final NormalizerName NAME = new NormalizerName("payments");

  private final Normalizer trained =
      after(
          Optional.of(after(Optional.empty(), Asking.of("payments").create())),
          Asking.of("payments").observe(1, 3));

  private static Normalizer after(Optional<Normalizer> state, NormalizerEvent event) {
    Stamp stamp = new Stamp(7, Instant.parse("2026-01-01T00:00:00Z"));
    return Fold.step(state, event, Optional.empty(), stamp).next().orElseThrow();
  }

  private static BatchListeners nobody() {
    return new BatchListeners(
        List.of(),
        problem -> {
          throw problem;
        });
  }

  private NormalizationService service(Outcome outcome) {
    NormalizerLog log = OneNormalizerLog.answering(trained, outcome);
    return new NormalizationService(
        log, nobody(), new SaturationMonitor(log), Schedulers.immediate(), BatchTraces.NONE);
  }

  private static AskedBatch batch(double... values) {
    return new AskedBatch(
        FeatureBatch.of(1, values), (row, j) -> "#/" + row + "/" + j, FloatType.FLOAT64);
  }

  private double[] trainedOn(Outcome outcome, double... values) {
    Envelope envelope =
        new Envelope(
            NAME,
            new UUID(1, 2),
            java.util.OptionalLong.empty(),
            Precondition.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return service(outcome)
        .train(trained, _ -> batch(values), envelope, Terms.USUAL)
        .blockOptional()
        .orElseThrow()
        .values();
  }

  /// A stream tries a batch again without its last rows where it is refused.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBatchThatIsNotCountedKeepsItsValues(boolean frozen) {
    double[] values = {5, 7};
    Outcome outcome = frozen ? new Outcome.Frozen(trained) : new Outcome.Duplicate(trained, 2);
    double[] rows = trainedOn(outcome, values);
    assertThat(values).containsExactly(5, 7);
    // exact by hand: by the mean 2 and deviation 1 of 1 and 3, or by the batch's own 6 and 1
    assertThat(rows).containsExactly(frozen ? new double[] {3, 5} : new double[] {-1, 1});
  }

  @Test
  void aBatchThatIsCountedNeedsNoSecondArray() {
    double[] values = {5, 7};
    double[] rows = trainedOn(new Outcome.Applied(trained, trained), values);
    assertThat(rows).isSameAs(values).containsExactly(-1, 1);
  }

  /// The extremes of rows that were followed while they came tell whether all fit the answer. By
  /// hand: the mean is 2 and the deviation 1; 1e300 is no number in float32.
  @ParameterizedTest
  @EnumSource(FloatType.class)
  void rowsWhoseMomentsAreKnownAreAnsweredAndRefusedAlike(FloatType type) {
    for (double far : new double[] {9, 1e300}) {
      double[] values = new double[300];
      Arrays.fill(values, 5);
      values[7] = far;
      double[] expected = Arrays.stream(values).map(x -> x - 2).toArray();
      ArrivingMoments moments = new ArrivingMoments(1);
      FeatureBatch arrived =
          FeatureBatch.arrived(
              300, 1, values, WeightKind.RELIABILITY, moments.finish(values, 300).orElseThrow());
      AskedBatch asked = new AskedBatch(arrived, (row, j) -> "#/" + row + "/" + j, type);
      NormalizationService service = service(new Outcome.Frozen(trained));
      if (far == 9 || type == FloatType.FLOAT64) {
        assertThat(
                service.infer(NAME, trained.live(), asked).blockOptional().orElseThrow().values())
            .isEqualTo(expected);
      } else {
        assertThatThrownBy(() -> service.infer(NAME, trained.live(), asked).block())
            .isInstanceOfSatisfying(
                NormalizationException.InvalidInput.class,
                e ->
                    assertThat(e.faults().first())
                        .extracting(fault -> fault.pointer() + " " + fault.code())
                        .containsExactly("#/7/0 overflow"));
      }
    }
  }

  @Test
  void missingValuesStayToBeTold() {
    double[] values = {5, Double.NaN};
    double[] rows =
        service(new Outcome.Frozen(trained))
            .infer(NAME, trained.live(), batch(values))
            .blockOptional()
            .orElseThrow()
            .values();
    assertThat(rows).isNotSameAs(values).containsExactly(3, Double.NaN);
  }

  private static NormalizerDefinition ofTwoRowsAtLeast(NormalizerDefinition definition) {
    return new NormalizerDefinition(
        definition.preset(),
        definition.features(),
        definition.averaging(),
        definition.runningVariance(),
        definition.training(),
        definition.minimumBatchRows() + 1,
        definition.rules(),
        definition.affine());
  }

  @Test
  void aBatchIsValidatedAgainWhereTheDefinitionChangesBeforeItsTurn() {
    NormalizerDefinition changed = ofTwoRowsAtLeast(trained.definition());
    NormalizerLog log =
        OneNormalizerLog.changing(trained, Asking.of(NAME.value()).replaceDefinition(changed));
    NormalizationService service =
        new NormalizationService(
            log, nobody(), new SaturationMonitor(log), Schedulers.immediate(), BatchTraces.NONE);
    List<NormalizerDefinition> validatedBy = new java.util.ArrayList<>();
    NormalizedRows rows =
        service
            .train(
                trained,
                definition -> {
                  validatedBy.add(definition);
                  return batch(5, 7);
                },
                Asking.of(NAME.value()).observe(1).envelope(),
                Terms.USUAL)
            .blockOptional()
            .orElseThrow();
    assertThat(rows.outcome()).isEqualTo(BatchOutcome.APPLIED);
    assertThat(validatedBy).containsExactly(trained.definition(), changed);
    assertThat(log.find(NAME).orElseThrow().batches()).isEqualTo(trained.batches() + 1);
  }

  /// Rows one by one are made from the state before them. A condition that excludes that state, but
  /// not the next one, must not count them as made from the next. By hand: after 1, 3 and 5 the
  /// mean is 3, and the variance 8/3; 3 more leaves the mean.
  @Test
  void rowsOneByOneAreMadeFromTheStateThatTheConditionLetsIn() {
    Training byRow = new Training.Running(Training.Running.Order.BEFORE, Training.Running.Per.ROW);
    Normalizer excluded =
        after(
            Optional.of(
                after(
                    Optional.empty(),
                    Asking.of(NAME.value())
                        .create(
                            Asking.definition(
                                new Averaging.Cumulative(Optional.empty()),
                                byRow,
                                Features.numbered(1))))),
            Asking.of(NAME.value()).observe(1, 3));
    NormalizerLog log = OneNormalizerLog.changing(excluded, Asking.of(NAME.value()).observe(5));
    NormalizationService service =
        new NormalizationService(
            log, nobody(), new SaturationMonitor(log), Schedulers.immediate(), BatchTraces.NONE);
    Envelope envelope =
        new Envelope(
            NAME,
            new UUID(1, 2),
            java.util.OptionalLong.empty(),
            new Precondition(
                Optional.empty(),
                Optional.of(new Precondition.Revisions.Listed(List.of(excluded.revision())))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    NormalizedRows rows =
        service.train(excluded, _ -> batch(3), envelope, Terms.USUAL).blockOptional().orElseThrow();
    assertThat(rows.outcome()).isEqualTo(BatchOutcome.APPLIED);
    assertThat(rows.values()).containsExactly(0);
  }

  @Test
  void momentsAreNotCountedUnderADefinitionThatAdmitsOtherRows() {
    NormalizerLog log =
        OneNormalizerLog.changing(
            trained,
            Asking.of(NAME.value()).replaceDefinition(ofTwoRowsAtLeast(trained.definition())));
    NormalizationService service =
        new NormalizationService(
            log, nobody(), new SaturationMonitor(log), Schedulers.immediate(), BatchTraces.NONE);
    var event = Asking.of(NAME.value()).observe(5, 7);
    assertThatThrownBy(
            () -> service.observe(trained, event.batch(), event.envelope(), Terms.USUAL).block())
        .isInstanceOf(NormalizationException.DefinitionChanged.class);
    assertThat(log.find(NAME).orElseThrow().batches()).isEqualTo(trained.batches());
  }
}
