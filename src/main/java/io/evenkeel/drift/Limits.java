package io.evenkeel.drift;

import io.evenkeel.batchnorm.ConstantFeature;
import io.evenkeel.batchnorm.NormalizationRules;
import io.evenkeel.batchnorm.moments.MeanAndVariance;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/// Bounds of the values of each feature; values outside are counted.
final class Limits {
  private final double[] low;
  private final double[] high;

  private Limits(int features) {
    low = new double[features];
    high = new double[features];
    Arrays.fill(low, Double.NEGATIVE_INFINITY);
    Arrays.fill(high, Double.POSITIVE_INFINITY);
  }

  /// The inside of the ranges to which values are clipped: clipped values lie at an end, so that
  /// the ends are outside. Empty if there is no such range.
  static Optional<Limits> ofRanges(Features features) {
    if (!features.anyRange()) {
      return Optional.empty();
    }
    Limits limits = new Limits(features.size());
    boolean any = false;
    for (int j = 0; j < features.size(); j++) {
      Feature feature = features.get(j);
      if (feature.hasRange() && feature.onOutOfRange() == OutOfRange.CLIP) {
        any = true;
        limits.low[j] = Math.nextUp(feature.min());
        limits.high[j] = Math.nextDown(feature.max());
      }
    }
    return any ? Optional.of(limits) : Optional.empty();
  }

  /// The values whose normalised value is within the clip. Empty without a clip.
  static Optional<Limits> ofClip(NormalizationRules rules, MeanAndVariance statistics) {
    if (rules.clip().isEmpty()) {
      return Optional.empty();
    }
    Limits limits = new Limits(statistics.features());
    for (int j = 0; j < statistics.features(); j++) {
      double reach = rules.clip().getAsDouble() * deviation(rules, statistics, j);
      double mean = rules.center() ? statistics.mean(j) : 0;
      limits.low[j] = mean - reach;
      limits.high[j] = mean + reach;
    }
    return Optional.of(limits);
  }

  /// The divisor of normalising; infinite for a feature whose normalised value is always 0.
  private static double deviation(NormalizationRules rules, MeanAndVariance statistics, int j) {
    boolean constant = ConstantFeature.isConstant(statistics.mean(j), statistics.variance(j));
    double root = rules.scale() ? Math.sqrt(statistics.variance(j) + rules.epsilon()) : 1;
    return switch (rules.constantFeature()) {
      case EPSILON -> root;
      case ONE -> constant ? 1 : root;
      case ZERO -> constant ? Double.POSITIVE_INFINITY : root;
    };
  }

  /// Gives all bounds in a fixed order.
  void forEach(DoubleConsumer bound) {
    for (int j = 0; j < low.length; j++) {
      bound.accept(low[j]);
      bound.accept(high[j]);
    }
  }

  /// Counts in `hits` the values `[N × D]` that are outside. A missing value is not.
  void count(double[] values, int rows, int[] hits) {
    int features = low.length;
    for (int at = 0; at < rows * features; at += features) {
      for (int j = 0; j < features; j++) {
        double v = values[at + j];
        if (v < low[j] || v > high[j]) {
          hits[j]++;
        }
      }
    }
  }
}
