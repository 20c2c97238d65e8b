package io.evenkeel.admission;

import static io.evenkeel.admission.Definitions.ranged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.admission.AdmittedBatch.SkippedRow;
import io.evenkeel.admission.BatchAdmission.Purpose;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The rules of a batch and the codes and places of its faults: sections 2 and 7 of the HTTP
/// contract.
class BatchAdmissionTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final BatchAdmission ADMISSION =
      new BatchAdmission(Validation.buildDefaultValidatorFactory().getValidator());

  private final NormalizerDefinition strict =
      Definitions.of(
          MissingValues.REJECT,
          ranged("age", 0, 130, OutOfRange.REJECT),
          ranged("b", -INFINITY, INFINITY, OutOfRange.REJECT));
  private final NormalizerDefinition lenient =
      Definitions.of(
          MissingValues.IGNORE,
          ranged("clipped", 0, 10, OutOfRange.CLIP),
          ranged("missed", 0, 10, OutOfRange.MISSING));

  private static ReceivedBatch received(NormalizerDefinition definition, double... values) {
    return received(definition, null, Bounds.NONE, new FormFaults(), values);
  }

  private static ReceivedBatch received(
      NormalizerDefinition definition,
      double @Nullable [] weights,
      Bounds bounds,
      FormFaults faults,
      double... values) {
    int rows = values.length / definition.features().size();
    return new ReceivedBatch(
        definition, 0, rows, values.clone(), weights, bounds, faults, Pointers.POSITIONS, false);
  }

  private static InvalidInput refused(ThrowingCallable admitting) {
    InvalidInput refused = catchThrowableOfType(InvalidInput.class, admitting);
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.subject()).isEqualTo(Subject.BATCH);
    return refused;
  }

  private static List<String> faults(ReceivedBatch batch, Purpose purpose) {
    return refused(() -> ADMISSION.admit(batch, purpose)).faults().first().stream()
        .map(fault -> fault.pointer() + " " + fault.code())
        .toList();
  }

  private static double[] values(AdmittedBatch admitted) {
    int size = admitted.batch().rows() * admitted.batch().features();
    return Arrays.copyOf(admitted.batch().values(), size);
  }

  @Test
  void aBatchThatBreaksNoRuleIsAdmittedWhole() {
    AdmittedBatch admitted = ADMISSION.admit(received(strict, 0, -5, 130, 1e300), Purpose.TRAINING);
    assertThat(values(admitted)).containsExactly(0, -5, 130, 1e300);
    assertThat(admitted.received()).isEqualTo(2);
    assertThat(admitted.skipped()).isEmpty();
  }

  @Test
  void allFaultsOfABatchAreFoundAtOnceInTheOrderOfTheRows() {
    ReceivedBatch batch = received(strict, 131, 1, 1, NAN, -0.5, INFINITY, 5, -INFINITY);
    assertThat(faults(batch, Purpose.INFERENCE))
        .containsExactly(
            "#/rows/0/0 out-of-range",
            "#/rows/1/1 missing-value",
            "#/rows/2/0 out-of-range",
            "#/rows/2/1 not-finite",
            "#/rows/3/1 not-finite");
  }

  /// The sentence of the contract's section 7.
  @Test
  void aFaultSaysTheFeatureTheValueAndTheRange() {
    List<Fault> found =
        refused(() ->
                ADMISSION.admit(
                    received(strict, 212, 1, 1.5e-7, NAN, -1, INFINITY), Purpose.INFERENCE))
            .faults()
            .first();
    assertThat(found)
        .extracting(Fault::detail)
        .containsExactly(
            "'age' is 212; its range is [0, 130].",
            "'b' is missing; the normalizer refuses missing values. missing: ignore or impute in"
                + " its definition takes them.",
            "'age' is -1; its range is [0, 130].",
            "'b' is infinite or beyond the largest float64; it must be finite.");
  }

  @Test
  void aRangeMayBeOpenOnOneSide() {
    NormalizerDefinition open =
        Definitions.of(
            MissingValues.REJECT,
            ranged("low", 0.5, INFINITY, OutOfRange.REJECT),
            ranged("high", -INFINITY, 1e20, OutOfRange.REJECT));
    List<Fault> found =
        refused(() -> ADMISSION.admit(received(open, 0.25, 1e21), Purpose.INFERENCE))
            .faults()
            .first();
    assertThat(found)
        .extracting(Fault::detail)
        .containsExactly(
            "'low' is 0.25; its range is [0.5, ∞).", "'high' is 1e21; its range is (-∞, 1e20].");
  }

  @Test
  void theFirstHundredFaultsAreToldAndAllAreCounted() {
    double[] values = new double[500];
    Arrays.fill(values, NAN);
    InvalidInput refused =
        refused(() -> ADMISSION.admit(received(strict, values), Purpose.INFERENCE));
    assertThat(refused.faults().first()).hasSize(100);
    assertThat(refused.faults().count()).isEqualTo(500);
    assertThat(refused.faults().first().getLast().pointer()).isEqualTo("#/rows/49/1");
    assertThat(refused).hasMessage("500 values break the batch's rules.");
  }

  @Test
  void faultsOfFormAreCountedBeyondThoseThatAreKeptInWords() {
    FormFaults form = new FormFaults();
    for (int row = 0; row < 300; row++) {
      form.add(row, new Fault("#/rows/" + row, Fault.FEATURE_COUNT, "short"));
    }
    form.addOfBody(new Fault("#/header/2", Fault.UNKNOWN_FEATURE, "no such"));
    double[] values = new double[2 * 302];
    values[2 * 301] = 999;
    InvalidInput refused =
        refused(() ->
            ADMISSION.admit(received(strict, null, Bounds.NONE, form, values), Purpose.INFERENCE));
    assertThat(refused.faults().count()).isEqualTo(302);
    assertThat(refused.faults().first())
        .hasSize(100)
        .first()
        .extracting(Fault::pointer)
        .isEqualTo("#/header/2");
  }

  @Test
  void aRowWithAFaultOfFormIsNotLookedAtFurther() {
    FormFaults form = new FormFaults();
    form.add(0, new Fault("#/rows/0", Fault.FEATURE_COUNT, "short"));
    assertThat(
            faults(received(strict, null, Bounds.NONE, form, 999, NAN, 1, NAN), Purpose.INFERENCE))
        .containsExactly("#/rows/0 feature-count", "#/rows/1/1 missing-value");
  }

  @Test
  void aBodyWithoutRowsIsOneFaultWhateverItIsFor() {
    for (Purpose purpose : Purpose.values()) {
      ReceivedBatch absent =
          new ReceivedBatch(
              strict,
              0,
              0,
              new double[0],
              null,
              Bounds.NONE,
              new FormFaults(),
              Pointers.POSITIONS,
              true);
      assertThat(faults(absent, purpose)).containsExactly("#/rows not-null");
      assertThat(refused(() -> ADMISSION.admitSkipping(absent, purpose, 1)).faults().count())
          .isEqualTo(1);
    }
  }

  @Test
  void aTrainingBatchHasAsManyRowsAsTheDefinitionAsksFor() {
    assertThat(faults(received(strict), Purpose.TRAINING)).containsExactly("#/rows empty-batch");
    assertThat(faults(received(strict, 1, 1), Purpose.TRAINING))
        .containsExactly("#/rows batch-too-small");
    for (Purpose any : List.of(Purpose.INFERENCE, Purpose.OBSERVING)) {
      assertThat(ADMISSION.admit(received(strict), any).batch().rows()).isZero();
      assertThat(ADMISSION.admit(received(strict, 1, 1), any).batch().rows()).isEqualTo(1);
    }
  }

  @Test
  void aWholeObservedBodyHasARowAndAWeight() {
    assertThat(refused(() -> ADMISSION.requireRows(0, false)).faults().first().getFirst().code())
        .isEqualTo("empty-batch");
    assertThat(refused(() -> ADMISSION.requireRows(5, false)).faults().first().getFirst().pointer())
        .isEqualTo("#/weights");
    ADMISSION.requireRows(1, true);
  }

  @Test
  void weightsAreThereForEachRowFiniteNotNegativeAndNotAllZero() {
    double[] rows = {1, 1, 2, 2, 3, 3};
    assertThat(faults(weighted(rows, -1, INFINITY, NAN), Purpose.TRAINING))
        .containsExactly("#/weights/0 negative", "#/weights/1 not-finite", "#/weights/2 not-null");
    assertThat(faults(weighted(rows, 1, 2), Purpose.TRAINING)).containsExactly("#/weights size");
    assertThat(faults(weighted(rows, 0, 0, -0.0), Purpose.TRAINING))
        .containsExactly("#/weights positive");
    assertThat(
            ADMISSION.admit(weighted(rows, 0, 1e100, 1e-100), Purpose.TRAINING).batch().weight(2))
        .isEqualTo(1e-100);
    assertThat(faults(weighted(rows, 9e-101, 1.1e100, 5e-324), Purpose.TRAINING))
        .containsExactly(
            "#/weights/0 out-of-range", "#/weights/1 out-of-range", "#/weights/2 out-of-range");
  }

  private ReceivedBatch weighted(double[] rows, double... weights) {
    return received(strict, weights, Bounds.NONE, new FormFaults(), rows);
  }

  @Test
  void boundsNarrowADeclaredRangeAndNeverWidenIt() {
    Bounds bounds = new Bounds(new double[] {-50, NAN}, new double[] {100, 5});
    assertThat(bounded(bounds, 100, 5, 101, 6, -1, 0, 131, -1e9))
        .containsExactly(
            "#/rows/1/0 out-of-range",
            "#/rows/1/1 out-of-range",
            "#/rows/2/0 out-of-range",
            "#/rows/3/0 out-of-range");
  }

  private List<String> bounded(Bounds bounds, double... values) {
    return faults(received(strict, null, bounds, new FormFaults(), values), Purpose.INFERENCE);
  }

  @Test
  void boundsBesideADeclaredRangeLeaveNoValue() {
    Bounds beside = new Bounds(new double[] {200, NAN}, null);
    assertThat(bounded(beside, 5, 0, 250, 0))
        .containsExactly("#/rows/0/0 out-of-range", "#/rows/1/0 out-of-range");
  }

  @Test
  void boundsAtFaultAreToldAndNotApplied() {
    assertThat(bounded(new Bounds(new double[] {1}, new double[] {1, 2, 3}), 500, 0))
        .containsExactly("#/bounds/min size", "#/bounds/max size", "#/rows/0/0 out-of-range");
    assertThat(bounded(new Bounds(new double[] {3, 0}, new double[] {2, INFINITY}), 1, 1))
        .containsExactly("#/bounds/max/1 not-finite", "#/bounds min-above-max");
  }

  @Test
  void aValueOutOfRangeIsClippedOrMissingWhereTheFeatureAsksForIt() {
    AdmittedBatch admitted =
        ADMISSION.admit(received(lenient, -5, -5, 50, 50, 5, 5, NAN, NAN), Purpose.TRAINING);
    assertThat(values(admitted)).containsExactly(0, NAN, 10, NAN, 5, 5, NAN, NAN);
    assertThat(admitted.batch().hasMissing()).isTrue();
  }

  @Test
  void infinityIsRefusedHoweverForgivingTheFeature() {
    assertThat(faults(received(lenient, INFINITY, -INFINITY), Purpose.INFERENCE))
        .containsExactly("#/rows/0/0 not-finite", "#/rows/0/1 not-finite");
  }

  @Test
  void boundsClipToo() {
    Bounds bounds = new Bounds(new double[] {2, NAN}, new double[] {NAN, 7});
    AdmittedBatch admitted =
        ADMISSION.admit(
            received(lenient, null, bounds, new FormFaults(), 1, 8, 11, 7), Purpose.INFERENCE);
    assertThat(values(admitted)).containsExactly(2, NAN, 10, 7);
  }

  @Test
  void badRowsAreLeftOutWithTheFirstRuleThatTheyBreak() {
    FormFaults form = new FormFaults();
    form.add(3, new Fault("#/rows/3", Fault.FEATURE_COUNT, "short"));
    ReceivedBatch batch =
        received(
            strict,
            new double[] {1, 2, 3, 4, 5},
            Bounds.NONE,
            form,
            1,
            10,
            999,
            NAN,
            2,
            NAN,
            7,
            7,
            3,
            30);
    AdmittedBatch admitted = ADMISSION.admitSkipping(batch, Purpose.TRAINING, 0.6);
    assertThat(values(admitted)).containsExactly(1, 10, 3, 30);
    assertThat(admitted.batch().weight(1)).isEqualTo(5);
    assertThat(admitted.skipped())
        .containsExactly(
            new SkippedRow(1, "out-of-range"),
            new SkippedRow(2, "missing-value"),
            new SkippedRow(3, "feature-count"));
    assertThat(admitted.inPlace(new double[] {-1, -2, -3, -4}))
        .containsExactly(-1, -2, NAN, NAN, NAN, NAN, NAN, NAN, -3, -4);
  }

  @Test
  void moreBadRowsThanAllowedRefuseTheBatchWithAllFaults() {
    double[] values = {1, 1, 999, 1, 2, 2, 3, NAN};
    assertThat(ADMISSION.admitSkipping(received(strict, values), Purpose.TRAINING, 0.5).skipped())
        .hasSize(2);
    assertThat(
            refused(() -> ADMISSION.admitSkipping(received(strict, values), Purpose.TRAINING, 0.49))
                .faults()
                .first())
        .extracting(Fault::pointer)
        .containsExactly("#/rows/1/0", "#/rows/3/1");
    assertThat(
            refused(
                () -> ADMISSION.admitSkipping(received(strict, values), Purpose.TRAINING, 0.49)))
        .hasMessage(
            "2 values break the batch's rules. 2 of 4 rows break a rule; ?maxSkipped=0.49 is the"
                + " largest share that is skipped.");
  }

  @Test
  void tooFewRowsLeftRefuseATrainingBatch() {
    ReceivedBatch batch = received(strict, 1, 1, 999, 1);
    assertThat(refused(() -> ADMISSION.admitSkipping(batch, Purpose.TRAINING, 1)).faults().first())
        .extracting(Fault::code)
        .containsExactly("batch-too-small");
    ReceivedBatch none = received(strict, 999, 1);
    assertThat(refused(() -> ADMISSION.admitSkipping(none, Purpose.TRAINING, 1)).faults().first())
        .extracting(Fault::code)
        .containsExactly("empty-batch");
    AdmittedBatch inference =
        ADMISSION.admitSkipping(received(strict, 999, 1), Purpose.INFERENCE, 1);
    assertThat(inference.batch().rows()).isZero();
    assertThat(inference.inPlace(new double[0])).containsExactly(NAN, NAN);
  }

  @Test
  void skippingForgivesNoFaultThatIsNoRows() {
    FormFaults form = new FormFaults();
    form.addOfBody(new Fault("#/header/0", Fault.UNKNOWN_FEATURE, "no such"));
    ReceivedBatch header = received(strict, null, Bounds.NONE, form, 1, 1, 999, 1);
    assertThat(
            refused(() -> ADMISSION.admitSkipping(header, Purpose.INFERENCE, 1)).faults().first())
        .extracting(Fault::pointer)
        .containsExactly("#/header/0");
    ReceivedBatch weights =
        received(strict, new double[] {1, -1}, Bounds.NONE, new FormFaults(), 1, 1, 999, 1);
    assertThat(
            refused(() -> ADMISSION.admitSkipping(weights, Purpose.INFERENCE, 1)).faults().first())
        .extracting(Fault::pointer)
        .containsExactly("#/weights/1");
  }

  @Test
  void theWeightThatIsLeftMustBePositive() {
    ReceivedBatch batch =
        received(strict, new double[] {0, 1, 0}, Bounds.NONE, new FormFaults(), 1, 1, 999, 1, 2, 2);
    assertThat(refused(() -> ADMISSION.admitSkipping(batch, Purpose.TRAINING, 1)).faults().first())
        .extracting(Fault::pointer)
        .containsExactly("#/weights");
  }

  @ParameterizedTest
  @EnumSource(Purpose.class)
  void aMissingValueIsAdmittedWhereMissingValuesAre(Purpose purpose) {
    NormalizerDefinition ignoring = Definitions.named(MissingValues.IGNORE, "a");
    AdmittedBatch admitted = ADMISSION.admit(received(ignoring, NAN, 1, 2), purpose);
    assertThat(values(admitted)).containsExactly(NAN, 1, 2);
  }

  @Test
  void faultsOfAPartAreCountedOverTheWholeBody() {
    ReceivedBatch part =
        new ReceivedBatch(
            strict,
            1000,
            2,
            new double[] {1, 1, 999, 1},
            new double[] {1, -1},
            Bounds.NONE,
            new FormFaults(),
            Pointers.POSITIONS,
            false);
    assertThat(faults(part, Purpose.OBSERVING))
        .containsExactly("#/rows/1001/0 out-of-range", "#/weights/1001 negative");
  }

  /// A set of violations has no order of its own: what is told must not depend on it.
  @Test
  void theSameBatchIsToldTheSameFaultsEveryTime() {
    List<List<String>> told = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      FormFaults form = new FormFaults();
      form.addOfBody(new Fault("#/header/0", Fault.UNKNOWN_FEATURE, "no such"));
      Bounds bounds = new Bounds(new double[] {1}, null);
      told.add(
          faults(received(strict, new double[] {1}, bounds, form, 999, 1, 1, 1), Purpose.TRAINING));
    }
    assertThat(told.getFirst()).hasSize(4);
    assertThat(told).allMatch(told.getFirst()::equals);
  }

  @Test
  void aWideBatchWithoutRangesIsLookedAtOnlyForWhatIsNotFinite() {
    NormalizerDefinition wide =
        Definitions.named(
            MissingValues.REJECT,
            IntStream.range(0, 100).mapToObj(j -> "f" + j).toArray(String[]::new));
    double[] values = new double[10_000];
    Arrays.fill(values, Double.MAX_VALUE);
    assertThat(ADMISSION.admit(received(wide, values), Purpose.TRAINING).batch().rows())
        .isEqualTo(100);
    values[9_999] = -INFINITY;
    assertThat(faults(received(wide, values), Purpose.TRAINING))
        .containsExactly("#/rows/99/99 not-finite");
  }

  /// [ReceivedBatch#isPlain] has to know each constraint.
  @Test
  void aBatchHasTheConstraintsThatPlainBatchesCannotBreak() {
    assertThat(ReceivedBatch.class.getAnnotations())
        .extracting(Annotation::annotationType)
        .containsExactlyInAnyOrder(
            ValidForm.class,
            ValidRows.class,
            ValidWeights.class,
            ValidBounds.class,
            EnoughRows.class);
  }

  /// Bean Validation looks at batches that have any of five faults, each in a quarter of them.
  @Test
  void beanValidationFindsNothingInAPlainBatch() {
    Validator validator = Validation.buildDefaultValidatorFactory().getValidator();
    Random random = new Random(31);
    int plain = 0;
    int broken = 0;
    for (int i = 0; i < 2_000; i++) {
      FormFaults form = new FormFaults();
      if (random.nextInt(4) == 0) {
        form.addOfBody(new Fault("#/header/0", Fault.UNKNOWN_FEATURE, "no such"));
      }
      double @Nullable [] weights = random.nextInt(4) == 0 ? new double[] {-1, 1} : null;
      Bounds bounds = random.nextInt(4) == 0 ? new Bounds(new double[] {1}, null) : Bounds.NONE;
      double age = random.nextInt(4) == 0 ? 999 : 30;
      double b = random.nextInt(4) == 0 ? NAN : 1;
      ReceivedBatch batch = received(strict, weights, bounds, form, age, b, 40, 2);
      if (batch.isPlain()) {
        plain++;
        assertThat(validator.validate(batch)).isEmpty();
      } else {
        broken++;
        assertThat(validator.validate(batch)).isNotEmpty();
      }
    }
    assertThat(plain).isBetween(300, 700); // (3/4)⁵ of them
    assertThat(broken).isEqualTo(2_000 - plain);
  }

  @Test
  void trainingWantsEnoughRowsOfAPlainBatch() {
    assertThat(faults(received(strict, 30, 1), Purpose.TRAINING))
        .containsExactly("#/rows batch-too-small");
    assertThat(ADMISSION.admit(received(strict, 30, 1), Purpose.INFERENCE).batch().rows())
        .isEqualTo(1);
  }
}
