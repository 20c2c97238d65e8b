package io.evenkeel.batchnorm.moments;

/// The two variances of a weighted sample. W is the sum of the weights, F their degrees of freedom
/// (see [FeatureMoments]), and M2 the weighted sum of squared deviations from the mean.
public enum VarianceEstimator {
  /// M2 / W: the variance of the sample itself.
  BIASED {
    public @Override double divisor(double weight, double freedom) {
      return weight > 0 ? weight : Double.NaN;
    }
  },

  /// M2 / F: for weights of 1 that is M2 / (n − 1), and the scale of the weights drops out.
  UNBIASED {
    public @Override double divisor(double weight, double freedom) {
      return freedom > 0 ? freedom : Double.NaN;
    }
  };

  /// The variance, in the feature's unit squared; NaN if it is not defined (no weight, or no degree
  /// of freedom).
  public double of(double weight, double freedom, double m2) {
    return m2 / divisor(weight, freedom);
  }

  /// The divisor of M2; NaN if the variance is not defined.
  public abstract double divisor(double weight, double freedom);
}
