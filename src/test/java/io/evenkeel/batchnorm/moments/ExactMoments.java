package io.evenkeel.batchnorm.moments;

import java.math.BigDecimal;
import java.math.MathContext;

/// The moments of one feature of a batch in exact arithmetic: sums without rounding, and quotients
/// of 60 digits. Slow, and the yardstick of the fast ones.
public record ExactMoments(
    BigDecimal weight, BigDecimal mean, BigDecimal m2, double min, double max) {
  public static final MathContext DIGITS = new MathContext(60);

  public static ExactMoments of(FeatureBatch batch, int feature) {
    BigDecimal weight = BigDecimal.ZERO;
    BigDecimal first = BigDecimal.ZERO;
    BigDecimal second = BigDecimal.ZERO;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < batch.rows(); i++) {
      double value = batch.values()[i * batch.features() + feature];
      if (!Double.isNaN(value) && batch.weight(i) > 0) {
        BigDecimal w = new BigDecimal(batch.weight(i));
        BigDecimal x = new BigDecimal(value);
        weight = weight.add(w);
        first = first.add(w.multiply(x));
        second = second.add(w.multiply(x).multiply(x));
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    if (weight.signum() == 0) {
      return new ExactMoments(weight, BigDecimal.ZERO, BigDecimal.ZERO, min, max);
    }
    // exact sums, so that E[x²] − E[x]² loses nothing here
    BigDecimal m2 = second.subtract(first.multiply(first).divide(weight, new MathContext(400)));
    return new ExactMoments(weight, first.divide(weight, new MathContext(400)), m2, min, max);
  }

  /// Biased variance.
  public double variance() {
    return m2.divide(weight, DIGITS).doubleValue();
  }

  /// How far a mean of two parts is from this one, in standard deviations.
  public double meanError(double high, double low) {
    double error = new BigDecimal(high).add(new BigDecimal(low)).subtract(mean).abs().doubleValue();
    return error == 0 ? 0 : error / Math.sqrt(variance());
  }
}
