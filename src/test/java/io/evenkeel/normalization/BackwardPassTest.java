package io.evenkeel.normalization;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Activation;
import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.BatchRenormalization;
import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.Training.Running;
import io.evenkeel.batchnorm.gradients.Gradients;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.normalizer.Freeze;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.States;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.Preset;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The backward pass against central differences of the very forward pass that the state makes,
/// what the kind of training holds constant being held.
class BackwardPassTest {
  private static final int ROWS = 6;
  private static final int FEATURES = 3;

  static Stream<Arguments> kinds() {
    List<Training> trainings =
        List.of(
            new Training.Batch(),
            new Training.Window(3, WindowKind.SLIDING),
            new Training.Window(2, WindowKind.TUMBLING),
            new Training.Renormalization(1.5, 0.3),
            new Running(Running.Order.BEFORE, Running.Per.BATCH),
            new Running(Running.Order.AFTER, Running.Per.BATCH));
    return trainings.stream()
        .flatMap(training ->
            Stream.of(Activation.values()).map(activation -> Arguments.of(training, activation)));
  }

  private static Normalizer trained(Training training, Activation activation) {
    NormalizerDefinition definition =
        new NormalizerDefinition(
            Preset.PYTORCH,
            Features.numbered(FEATURES),
            new Averaging.Exponential(
                0.3,
                Averaging.Exponential.VarianceKind.WITHIN,
                Averaging.Exponential.Start.ZERO_ONE),
            VarianceEstimator.UNBIASED,
            training,
            1,
            new NormalizationRules(
                true,
                true,
                1e-3,
                ConstantFeature.EPSILON,
                MissingValues.IGNORE,
                OptionalDouble.empty(),
                activation),
            Affine.of(new double[] {0.7, -1.2, 1}, new double[] {0.05, -0.3, 0.2}));
    Normalizer state = States.created("payments", definition);
    for (int i = 0; i < 4; i++) {
      state = States.observed(state, batch(i));
    }
    return state;
  }

  private static FeatureBatch batch(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[ROWS * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 + random.nextGaussian();
    }
    double[] weights = random.doubles(ROWS, 0.5, 2).toArray();
    return FeatureBatch.of(ROWS, FEATURES, values, weights);
  }

  /// The forward pass as a function of the rows.
  private static Function<FeatureBatch, Normalization> forward(Normalizer state, FeatureBatch at) {
    return switch (state.definition().training()) {
      case Training.Batch _, Training.Window _ -> x -> whole(state, x);
      case Training.Renormalization limits -> {
        BatchRenormalization fixed = state.renormalization(FeatureMoments.of(at), limits);
        yield x ->
            Normalization.of(
                FeatureMoments.of(x).meanAndVariance(VarianceEstimator.BIASED),
                fixed,
                state.affine(),
                state.definition().rules());
      }
      case Running _ -> {
        Normalization fixed = whole(state, at);
        yield _ -> fixed;
      }
    };
  }

  private static Normalization whole(Normalizer state, FeatureBatch x) {
    BatchMoments moments = BatchMoments.of(x);
    return state.training(moments, States.observed(state, moments));
  }

  private static double loss(
      Function<FeatureBatch, Normalization> forward, FeatureBatch x, double[] dy) {
    double[] y = new double[ROWS * FEATURES];
    forward.apply(x).apply(x.values(), y, ROWS);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += dy[i] * y[i];
    }
    return sum;
  }

  private static FeatureBatch moved(FeatureBatch x, int at, double by) {
    double[] values = x.values().clone();
    values[at] += by;
    return FeatureBatch.of(ROWS, FEATURES, values, x.weights());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isTheDerivativeOfTheForwardPass(Training training, Activation activation) {
    Normalizer state = trained(training, activation);
    FeatureBatch x = batch(99);
    double[] dy = new SplittableRandom(5).doubles(ROWS * FEATURES, -1, 1).toArray();
    Gradients gradients = BackwardPass.ofTraining(state, x, dy, Optional.empty());
    Function<FeatureBatch, Normalization> forward = forward(state, x);
    double scale = 0;
    for (double each : gradients.inputGradients()) {
      scale = Math.max(scale, Math.abs(each));
    }
    double h = 1e-4;
    for (int i = 0; i < dy.length; i++) {
      // Richardson: the error of central differences is of the fourth order
      double wide = loss(forward, moved(x, i, h), dy) - loss(forward, moved(x, i, -h), dy);
      double narrow =
          loss(forward, moved(x, i, h / 2), dy) - loss(forward, moved(x, i, -h / 2), dy);
      double expected = (8 * narrow - wide) / (6 * h);
      assertThat(gradients.inputGradients()[i])
          .as("%d of %s, %s", i, training, activation)
          .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-6 * scale));
    }
  }

  @Test
  void frozenStatisticsAreConstantWhateverTheTraining() {
    Normalizer state = trained(new Training.Batch(), Activation.NONE);
    Normalizer frozen =
        States.frozen(state, new Freeze(Freeze.Scope.STATISTICS, Instant.EPOCH, Optional.empty()));
    double[] dy = new SplittableRandom(5).doubles(ROWS * FEATURES, -1, 1).toArray();
    assertThat(BackwardPass.ofTraining(frozen, batch(99), dy, Optional.empty()).inputGradients())
        .isEqualTo(BackwardPass.ofInference(state.live(), batch(99), dy).inputGradients());
  }

  /// A window that begins with this batch is this batch alone.
  @Test
  void anotherWindowIdIsAnEmptyWindowHereToo() {
    Normalizer windowed = trained(new Training.Window(3, WindowKind.SLIDING), Activation.NONE);
    Normalizer alone = trained(new Training.Batch(), Activation.NONE);
    double[] dy = new SplittableRandom(5).doubles(ROWS * FEATURES, -1, 1).toArray();
    assertThat(
            BackwardPass.ofTraining(windowed, batch(99), dy, Optional.of("new")).inputGradients())
        .isEqualTo(
            BackwardPass.ofTraining(alone, batch(99), dy, Optional.empty()).inputGradients());
  }

  /// Each row by the statistics it meets, γ / s; the first by those before the batch.
  @Test
  void rowsThatEnterOneByOneMeetTheirOwnStatistics() {
    NormalizerDefinition definition =
        Asking.definition(
            new Averaging.Cumulative(Optional.empty()),
            new Running(Running.Order.BEFORE, Running.Per.ROW),
            Features.numbered(1));
    Normalizer state =
        States.observed(States.created("payments", definition), FeatureBatch.of(1, 1, 3));
    Gradients gradients =
        BackwardPass.ofTraining(
            state, FeatureBatch.of(1, 5, 7), new double[] {1, 1}, Optional.empty());
    // deviation 1 of 1, 3; of 1, 3, 5 it is sqrt(8/3)
    assertThat(gradients.inputGradients()).containsExactly(1, 1 / Math.sqrt(8.0 / 3));
  }
}
