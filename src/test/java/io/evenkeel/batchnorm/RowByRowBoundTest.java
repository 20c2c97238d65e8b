package io.evenkeel.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureRange;
import io.evenkeel.batchnorm.moments.FloatType;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WeightKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares what the bound accepts with the rows themselves.
class RowByRowBoundTest {
  private static final Averaging CUMULATIVE = new Averaging.Cumulative(Optional.empty());
  private static final NormalizationRules RIVER = Trainer.rules(0, ConstantFeature.ZERO);

  /// A batch that comes to a normalizer, and how the normalizer is defined.
  private record Arrival(
      PooledStatistics before,
      FeatureBatch batch,
      Averaging averaging,
      Order order,
      Affine affine,
      NormalizationRules rules,
      FloatType answered) {

    boolean isProven() {
      BatchMoments moments = RowByRow.momentsOf(batch, averaging);
      FeatureRange range = FeatureRange.of(batch, moments.moments(), answered);
      return RowByRowBound.firstUnproven(before, moments, range, order, affine, rules) < 0;
    }

    boolean isFinite() {
      double[] rows = RowByRow.normalize(batch, before, order, affine, rules);
      for (int i = 0; i < rows.length; i++) {
        boolean stays = Double.isNaN(batch.values()[i]) && rules.missing() == MissingValues.IGNORE;
        if (!stays && !answered.isFinite(rows[i])) {
          return false;
        }
      }
      return true;
    }

    /// The statistics are finite after the batch; if not, the fold refuses the batch for that.
    boolean isCountable() {
      return before.after(RowByRow.momentsOf(batch, averaging)).firstNotFinite() < 0;
    }
  }

  /// Arrivals of every kind: few rows or many, all magnitudes, constant features, gaps, weights,
  /// each rule, each number type.
  private static final class Arrivals {
    private static final double[] SPECIAL = {
      0,
      -0.0,
      1,
      -1,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MIN_NORMAL,
      0x1p-537,
      0x1p-538,
      1e-162,
      1e-160,
      1e-154,
      1e9,
      1e15,
      1e150,
      1e153,
      1e300,
      -1e300,
      Double.MAX_VALUE,
      -Double.MAX_VALUE,
      65504,
      65520,
      3.4e38,
      3.5e38
    };

    private final Random random;

    Arrivals(long seed) {
      random = new Random(seed);
    }

    private double magnitude(int least, int greatest) {
      return Math.pow(10, least + random.nextDouble() * (greatest - least));
    }

    private double[] values(int count) {
      double[] values = new double[count];
      double offset = random.nextBoolean() ? 0 : random.nextGaussian() * magnitude(-200, 200);
      double spread =
          switch (random.nextInt(4)) {
            case 0 -> Math.ulp(offset) * random.nextInt(9);
            case 1 -> Math.abs(offset) * magnitude(-20, 3);
            default -> magnitude(-330, 200);
          };
      int kind = random.nextInt(5);
      for (int i = 0; i < count; i++) {
        values[i] =
            switch (kind) {
              case 0 -> offset;
              case 1 -> random.nextInt(6) == 0 ? special() : offset;
              case 2 -> random.nextInt(8) == 0 ? magnitude(-300, 300) : offset;
              default -> offset + random.nextGaussian() * spread;
            };
        if (!Double.isFinite(values[i])) {
          values[i] = Double.MAX_VALUE;
        }
      }
      return values;
    }

    private double special() {
      return SPECIAL[random.nextInt(SPECIAL.length)];
    }

    private FeatureBatch batch(double[] values, boolean gaps, boolean weighted) {
      double[] weights = new double[values.length];
      boolean extreme = random.nextInt(3) == 0;
      boolean zeroes = random.nextBoolean();
      for (int i = 0; i < values.length; i++) {
        values[i] = gaps && random.nextInt(5) == 0 ? Double.NaN : values[i];
        weights[i] = extreme ? magnitude(-100, 100) : 0.5 + random.nextDouble();
        weights[i] = zeroes && random.nextInt(5) == 0 ? 0 : weights[i];
      }
      WeightKind kind = random.nextBoolean() ? WeightKind.FREQUENCY : WeightKind.RELIABILITY;
      return FeatureBatch.of(values.length, 1, values, weighted ? weights : null, kind);
    }

    private <E> E any(E[] from) {
      return from[random.nextInt(from.length)];
    }

    private double weightOfAffine() {
      return switch (random.nextInt(4)) {
        case 0 -> 0;
        case 1 -> random.nextGaussian() * magnitude(-300, 300);
        default -> random.nextGaussian();
      };
    }

