package io.evenkeel.batchnorm.gradients;

import io.evenkeel.batchnorm.Affine;
import io.evenkeel.batchnorm.Normalization;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.RowByRow;
import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureBatch;
import io.evenkeel.batchnorm.moments.MomentsAccumulator;
import io.evenkeel.batchnorm.moments.VarianceEstimator;

/// The backward pass to the rows of a batch that entered the running statistics one after the
/// other: dx = γ/s · dy′, with mean and root of each value those that [RowByRow] normalised it by.
/// One pass. The edges are those of [Gradients].
final class RowByRowGradients {
  private RowByRowGradients() {}

  /// dx `[N × D]`.
  ///
  /// @param sums takes dγ and dβ
  static double[] of(
      FeatureBatch batch,
      double[] dy,
      BackwardForm.EachRow form,
      Affine affine,
      NormalizationRules rules,
      AffineGradients sums) {
    int features = batch.features();
    double[] x = batch.values();
    double[] dx = new double[batch.rows() * features];
    MomentsAccumulator running = new MomentsAccumulator(form.before().moments());
    double fade = RowByRow.fade(form.before().halfLifeRows());
    for (int i = 0; i < batch.rows(); i++) {
      if (form.order() == Training.Running.Order.AFTER) {
        enter(running, batch, i, fade);
      }
      for (int j = 0; j < features; j++) {
        int at = i * features + j;
        if (Double.isNaN(x[at])) {
          dx[at] = sums.reachingMissing(j, dy[at]);
        } else {
          double deviation = deviation(running, j, form.before().estimator(), rules);
          double u = standardize(x[at], running, j, deviation);
          dx[at] = affine.gamma(j) / deviation * sums.reaching(j, u, dy[at]) + 0.0; // never −0
        }
      }
      if (form.order() == Training.Running.Order.BEFORE) {
        enter(running, batch, i, fade);
      }
    }
    return dx;
  }

  private static void enter(MomentsAccumulator running, FeatureBatch batch, int row, double fade) {
    int features = batch.features();
    for (int j = 0; j < features; j++) {
      double x = batch.values()[row * features + j];
      RowByRow.enter(running, j, x, batch.weight(row), batch.freedom(row), fade);
    }
  }

  private static double standardize(double x, MomentsAccumulator running, int j, double deviation) {
    return deviation == Double.POSITIVE_INFINITY
        ? 0 // (x − mean) could be infinite itself
        : ((x - running.mean(j)) - running.meanLow(j)) / deviation;
  }

  private static double deviation(
      MomentsAccumulator running, int j, VarianceEstimator estimator, NormalizationRules rules) {
    double variance = running.variance(j, estimator);
    return Normalization.deviation(running.mean(j), Double.isNaN(variance) ? 1 : variance, rules);
  }
}
