package io.evenkeel.batchnorm.lanes;

/// The innermost loops, in the form that HotSpot's C2 compiler turns into vector instructions.
///
/// Three rules hold; breaking one costs a factor of three to five (JDK 25). Every array is read and
/// written at the same index, or C2 cannot rule out that a store overtakes a load; so rows are
/// copied to lanes first. A loop does little, or C2 does not unroll it far enough to fill a vector;
/// so there are several short loops in place of a long one. There are no branches.
public final class LaneLoops {
  private LaneLoops() {}

  /// Σ(x − c) and Σ(x − c)² of one row more.
  public static void addSums(
      double[] x, double[] centre, double[] first, double[] second, int lanes) {
    for (int j = 0; j < lanes; j++) {
      double d = x[j] - centre[j];
      first[j] += d;
      second[j] += d * d;
    }
  }

  /// Σ(x − c) and Σ(x − c)² of two rows more.
  public static void addSums(
      double[] x, double[] y, double[] centre, double[] first, double[] second, int lanes) {
    for (int j = 0; j < lanes; j++) {
      double d = x[j] - centre[j];
      double e = y[j] - centre[j];
      first[j] += d + e;
      second[j] += d * d + e * e;
    }
  }

  /// Σ(x − c) and Σ(x − c)² of four rows more, with the bits of two calls with two rows each.
  public static void addSums(
      double[] x,
      double[] y,
      double[] u,
      double[] v,
      double[] centre,
      double[] first,
      double[] second,
      int lanes) {
    for (int j = 0; j < lanes; j++) {
      double d = x[j] - centre[j];
      double e = y[j] - centre[j];
      double f = u[j] - centre[j];
      double g = v[j] - centre[j];
      first[j] = (first[j] + (d + e)) + (f + g);
      second[j] = (second[j] + (d * d + e * e)) + (f * f + g * g);
    }
  }

  /// sum += x.
  static void add(double[] x, double[] sum, int lanes) {
    for (int j = 0; j < lanes; j++) {
      sum[j] += x[j];
    }
  }

  /// The extremes with one row more.
  public static void addExtremes(double[] x, double[] min, double[] max, int lanes) {
    for (int j = 0; j < lanes; j++) {
      min[j] = Math.min(min[j], x[j]);
      max[j] = Math.max(max[j], x[j]);
    }
  }

  /// The extremes with two rows more.
  public static void addExtremes(double[] x, double[] y, double[] min, double[] max, int lanes) {
    for (int j = 0; j < lanes; j++) {
      min[j] = Math.min(min[j], Math.min(x[j], y[j]));
      max[j] = Math.max(max[j], Math.max(x[j], y[j]));
    }
  }

  /// The extremes of two samples taken together.
  static void foldExtremes(double[] least, double[] most, double[] min, double[] max, int lanes) {
    for (int j = 0; j < lanes; j++) {
      min[j] = Math.min(min[j], least[j]);
      max[j] = Math.max(max[j], most[j]);
    }
  }

  /// Σw, and Σwᵢwⱼ over the pairs i < j, of one row more.
  public static void addWeights(double[] w, double[] weight, double[] pairs, int lanes) {
    for (int j = 0; j < lanes; j++) {
      pairs[j] += w[j] * weight[j];
      weight[j] += w[j];
    }
  }

  /// The same of two samples taken together.
  static void foldWeights(double[] w, double[] p, double[] weight, double[] pairs, int lanes) {
    for (int j = 0; j < lanes; j++) {
      pairs[j] += p[j] + w[j] * weight[j];
      weight[j] += w[j];
    }
  }

  /// Σw(x − origin).
  public static void addWeighted(
      double[] x, double[] w, double[] origin, double[] first, int lanes) {
    for (int j = 0; j < lanes; j++) {
      first[j] += w[j] * (x[j] - origin[j]);
    }
  }

  /// Σw(x − c) and Σw(x − c)²; overwrites x.
  public static void addWeightedSums(
      double[] x, double[] w, double[] centre, double[] first, double[] second, int lanes) {
    for (int j = 0; j < lanes; j++) {
      x[j] -= centre[j];
      first[j] += w[j] * x[j];
    }
    for (int j = 0; j < lanes; j++) {
      second[j] += w[j] * x[j] * x[j];
    }
  }

  /// Merges Σ(x − c) and Σ(x − c)² of the rows from `before` to `after` into the moments of those
  /// before, c being the leading part of their mean; overwrites both sums.
  public static void mergeBlock(
      double[] mean,
      double[] low,
      double[] m2,
      double[] first,
      double[] second,
      double before,
      double after,
      int width) {
    for (int j = 0; j < width; j++) {
      first[j] = (first[j] + before * low[j]) / after;
    }
    for (int j = 0; j < width; j++) {
      second[j] += before * low[j] * low[j];
    }
    for (int j = 0; j < width; j++) {
      m2[j] += second[j] - after * first[j] * first[j];
    }
    for (int j = 0; j < width; j++) {
      second[j] = mean[j] + first[j];
    }
    for (int j = 0; j < width; j++) {
      low[j] = DoubleDouble.sumError(mean[j], first[j], second[j]);
    }
    System.arraycopy(second, 0, mean, 0, width);
  }

  /// x = ((x − mean) − low) / deviation, each step correctly rounded; never −0.
  public static void standardize(
      double[] x, double[] mean, double[] low, double[] deviation, int lanes) {
    for (int j = 0; j < lanes; j++) {
      x[j] = ((x[j] - mean[j]) - low[j]) / deviation[j] + 0.0;
    }
  }

  /// x = max(−limit, min(limit, x)); NaN stays.
  public static void clip(double[] x, double limit, int lanes) {
    for (int j = 0; j < lanes; j++) {
      x[j] = Math.max(-limit, Math.min(limit, x[j]));
    }
  }

  /// x = γ x + β.
  public static void scaleAndShift(double[] x, double[] gamma, double[] beta, int lanes) {
    for (int j = 0; j < lanes; j++) {
      x[j] = gamma[j] * x[j] + beta[j];
    }
  }

  /// x = 0 where it is NaN.
  public static void zeroMissing(double[] x, int lanes) {
    for (int j = 0; j < lanes; j++) {
      if (Double.isNaN(x[j])) {
        x[j] = 0;
      }
    }
  }
}
