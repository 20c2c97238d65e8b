package io.evenkeel.batchnorm.moments;

import io.evenkeel.batchnorm.lanes.DoubleDouble;

/// One sum for each of D features, with the rounding error of every step carried along beside it:
/// compensated summation after Kahan and Babuška in the form of Ogita, Rump and Oishi (2005),
/// algorithm 4.4, <https://doi.org/10.1137/030601818>.
///
/// Precision: 1 ulp of the sum, and n² 2⁻¹⁰⁵ of the sum of the terms' magnitudes, however much of
/// it cancels. NaN where a sum overflows.
///
/// Not safe for use by more than one thread.
public final class FeatureSums {
  private final double[] sum;
  private final double[] error;

  public FeatureSums(int features) {
    sum = new double[features];
    error = new double[features];
  }

  public void add(int j, double term) {
    double next = sum[j] + term;
    error[j] += DoubleDouble.sumError(sum[j], term, next);
    sum[j] = next;
  }

  public double total(int j) {
    return sum[j] + error[j];
  }

  public double[] totals() {
    double[] totals = new double[sum.length];
    for (int j = 0; j < totals.length; j++) {
      totals[j] = total(j);
    }
    return totals;
  }
}
