package io.evenkeel.batchnorm.moments;

/// Mean and variance of D features: the part of any statistics that normalising needs.
///
/// The mean is the unevaluated sum of two doubles. Immutable.
public final class MeanAndVariance {
  public final double[] mean;
  public final double[] meanLow;
  public final double[] variance;

  /// Takes over the arrays, all of length D, which must not be written to afterwards.
  public MeanAndVariance(double[] mean, double[] meanLow, double[] variance) {
    this.mean = mean;
    this.meanLow = meanLow;
    this.variance = variance;
  }

  /// D.
  public int features() {
    return mean.length;
  }

  /// The mean of a feature in its unit, rounded to one double.
  public double mean(int feature) {
    return mean[feature];
  }

  /// What is to be added to [#mean] for the mean's full precision.
  public double meanLow(int feature) {
    return meanLow[feature];
  }

  /// The variance of a feature in its unit squared.
  public double variance(int feature) {
    return variance[feature];
  }
}
