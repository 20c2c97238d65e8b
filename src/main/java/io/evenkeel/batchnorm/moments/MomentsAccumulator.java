package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.DoubleDouble;
import java.util.Arrays;

/// Adds up moments: the one place where means move and second moments are merged.
///
/// Not safe for use by more than one thread.
public final class MomentsAccumulator {
  private static final double LEAST_WEIGHT = 0x1p-500;

  private final double[] weight;
  private final double[] freedom;
  private final double[] mean;
  private final double[] meanLow;
  private final double[] m2;
  private final double[] min;
  private final double[] max;

  public MomentsAccumulator(int features) {
    weight = new double[features];
    freedom = new double[features];
    mean = new double[features];
    meanLow = new double[features];
    m2 = new double[features];
    min = new double[features];
    max = new double[features];
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  public MomentsAccumulator(FeatureMoments start) {
    weight = start.weight.toArray();
    freedom = start.freedom.toArray();
    mean = start.mean.toArray();
    meanLow = start.meanLow.toArray();
    m2 = start.m2.toArray();
    min = start.min.toArray();
    max = start.max.toArray();
  }

  public void add(FeatureMoments b) {
    double[] w = b.weight.values();
    double[] f = b.freedom.values();
    double[] means = b.mean.values();
    double[] lows = b.meanLow.values();
    double[] m2s = b.m2.values();
    double[] mins = b.min.values();
    double[] maxs = b.max.values();
    for (int j = 0; j < mean.length; j++) {
      merge(j, w[j], f[j], means[j], lows[j], m2s[j], mins[j], maxs[j]);
    }
  }

  /// One value of a feature; NaN and weight 0 change nothing.
  ///
  /// @param f its degrees of freedom, see [FeatureBatch#freedom(int)]
  public void addValue(int j, double value, double w, double f) {
    if (!Double.isNaN(value)) {
      merge(j, w, f, value, 0, 0, value, value);
    }
  }

  /// W = Wₐ + W_b, d = mean_b − meanₐ, mean = meanₐ + d W_b/W, M2 = M2ₐ + M2_b + d² Wₐ W_b/W.
  ///
  /// F W = Fₐ Wₐ + F_b W_b + 2 Wₐ W_b, since F W is Σwᵢwⱼ over the pairs. So F is the mean of Fₐ +
  /// W_b and F_b + Wₐ, weighted by Wₐ and W_b: exact where all weights are 1, for both are n − 1
  /// then.
  ///
  /// Mean and F move from the side that weighs more, so that the rounding of the step shrinks with
  /// the other side's share. A side that has decayed to nothing leaves nothing in the new mean.
  void merge(
      int j, double w, double f, double meanB, double lowB, double m2B, double minB, double maxB) {
    if (!(w > 0)) {
      return;
    }
    double before = weight[j];
    if (before > 0) {
      double total = before + w;
      double delta = DoubleDouble.difference(meanB, lowB, mean[j], meanLow[j]);
      double ofA = freedom[j] + w;
      double ofB = f + before;
      if (before >= w) {
        setMean(j, mean[j], meanLow[j] + delta * (w / total));
        freedom[j] = ofA + (ofB - ofA) * (w / total);
      } else {
        setMean(j, meanB, lowB - delta * (before / total));
        freedom[j] = ofB + (ofA - ofB) * (before / total);
      }
      double share = Math.max(before, w) * (Math.min(before, w) / total);
      m2[j] = (m2[j] + m2B) + delta * delta * share;
      weight[j] = total;
    } else {
      weight[j] = w;
      freedom[j] = f;
      mean[j] = meanB;
      meanLow[j] = lowB;
      m2[j] = m2B;
    }
    min[j] = Math.min(min[j], minB);
    max[j] = Math.max(max[j], maxB);
  }

  /// Forgets: multiplies W, F and M2 of feature j by `factor`; mean and extremes stay.
  ///
  /// @param renewed whether values are merged next. If none are, W does not fall below
  ///   [#LEAST_WEIGHT]: so a feature keeps its mean however long no value comes
  public void decay(int j, double factor, boolean renewed) {
    double kept = renewed || weight[j] * factor >= LEAST_WEIGHT ? factor : floor(weight[j]);
    weight[j] *= kept;
    freedom[j] *= kept;
    m2[j] *= kept;
  }

  private static double floor(double weight) {
    return weight > LEAST_WEIGHT ? LEAST_WEIGHT / weight : 1;
  }

  private void setMean(int j, double high, double low) {
    double sum = high + low;
    meanLow[j] = DoubleDouble.sumError(high, low, sum);
    mean[j] = sum;
  }

  double weight(int j) {
    return weight[j];
  }

  public double mean(int j) {
    return mean[j];
  }

  public double meanLow(int j) {
    return meanLow[j];
  }

  public double variance(int j, VarianceEstimator estimator) {
    return estimator.of(weight[j], freedom[j], m2[j]);
  }

  /// Hands the arrays over; the accumulator must not be used afterwards.
  public FeatureMoments toMoments() {
    return new FeatureMoments(weight, freedom, mean, meanLow, m2, min, max);
  }
}
