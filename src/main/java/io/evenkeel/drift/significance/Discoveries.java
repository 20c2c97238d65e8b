package io.evenkeel.drift.significance;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Chooses among D features those whose evidence is strong enough, so that the share of false ones
/// among the chosen is at most a given level; if no feature has drifted, that is the probability
/// that any is chosen.
///
/// With the p-values in rising order p_(1) ≤ … ≤ p_(D), it takes the k smallest for the greatest k
/// with p_(k) ≤ level · β(k) / D. The level holds for p-values that depend on one another in any
/// way, as those of features of one row do, if β(k) = Σ i ν(i) over i ≤ k, with ν a distribution on
/// 1 … D that is chosen beforehand (Blanchard and Roquain 2008, proposition 2.7,
/// <https://doi.org/10.1214/08-EJS180>). With ν(i) ∝ 1/i it is the procedure of Benjamini and
/// Yekutieli (2001), with ν(1) = 1 that of Bonferroni. This one takes half of each:
///
/// β(k) = (1 + k / (1 + 1/2 + … + 1/D)) / 2
///
/// Mostly one feature drifts at first. Its p-value needs to be below half of Bonferroni's bound at
/// most, whatever D. Many that drift together are found as by the other one at half of the level.
///
/// Edge: without any p-value below 1 nothing is chosen.
public final class Discoveries {
  private final int features;
  private final double harmonic;

  /// @param features D
  public Discoveries(int features) {
    this.features = features;
    harmonic = IntStream.rangeClosed(1, features).mapToDouble(i -> 1.0 / i).sum();
  }

  /// The bound that the p-values of the chosen do not exceed, level · β(k) / D; −1 if none is
  /// chosen.
  ///
  /// @param p the p-values below 1; those that are left out count as 1. Sorts them
  /// @param count how many of `p` are used
  public double threshold(double[] p, int count, double level) {
    Arrays.sort(p, 0, count);
    for (int k = count; k > 0; k--) {
      double bound = level * (1 + k / harmonic) / 2 / features;
      if (p[k - 1] <= bound) {
        return bound;
      }
    }
    return -1;
  }
}
