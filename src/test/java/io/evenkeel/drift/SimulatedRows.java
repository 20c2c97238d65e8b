package io.evenkeel.drift;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.normalization.Asking;
import io.evenkeel.normalizer.Model;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;

/// Batches of rows whose features are skewed, and whose rows depend on one another.
///
/// Feature j has the shape j mod 3: normal(0, 1), exponential(1), log-normal(0, 1). Each is made of
/// normal variables that have the correlation `alike` within a batch. A share of the values is
/// missing; within a batch it is that share times a factor that is 0.5 or 1.5 if rows are alike.
final class SimulatedRows {
  final int features;
  private final double alike;
  private final double missing;
  private final SplittableRandom random;

  SimulatedRows(int features, double alike, double missing, long seed) {
    this.features = features;
    this.alike = alike;
    this.missing = missing;
    random = new SplittableRandom(seed);
  }

  /// A batch as it comes.
  FeatureBatch batch(int rows) {
    return batch(rows, _ -> missing, (_, x) -> x);
  }

  /// What becomes of a value.
  interface Change {
    double of(int feature, double value);
  }

  /// A batch that has changed.
  ///
  /// @param missing the share of missing values of each feature
  FeatureBatch batch(int rows, IntToDoubleFunction missing, Change change) {
    double[] values = new double[rows * features];
    double row = Math.sqrt(1 - alike);
    double batch = Math.sqrt(alike);
    for (int j = 0; j < features; j++) {
      double a = batch * random.nextGaussian();
      double b = batch * random.nextGaussian();
      double share = missing.applyAsDouble(j);
      double factor = alike == 0 ? 1 : random.nextBoolean() ? 0.5 : 1.5;
      for (int i = 0; i < rows; i++) {
        double z = a + row * random.nextGaussian();
        double x =
            switch (j % 3) {
              case 0 -> z;
              case 1 -> {
                double other = b + row * random.nextGaussian();
                yield (z * z + other * other) / 2;
              }
              default -> Math.exp(z);
            };
        boolean absent = share > 0 && random.nextDouble() < factor * share;
        values[i * features + j] = absent ? Double.NaN : change.of(j, x);
      }
    }
    return FeatureBatch.of(rows, features, values, null);
  }

  /// The exact deviation of a feature.
  static double deviation(int feature) {
    return switch (feature % 3) {
      case 0, 1 -> 1;
      default -> Math.sqrt((Math.E - 1) * Math.E);
    };
  }

  /// Statistics of so many batches, frozen.
  Standing trained(int batches, int rows) {
    return trained(batches, rows, definition -> definition);
  }

  Standing trained(int batches, int rows, UnaryOperator<NormalizerDefinition> redefined) {
    NormalizerDefinition definition =
        redefined.apply(
            Asking.definition(
                new Averaging.Cumulative(Optional.empty()),
                new Training.Batch(),
                Features.numbered(features)));
    FeatureMoments moments = FeatureMoments.none(features);
    for (int i = 0; i < batches; i++) {
      moments = moments.plus(FeatureMoments.of(batch(rows)));
    }
    var running = new PooledStatistics(VarianceEstimator.UNBIASED, moments);
    return new Standing(
        new Standing.Origin(1, Optional.empty(), Instant.EPOCH),
        new Model(2, definition, definition.affine(), running),
        (long) batches * rows,
        batches);
  }
}
