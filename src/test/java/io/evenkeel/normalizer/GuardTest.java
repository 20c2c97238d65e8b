package io.evenkeel.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.fault.Fault;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.NormalizationException.Subject;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.Guard;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A guard against batches that would spoil the statistics. The rows 8 and 12 by turns have mean 10
/// and deviation 2; with 8 deviations a mean may be −6 to 26, and a deviation 16.
class GuardTest {
  private static final Averaging POOLED = new Averaging.Cumulative(Optional.empty());
  private static final Stamp STAMP = new Stamp(1, Instant.EPOCH);

  private static Normalizer guarded(Guard guard, int features) {
    NormalizerDefinition plain = Asking.definition(POOLED, Features.numbered(features));
    NormalizerDefinition definition =
        new NormalizerDefinition(
            plain.preset(),
            plain.features(),
            plain.averaging(),
            plain.runningVariance(),
            plain.training(),
            plain.minimumBatchRows(),
            plain.rules(),
            plain.affine(),
            plain.reception(),
            Optional.of(guard));
    return States.created("payments", definition);
  }

  private static Normalizer trained(Guard guard, double low, double high, int rows) {
    double[] values = new double[rows];
    Arrays.setAll(values, i -> i % 2 == 0 ? low : high);
    return States.observed(guarded(guard, 1), FeatureBatch.of(1, values));
  }

  private static Guard refusing() {
    return new Guard(8, Guard.Action.REFUSE, 1000);
  }

  private static Outcome observe(Normalizer state, boolean guarded, double... values) {
    FeatureBatch batch = FeatureBatch.of(state.featureCount(), values);
    NormalizerEvent.Observed asked = Asking.of("payments").observe(batch);
    NormalizerEvent event =
        new NormalizerEvent.Observed(
            asked.envelope(),
            BatchMoments.of(batch),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            guarded);
    return Fold.step(Optional.of(state), event, Optional.empty(), STAMP).outcome();
  }

  static Stream<Arguments> usual() {
    return Stream.of(
        Arguments.of("the largest mean", new double[] {26}),
        Arguments.of("the smallest mean", new double[] {-6}),
        Arguments.of("the largest deviation", new double[] {-6, 26}),
        Arguments.of("no value at all", new double[] {Double.NaN, Double.NaN}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("usual")
  void aBatchAtTheLimitCounts(String name, double[] values) {
    assertThat(observe(trained(refusing(), 8, 12, 1000), true, values))
        .as(name)
        .isInstanceOf(Outcome.Applied.class);
  }

  static Stream<Arguments> unusual() {
    return Stream.of(
        Arguments.of(
            new double[] {28},
            "The mean of 'f0' in this batch is 28: it is off by 9 running deviations; the guard"
                + " allows 8."),
        Arguments.of(
            new double[] {-8},
            "The mean of 'f0' in this batch is -8: it is off by 9 running deviations; the guard"
                + " allows 8."),
        Arguments.of(
            new double[] {-10, 30},
            "The deviation of 'f0' in this batch is 20: it has 10 running deviations; the guard"
                + " allows 8."));
  }

  @ParameterizedTest
  @MethodSource("unusual")
  void aBatchBeyondItIsRefused(double[] values, String detail) {
    Normalizer state = trained(refusing(), 8, 12, 1000);
    Outcome outcome = observe(state, true, values);
    assertThat(outcome.problem())
        .isInstanceOfSatisfying(
            InvalidInput.class,
            refused -> {
              assertThat(refused.subject()).isEqualTo(Subject.GUARDED_BATCH);
              assertThat(refused.faults().first())
                  .containsExactly(new Fault("#", Fault.SUSPICIOUS, detail));
              assertThat(refused).hasMessageContaining("?guard=off");
            });
  }

  @Test
  void itCountsIfItsSenderKnowsBetter() {
    assertThat(observe(trained(refusing(), 8, 12, 1000), false, 1e9))
        .isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void nothingIsJudgedBeforeEnoughRowsWereCounted() {
    assertThat(observe(trained(refusing(), 8, 12, 999), true, 1e9))
        .isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void aGuardThatReportsRefusesNothing() {
    Guard reporting = new Guard(8, Guard.Action.REPORT, 1000);
    assertThat(observe(trained(reporting, 8, 12, 1000), true, 1e9))
        .isInstanceOf(Outcome.Applied.class);
  }

  @Test
  void theFirstOtherValueOfAConstantFeatureIsNotSuspicious() {
    assertThat(observe(trained(refusing(), 0.1, 0.1, 1000), true, 0.1, 1e9))
        .isInstanceOf(Outcome.Applied.class);
  }

  /// The mean is 10¹⁵ and its ulp 1/8; nine deviations of 1 are seen all the same.
  @Test
  void aMeanMuchLargerThanTheDeviationHidesNothing() {
    Normalizer state = trained(refusing(), 1e15 - 1, 1e15 + 1, 1000);
    assertThat(observe(state, true, 1e15 + 8)).isInstanceOf(Outcome.Applied.class);
    assertThat(observe(state, true, 1e15 + 9)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void everySuspiciousFeatureIsNamed() {
    double[] values = new double[3000];
    Arrays.setAll(values, i -> i % 3 == 0 ? Double.NaN : i / 3 % 2 == 0 ? 8 : 12);
    Normalizer state = States.observed(guarded(refusing(), 3), FeatureBatch.of(3, values));
    Outcome outcome = observe(state, true, 1e9, 1e9, -1e9);
    assertThat(outcome.problem())
        .isInstanceOfSatisfying(
            InvalidInput.class,
            refused ->
                assertThat(refused.faults().first())
                    .as("not f0, which has no value yet")
                    .extracting(Fault::detail)
                    .satisfiesExactly(
                        first -> assertThat(first).contains("'f1'"),
                        second -> assertThat(second).contains("'f2'")));
  }
}
