package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.MomentsAccumulator;
import io.evenkeel.batchnorm.moments.RowAging;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import java.util.Optional;

/// Normalises a training batch whose rows enter pooled statistics one after the other: each row by
/// the statistics just before or just after it.
///
/// The log gets the same moments as for a batch that enters whole. Under forgetting they differ:
/// each row ages all rows before it, those of the batch too.
public final class RowByRow {
  private RowByRow() {}

  /// The normalised rows `[N × D]`, starting from `before`.
  public static double[] normalize(
      FeatureBatch batch,
      PooledStatistics before,
      Training.Running.Order order,
      Affine affine,
      NormalizationRules rules) {
    int features = batch.features();
    double[] x = batch.values();
    double[] y = new double[Math.multiplyExact(batch.rows(), features)];
    MomentsAccumulator running = new MomentsAccumulator(before.moments());
    double fade = fade(before.halfLifeRows());
    double clip = rules.clip().orElse(Double.POSITIVE_INFINITY);
    for (int i = 0; i < batch.rows(); i++) {
      for (int j = 0; j < features; j++) {
        int at = i * features + j;
        if (order == Training.Running.Order.BEFORE) {
          y[at] = normalize(x[at], j, running, before.estimator(), rules, clip);
          enter(running, j, x[at], batch.weight(i), batch.freedom(i), fade);
        } else {
          enter(running, j, x[at], batch.weight(i), batch.freedom(i), fade);
          y[at] = normalize(x[at], j, running, before.estimator(), rules, clip);
        }
        y[at] = rules.activation().apply(affine.gamma(j) * y[at] + affine.beta(j));
      }
    }
    return y;
  }

  private static double normalize(
      double x,
      int j,
      MomentsAccumulator running,
      VarianceEstimator estimator,
      NormalizationRules rules,
      double clip) {
    if (Double.isNaN(x)) {
      return rules.missing() == MissingValues.IMPUTE ? 0 : x;
    }
    double variance = running.variance(j, estimator);
    double deviation =
        Normalization.deviation(running.mean(j), Double.isNaN(variance) ? 1 : variance, rules);
    if (deviation == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double centred = rules.center() ? (x - running.mean(j)) - running.meanLow(j) : x;
    return Math.max(-clip, Math.min(clip, centred / deviation));
  }

  /// Adds the value of one row. All values before it fade, whether or not the row has a value of
  /// the feature.
  ///
  /// @param f the degrees of freedom of the value alone
  public static void enter(
      MomentsAccumulator running, int j, double x, double w, double f, double fade) {
    if (fade != 1) {
      running.decay(j, fade, w > 0 && !Double.isNaN(x));
    }
    running.addValue(j, x, w, f);
  }

  public static double fade(double halfLifeRows) {
    return halfLifeRows == Double.POSITIVE_INFINITY ? 1 : StrictMath.pow(2, -1 / halfLifeRows);
  }

  /// The moments of a batch that enters row by row, for the running statistics.
  public static BatchMoments momentsOf(FeatureBatch batch, Averaging averaging) {
    if (!(averaging instanceof Averaging.Decaying decaying)) {
      return BatchMoments.of(batch);
    }
    int features = batch.features();
    double fade = fade(decaying.halfLifeRows());
    MomentsAccumulator faded = new MomentsAccumulator(features);
    double[] count = new double[features];
    for (int i = 0; i < batch.rows(); i++) {
      for (int j = 0; j < features; j++) {
        double x = batch.values()[i * features + j];
        enter(faded, j, x, batch.weight(i), batch.freedom(i), fade);
        if (!Double.isNaN(x)) {
          count[j] += batch.weight(i);
        }
      }
    }
    double factor = StrictMath.pow(2, -batch.rows() / decaying.halfLifeRows());
    return new BatchMoments(
        batch.rows(),
        faded.toMoments(),
        Optional.of(new RowAging(factor, FeatureColumn.of(count))));
  }
}
