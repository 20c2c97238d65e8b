package io.evenkeel.drift;

/// One number a feature, measured once in each group of batches: its present level, and how much it
/// scatters from group to group.
///
/// With x_k the value of group k, counted from 1:
///
/// | quantity  | formula                                              | unit         |
/// |-----------|------------------------------------------------------|--------------|
/// | level     | m_k = m_{k−1} + d_k / min(k, 12), d_k = x_k − m_{k−1}| that of x    |
/// | scatter   | s_k = s_{k−1} + (e_k − s_{k−1}) / min(k − 1, 256)    | that of x²   |
/// |           | e_k = d_k² / (1 + q_{k−1})                           |              |
/// | weights   | q_k = 1/k to k = 12, then q_k = (11/12)² q_{k−1} + 1/144 | none     |
/// | error     | sqrt(s_k q_k), the standard error of m_k             | that of x    |
///
/// The level is the mean of the first 12 groups, and forgets older groups after that (an
/// exponentially weighted average: Roberts 1959, <https://doi.org/10.2307/1266443>). The scatter is
/// the variance **between groups**, by the errors with which the level predicts the next group; up
/// to 12 groups it is exactly their unbiased variance (Welford 1962,
/// <https://doi.org/10.2307/1266577>, equation 3). Rows of a batch that depend on one another are
/// in it. The weights' sum of squares q tends to 1/23.
///
/// From the 13th group on d_k is limited to ±4 sqrt(max(s, least) (1 + q)): one wild group can
/// neither move the level by more than a third of the scatter nor blind the comparison for long.
///
/// Edges: no group: level 0. One group: level x_1, scatter 0, no degrees of freedom. Values must be
/// finite. Not safe for threads.
final class GroupSeries {
  /// How many groups the level covers.
  static final int MEMORY = 12;

  private static final int SCATTER_MEMORY = 256;
  private static final double LIMIT = 4;
  private static final double KEPT = 1 - 1.0 / MEMORY;
  private static final double Q_AT_LAST = 1 / (2.0 * MEMORY - 1);

  private final double[] level;
  private final double[] scatter;

  GroupSeries(int features) {
    level = new double[features];
    scatter = new double[features];
  }

  /// Takes the value of a group.
  ///
  /// @param before the groups of this feature so far
  /// @param least the variance between groups that is expected at least
  void add(int feature, int before, double value, double least) {
    double step = value - level[feature];
    if (before > 0) {
      double q = weights(before);
      if (before >= MEMORY) {
        double limit = LIMIT * Math.sqrt(Math.max(scatter[feature], least) * (1 + q));
        step = Math.clamp(step, -limit, limit);
      }
      double error = step * step / (1 + q);
      scatter[feature] += (error - scatter[feature]) / Math.min(before, SCATTER_MEMORY);
    }
    level[feature] += step / Math.min(before + 1, MEMORY);
  }

  /// The present level of a feature.
  double level(int feature) {
    return level[feature];
  }

  /// The variance of a feature's values between groups.
  double scatter(int feature) {
    return scatter[feature];
  }

  /// The sum of the squared weights that the level gives to the groups so far, q.
  static double weights(int groups) {
    return groups <= MEMORY
        ? 1.0 / groups
        : Q_AT_LAST + (1.0 / MEMORY - Q_AT_LAST) * Math.pow(KEPT, 2.0 * (groups - MEMORY));
  }

  /// The degrees of freedom of the scatter.
  static int freedom(int groups) {
    return Math.min(groups, SCATTER_MEMORY) - 1;
  }
}
