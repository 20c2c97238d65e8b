package io.evenkeel.batchnorm;

import java.util.Optional;

/// Mean and variance of a few values near 0, by the textbook.
record Spread(double mean, double variance) {

  /// Empty without a value; variance 1 where the unbiased one is not defined. NaN and weight 0
  /// count nowhere.
  ///
  /// @param fade what each row multiplies the weights of those before it by, value or not
  static Optional<Spread> of(double[] x, double[] weights, double fade, boolean unbiased) {
    double[] w = new double[x.length];
    double weight = 0;
    double squares = 0;
    double sum = 0;
    double faded = 1;
    for (int k = x.length - 1; k >= 0; k--) {
      if (!Double.isNaN(x[k]) && weights[k] > 0) {
        w[k] = weights[k] * faded;
        weight += w[k];
        squares += w[k] * w[k];
        sum += w[k] * x[k];
      }
      faded *= fade;
    }
    if (weight == 0) {
      return Optional.empty();
    }
    double mean = sum / weight;
    double m2 = 0;
    for (int k = 0; k < x.length; k++) {
      m2 += w[k] > 0 ? w[k] * (x[k] - mean) * (x[k] - mean) : 0;
    }
    double divisor = unbiased ? weight - squares / weight : weight;
    return Optional.of(new Spread(mean, divisor > 1e-12 ? m2 / divisor : 1));
  }
}
