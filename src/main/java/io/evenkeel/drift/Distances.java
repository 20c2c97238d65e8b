package io.evenkeel.drift;

/// Distances between the reference and the live values of a feature. All values are standardised by
/// the reference, so that its mean is 0 and its variance 1.
final class Distances {
  private static final double HALF = 0.5;

  private Distances() {}

  /// Hellinger distance of the normal distributions N(0, 1) and N(m, v): 0 for equal ones, below 1.
  ///
  /// H² = 1 − sqrt(2 s / (1 + v)) exp(−m² / (4 (1 + v))), s = sqrt(v). A variance of 0 gives 1.
  static double hellinger(double mean, double variance) {
    double sum = 1 + variance;
    double overlap = Math.sqrt(2 * Math.sqrt(variance) / sum) * Math.exp(-mean * mean / (4 * sum));
    return Math.sqrt(Math.max(0, 1 - overlap));
  }

  /// 2-Wasserstein distance of the normal distributions N(0, 1) and N(m, v), in reference
  /// deviations: sqrt(m² + (1 − s)²), s = sqrt(v) (Dowson and Landau 1982, equation 4,
  /// <https://doi.org/10.1016/0047-259X(82)90077-X>).
  static double wasserstein(double mean, double variance) {
    return Math.hypot(mean, 1 - Math.sqrt(variance));
  }

  /// Population stability index less its bias: Σ (p_i − q_i) ln(p_i / q_i), i = 1..B, less (B −
  /// 1)(1/n_p + 1/n_q), its expectation if both samples come from one distribution (Yurdakul and
  /// Naranjo 2020, <https://doi.org/10.21314/JRMV.2020.227>). Half a row is added to each bin, so
  /// that no bin is empty. It can fall below 0.
  ///
  /// @param reference rows in each bin
  /// @param live the same, possibly weighted
  /// @param liveRows the number of equally weighted rows that tell as much as the live ones
  static double stability(float[] reference, float[] live, int at, int bins, double liveRows) {
    double p = sum(reference, at, bins) + HALF * bins;
    double q = sum(live, at, bins) + HALF * bins;
    double index = 0;
    for (int i = at; i < at + bins; i++) {
      double share = (reference[i] + HALF) / p;
      double other = (live[i] + HALF) / q;
      index += (share - other) * Math.log(share / other);
    }
    return index - (bins - 1) * (1 / sum(reference, at, bins) + 1 / liveRows);
  }

  /// Kolmogorov-Smirnov distance of the bins: the greatest difference of the cumulated shares at
  /// the ends of bins; 0 to 1. It is at most that of the values themselves.
  static double kolmogorovSmirnov(float[] reference, float[] live, int at, int bins) {
    double p = sum(reference, at, bins);
    double q = sum(live, at, bins);
    double difference = 0;
    double greatest = 0;
    for (int i = at; i < at + bins; i++) {
      difference += reference[i] / p - live[i] / q;
      greatest = Math.max(greatest, Math.abs(difference));
    }
    return greatest;
  }

  static double sum(float[] counts, int at, int bins) {
    double sum = 0;
    for (int i = at; i < at + bins; i++) {
      sum += counts[i];
    }
    return sum;
  }
}
