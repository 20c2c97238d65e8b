package io.evenkeel.drift;

/// One number a feature, measured once in each group of batches: its present level, and how much it
/// scatters from group to group.
///
/// With x_k the value of group k, counted from 1, and M the groups that the level covers:
///
/// | quantity  | formula                                              | unit         |
/// |-----------|------------------------------------------------------|--------------|
/// | gain      | a_k = max(1/M, q_{k−1} / (1 + q_{k−1})), a_1 = 1     | none         |
/// | level     | m_k = m_{k−1} + a_k d_k, d_k = x_k − m_{k−1}         | that of x    |
/// | scatter   | s_k = s_{k−1} + (e_k − s_{k−1}) / min(k − 1, 256)    | that of x²   |
/// |           | e_k = d_k² / (1 + q_{k−1})                           |              |
/// | weights   | q_k = (1 − a_k)² q_{k−1} + a_k²                      | none         |
/// | error     | sqrt(s_k q_k), the standard error of m_k             | that of x    |
///
/// As long as q is 1/k the gain is 1/k, too, so that the level is the mean of the first M groups.
/// It forgets older groups after that (an exponentially weighted average: Roberts 1959,
/// <https://doi.org/10.2307/1266443>). The scatter is the variance **between groups**, by the
/// errors with which the level predicts the next group; up to M groups it is exactly their unbiased
/// variance (Welford 1962, <https://doi.org/10.2307/1266577>, equation 3). Rows of a batch that
/// depend on one another are in it. The weights' sum of squares q tends to 1 / (2 M − 1).
///
/// M is 12, or less if other replicas see the same stream (see [Others]); it may change from group
/// to group. The same gain holds for all features that have the same groups, so the caller keeps q.
///
/// From the 13th group on d_k is limited to ±4 sqrt(max(s, least) (1 + q)): one wild group can
/// neither move the level by more than a third of the scatter nor blind the comparison for long
/// (with a smaller M each replica's level moves further, and counts the less).
///
/// Edges: no group: level 0. One group: level x_1, scatter 0, no degrees of freedom. Values must be
/// finite. Not safe for threads.
final class GroupSeries {
  /// How many groups the level covers.
  static final int MEMORY = 12;

  private static final int SCATTER_MEMORY = 256;
  private static final double LIMIT = 4;

  private final double[] level;
  private final double[] scatter;

  GroupSeries(int features) {
    level = new double[features];
    scatter = new double[features];
  }

  /// A series that was kept elsewhere.
  GroupSeries(double[] level, double[] scatter) {
    this.level = level;
    this.scatter = scatter;
  }

  /// Takes the value of a group.
  ///
  /// @param before the groups of this feature so far
  /// @param q the sum of the squared weights of these groups; of no meaning without any
  /// @param gain see [#gain]
  /// @param least the variance between groups that is expected at least
  void add(int feature, int before, double q, double gain, double value, double least) {
    double step = value - level[feature];
    if (before > 0) {
      if (before >= MEMORY) {
        double limit = LIMIT * Math.sqrt(Math.max(scatter[feature], least) * (1 + q));
        step = Math.clamp(step, -limit, limit);
      }
      double error = step * step / (1 + q);
      scatter[feature] += (error - scatter[feature]) / Math.min(before, SCATTER_MEMORY);
    }
    level[feature] += step * gain;
  }

  /// The present level of a feature.
  double level(int feature) {
    return level[feature];
  }

  /// The variance of a feature's values between groups.
  double scatter(int feature) {
    return scatter[feature];
  }

  /// The weight that the level gives to the next group, a.
  ///
  /// @param before the groups so far
  /// @param q the sum of their squared weights
  /// @param memory how many groups the level covers, M ≥ 1
  static double gain(int before, double q, double memory) {
    return before == 0 ? 1 : Math.max(1 / memory, q / (1 + q));
  }

  /// The sum of the squared weights after a group that has this weight, q.
  static double weights(double q, double gain) {
    return (1 - gain) * (1 - gain) * q + gain * gain;
  }

  /// The degrees of freedom of the scatter.
  static int freedom(int groups) {
    return Math.min(groups, SCATTER_MEMORY) - 1;
  }
}