    Arrival next() {
      Averaging averaging =
          switch (random.nextInt(4)) {
            case 0 -> new Averaging.Decaying(magnitude(-5, 6));
            case 1 ->
                new Averaging.Cumulative(
                    Optional.of(
                        new Averaging.Prior(
                            magnitude(-6, 6), random.nextGaussian(), magnitude(-9, 9))));
            default -> CUMULATIVE;
          };
      boolean gaps = random.nextInt(3) == 0;
      boolean weighted = random.nextInt(3) == 0;
      double[] all = values(1 + random.nextInt(90));
      PooledStatistics before =
          (PooledStatistics) averaging.start(1, any(VarianceEstimator.values()));
      int from = 0;
      for (int rounds = random.nextInt(4); rounds > 0 && from + 1 < all.length; rounds--) {
        int to = from + 1 + random.nextInt(Math.min(20, all.length - from - 1));
        double[] part = Arrays.copyOfRange(all, from, to);
        PooledStatistics next =
            before.after(RowByRow.momentsOf(batch(part, gaps, weighted), averaging));
        before = next.firstNotFinite() < 0 ? next : before;
        from = to;
      }
      double[] others =
          random.nextInt(3) == 0
              ? values(1 + random.nextInt(40))
              : Arrays.copyOfRange(all, from, all.length);
      ConstantFeature constant = any(ConstantFeature.values());
      double epsilon = random.nextBoolean() ? 0 : magnitude(-323, 3);
      epsilon = constant == ConstantFeature.EPSILON && epsilon == 0 ? Double.MIN_VALUE : epsilon;
      NormalizationRules rules =
          new NormalizationRules(
              random.nextInt(5) != 0,
              random.nextInt(8) != 0,
              epsilon,
              constant,
              random.nextBoolean() ? MissingValues.IGNORE : MissingValues.IMPUTE,
              random.nextInt(5) == 0
                  ? OptionalDouble.of(magnitude(-2, 60))
                  : OptionalDouble.empty(),
              any(Activation.values()));
      Affine affine =
          random.nextBoolean()
              ? Affine.identity(1)
              : Affine.of(new double[] {weightOfAffine()}, new double[] {weightOfAffine()});
      return new Arrival(
          before,
          batch(others, gaps, weighted),
          averaging,
          any(Order.values()),
          affine,
          rules,
          any(FloatType.values()));
    }
  }

  /// The promise: a batch that is accepted has no row that is not finite.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingThatIsNotFiniteIsProven(long seed) {
    Arrivals arrivals = new Arrivals(seed);
    int proven = 0;
    int notFinite = 0;
    for (int i = 0; i < 100_000; i++) {
      Arrival arrival = arrivals.next();
      boolean finite = arrival.isFinite();
      notFinite += finite ? 0 : 1;
      if (arrival.isProven()) {
        proven++;
        assertThat(finite).as("seed %d, arrival %d: %s", seed, i, arrival).isTrue();
      }
    }
    // both kinds must occur, or the comparison would mean nothing
    assertThat(proven).isGreaterThan(50_000);
    assertThat(notFinite).isGreaterThan(1_000);
  }

  private static Stream<NormalizationRules> ordinaryRules() {
    return Stream.of(
        RIVER, Trainer.rules(0, ConstantFeature.ONE), Trainer.rules(1e-5, ConstantFeature.EPSILON));
  }

  /// Values of usual size, in batches from the first on: none has to go the careful way.
  @ParameterizedTest
  @MethodSource("ordinaryRules")
  void ordinaryBatchesAreProven(NormalizationRules rules) {
    Random random = new Random(9);
    for (Averaging averaging : new Averaging[] {CUMULATIVE, new Averaging.Decaying(1000)}) {
      for (VarianceEstimator estimator : VarianceEstimator.values()) {
        for (FloatType answered : FloatType.values()) {
          for (double offset : new double[] {0, 37, 1e5, 1.7e9}) {
            PooledStatistics before = (PooledStatistics) averaging.start(1, estimator);
            for (int round = 0; round < 20; round++) {
              double[] values = new double[1 + random.nextInt(64)];
              Arrays.setAll(values, i -> offset + 12 * random.nextGaussian());
              FeatureBatch batch = FeatureBatch.of(1, values);
              Arrival arrival =
                  new Arrival(
                      before,
                      batch,
                      averaging,
                      Order.AFTER,
                      Affine.of(new double[] {2}, new double[] {-1}),
                      rules,
                      answered);
              assertThat(arrival.isProven()).as("%s %s", answered, offset).isTrue();
              before = before.after(RowByRow.momentsOf(batch, averaging));
            }
          }
        }
      }
    }
  }

  /// Rows that are normalised before they enter can be as far from the others as they like. As
  /// binary64 that does no harm; as binary32 the proof needs a variance to begin with.
  @ParameterizedTest
  @EnumSource
  void rowsBeforeTheirUpdateAreProvenOnceThereIsAVariance(FloatType answered) {
    PooledStatistics start = (PooledStatistics) CUMULATIVE.start(1, VarianceEstimator.BIASED);
    FeatureBatch batch = FeatureBatch.of(1, 5, 7, 9);
    PooledStatistics trained = start.after(BatchMoments.of(batch));
    assertThat(arrival(start, Order.BEFORE, answered, batch).isProven())
        .isEqualTo(answered == FloatType.FLOAT64);
    assertThat(arrival(trained, Order.BEFORE, answered, batch).isProven()).isTrue();
  }

  private static Arrival arrival(
      PooledStatistics before, Order order, FloatType answered, FeatureBatch batch) {
    return new Arrival(before, batch, CUMULATIVE, order, Affine.identity(1), RIVER, answered);
  }

  @Test
  void aFeatureThatIsConstantAndStaysSoIsProven() {
    PooledStatistics start = (PooledStatistics) CUMULATIVE.start(1, VarianceEstimator.BIASED);
    FeatureBatch batch = FeatureBatch.of(1, 5, 5);
    PooledStatistics trained = start.after(BatchMoments.of(batch));
    assertThat(arrival(trained, Order.BEFORE, FloatType.FLOAT16, batch).isProven()).isTrue();
  }

  /// After 0 and 1e-160 the deviation is 5e-161, and 1e153 lies 2e313 deviations away.
  @Test
  void anOutlierBehindAFeatureOfHardlyAnySpreadIsNot() {
    PooledStatistics start = (PooledStatistics) CUMULATIVE.start(1, VarianceEstimator.BIASED);
    FeatureBatch batch = FeatureBatch.of(1, 0, 1e-160, 1e153);
    Arrival arrival = arrival(start, Order.BEFORE, FloatType.FLOAT64, batch);
    assertThat(arrival.isCountable()).isTrue();
    assertThat(arrival.isFinite()).isFalse();
    assertThat(arrival.isProven()).isFalse();
  }
}
