package io.evenkeel.drift.significance;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Chooses among D features those whose evidence is strong enough, so that the share of false ones
/// among the chosen is at most a given level; if no feature has drifted, that is the probability
/// that any is chosen.
///
/// With the p-values in rising order p_(1) ≤ … ≤ p_(D), it takes the k smallest for the greatest k
/// with p_(k) ≤ k · level / (D · (1 + 1/2 + … + 1/D)). This is the procedure of Benjamini and
/// Hochberg (1995) with the factor that Benjamini and Yekutieli found for p-values that depend on
/// one another in any way (2001, theorem 1.3, <https://doi.org/10.1214/aos/1013699998>): features
/// of one row do.
///
/// Edge: without any p-value below 1 nothing is chosen.
public final class Discoveries {
  private final double tests;

  /// @param features D
  public Discoveries(int features) {
    tests = features * IntStream.rangeClosed(1, features).mapToDouble(i -> 1.0 / i).sum();
  }

  /// The bound that the p-values of the chosen do not exceed, k · level / (D · (1 + 1/2 + …)); −1
  /// if none is chosen.
  ///
  /// @param p the p-values below 1; those that are left out count as 1. Sorts them
  /// @param count how many of `p` are used
  public double threshold(double[] p, int count, double level) {
    Arrays.sort(p, 0, count);
    for (int k = count; k > 0; k--) {
      double bound = k * level / tests;
      if (p[k - 1] <= bound) {
        return bound;
      }
    }
    return -1;
  }
}
