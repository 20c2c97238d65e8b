package io.evenkeel.batchnorm;

/// Which of the two variances of a weighted sample is meant; W is the sum of the weights, Q that of
/// their squares and M2 the weighted sum of squared deviations from the mean.
public enum VarianceEstimator {
  /// M2 / W: that of the sample itself.
  BIASED {
    @Override
    double divisor(double weight, double squares) {
      return weight > 0 ? weight : Double.NaN;
    }
  },

  /// M2 / (W − Q/W): for weights of 1 that is M2 / (n − 1), and the scale of the weights drops out.
  /// A difference that rounding alone can leave (one value of weight 0.1) is no degree of freedom.
  UNBIASED {
    @Override
    double divisor(double weight, double squares) {
      double freedom = weight - squares / weight;
      return freedom > weight * 0x1p-50 ? freedom : Double.NaN;
    }
  };

  /// The variance, in the feature's unit squared; NaN where it is not defined (no weight, or no
  /// degree of freedom).
  public double of(double weight, double squares, double m2) {
    return m2 / divisor(weight, squares);
  }

  /// What M2 is divided by; NaN where the variance is not defined.
  abstract double divisor(double weight, double squares);
}
