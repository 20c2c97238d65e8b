package io.evenkeel.batchnorm;

import static io.evenkeel.batchnorm.Closeness.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A batch that enters row by row must come to what the same rows come to as batches of one row.
class RowByRowTest {
  private static final int FEATURES = 3;
  private static final Affine AFFINE =
      Affine.of(new double[] {2, -1, 0.5}, new double[] {0.25, 3, 0});

  @ParameterizedTest
  @EnumSource
  void cumulativeRowsAreBatchesOfOneRow(Order order) {
    compare(new Averaging.Cumulative(Optional.empty()), order, MissingValues.IGNORE);
    compare(
        new Averaging.Cumulative(Optional.of(new Averaging.Prior(3, 1, 2))),
        order,
        MissingValues.IMPUTE);
  }

  @ParameterizedTest
  @EnumSource
  void decayingRowsAreBatchesOfOneRow(Order order) {
    compare(new Averaging.Decaying(5), order, MissingValues.IGNORE);
    compare(new Averaging.Decaying(0.5), order, MissingValues.IMPUTE);
  }

  private static void compare(Averaging averaging, Order order, MissingValues missing) {
    for (VarianceEstimator estimator : VarianceEstimator.values()) {
      NormalizationRules rules =
          new NormalizationRules(
              true,
              true,
              1e-3,
              ConstantFeature.ONE,
              missing,
              OptionalDouble.of(2),
              Activation.NONE);
      RunningStatistics one = averaging.start(FEATURES, estimator);
      RunningStatistics other = averaging.start(FEATURES, estimator);
      Random random = new Random(17);
      for (int round = 0; round < 6; round++) {
        FeatureBatch batch = batch(random, 1 + random.nextInt(30), round % 2 == 1);
        double[] y = RowByRow.normalize(batch, (PooledStatistics) one, order, AFFINE, rules);
        one = one.after(RowByRow.momentsOf(batch, averaging));
        double[] expected = new double[y.length];
        for (int i = 0; i < batch.rows(); i++) {
          FeatureBatch row = row(batch, i);
          RunningStatistics next = other.after(BatchMoments.of(row));
          RunningStatistics by = order == Order.BEFORE ? other : next;
          double[] answer = new double[FEATURES];
          Normalization.of(by.meanAndVariance(), AFFINE, rules).apply(row.values(), answer, 1);
          System.arraycopy(answer, 0, expected, i * FEATURES, FEATURES);
          other = next;
        }
        within(1e-12, 1e-12).check("y", y, expected);
        checkSame(one, other);
      }
    }
  }

  private static void checkSame(RunningStatistics one, RunningStatistics other) {
    for (int j = 0; j < FEATURES; j++) {
      MeanAndVariance a = one.meanAndVariance();
      MeanAndVariance b = other.meanAndVariance();
      within(1e-13, 1e-14).check("mean", a.mean(j), b.mean(j));
      within(1e-12, 0).check("variance", a.variance(j), b.variance(j));
      within(1e-14, 0).check("count", one.count(j), other.count(j));
      assertEquals(other.min(j), one.min(j));
      assertEquals(other.max(j), one.max(j));
    }
  }

  /// The first row has deviation 0 about itself; before it, the statistics are mean 0, variance 1.
  @Test
  void firstRowIsNormalisedByTheStartOrByItself() {
    PooledStatistics start =
        new Averaging.Cumulative(Optional.empty()).start(1, VarianceEstimator.BIASED);
    FeatureBatch batch = FeatureBatch.of(1, 5, 7);
    Affine identity = Affine.identity(1);
    // before: (5 − 0)/1, then {5} is constant: (7 − 5)/1; after: 0, then (7 − 6)/1
    assertArrayEquals(
        new double[] {5, 2},
        RowByRow.normalize(batch, start, Order.BEFORE, identity, Trainer.PLAIN));
    assertArrayEquals(
        new double[] {0, 1},
        RowByRow.normalize(batch, start, Order.AFTER, identity, Trainer.PLAIN));
  }

  /// A body of any length is one batch in constant memory: its parts are put together.
  @Test
  void partsOfABatchPutTogetherAreTheWholeBatch() {
    Averaging decaying = new Averaging.Decaying(9);
    FeatureBatch batch = batch(new Random(6), 40, true);
    BatchMoments parts = RowByRow.momentsOf(rows(batch, 0, 11), decaying);
    parts = parts.plus(RowByRow.momentsOf(rows(batch, 11, 12), decaying));
    parts = parts.plus(RowByRow.momentsOf(rows(batch, 12, 40), decaying));
    RunningStatistics start =
        decaying.start(FEATURES, VarianceEstimator.UNBIASED).after(BatchMoments.of(batch));
    checkSame(start.after(parts), start.after(RowByRow.momentsOf(batch, decaying)));
    assertEquals(40, parts.rows());
    BatchMoments plain = BatchMoments.of(batch);
    assertEquals(plain.moments().plus(plain.moments()), plain.plus(plain).moments());
  }

  private static FeatureBatch rows(FeatureBatch batch, int from, int to) {
    double[] values = Arrays.copyOfRange(batch.values(), from * FEATURES, to * FEATURES);
    double[] weights = new double[to - from];
    Arrays.setAll(weights, i -> batch.weight(from + i));
    return FeatureBatch.of(to - from, FEATURES, values, weights);
  }

  private static FeatureBatch row(FeatureBatch batch, int i) {
    double[] values = Arrays.copyOfRange(batch.values(), i * FEATURES, (i + 1) * FEATURES);
    return FeatureBatch.of(1, FEATURES, values, new double[] {batch.weight(i)});
  }

  /// Gaps in the second feature, an offset in the third, weights (0 among them) if asked for.
  private static FeatureBatch batch(Random random, int rows, boolean weighted) {
    double[] x = new double[rows * FEATURES];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      x[i * FEATURES] = random.nextGaussian();
      x[i * FEATURES + 1] = random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian();
      x[i * FEATURES + 2] = 1e6 + random.nextGaussian();
      weights[i] = random.nextInt(6) == 0 ? 0 : 0.5 + random.nextDouble();
    }
    return FeatureBatch.of(rows, FEATURES, x, weighted ? weights : null);
  }
}
