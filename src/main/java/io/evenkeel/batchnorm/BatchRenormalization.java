package io.evenkeel.batchnorm;

import io.evenkeel.batchnorm.lanes.DoubleDouble;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;

/// The correction that batch renormalization makes to the normalised values of one batch, so that
/// they come close to those of inference: x̂ = (x − mean_B)/s_B · r + d with
///
/// ```
/// r = clip(s_B / s, 1/rMax, rMax)      d = clip((mean_B − m) / s, −dMax, dMax)
/// ```
///
/// where m and s are the running mean and deviation before the batch. The gradients take r and d as
/// constants. Without centring d is 0, without scaling both deviations are 1. A feature whose
/// normalised value is 0 by [ConstantFeature#ZERO] is not corrected.
///
/// Ioffe (2017), <https://arxiv.org/abs/1702.03275>.
public final class BatchRenormalization {
  public final double[] r;
  public final double[] d;

  private BatchRenormalization(double[] r, double[] d) {
    this.r = r;
    this.d = d;
  }

  /// The correction for a batch of these moments `[D]`; O(D).
  ///
  /// @param before the running statistics before the batch
  public static BatchRenormalization of(
      FeatureMoments batch,
      RenormalizationStatistics before,
      Training.Renormalization limits,
      NormalizationRules rules) {
    RenormalizationStatistics.Columns running = before.columns();
    MeanAndVariance b = batch.meanAndVariance(VarianceEstimator.BIASED);
    double[] r = new double[b.features()];
    double[] d = new double[b.features()];
    for (int j = 0; j < r.length; j++) {
      double deviation = Normalization.deviation(b.mean[j], b.variance[j], rules);
      double s = rules.scale() ? running.deviation().get(j) : 1;
      r[j] = 1;
      if (deviation != Double.POSITIVE_INFINITY) {
        r[j] = clip(deviation / s, 1 / limits.rMax(), limits.rMax());
        double difference =
            DoubleDouble.difference(
                b.mean[j],
                b.meanLow[j],
                running.means().mean().get(j),
                running.means().low().get(j));
        // 0/0, where a deviation of 0 meets no difference, is no difference
        d[j] =
            rules.center() && difference != 0
                ? clip(difference / s, -limits.dMax(), limits.dMax())
                : 0;
      }
    }
    return new BatchRenormalization(r, d);
  }

  private static double clip(double x, double least, double greatest) {
    return Math.max(least, Math.min(greatest, x));
  }

  /// r of a feature.
  public double r(int feature) {
    return r[feature];
  }

  /// d of a feature.
  public double d(int feature) {
    return d[feature];
  }
}
