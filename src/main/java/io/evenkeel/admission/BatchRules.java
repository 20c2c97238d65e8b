package io.evenkeel.admission;

import io.evenkeel.batchnorm.MissingValues;
import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Numbers;
import io.evenkeel.normalizer.definition.Feature;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import io.evenkeel.normalizer.definition.OutOfRange;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rules for the values of one batch. A value must be finite, and inside the range that the
/// definition declares and the bounds of the batch narrow. It must not be missing if the normalizer
/// refuses missing values.
final class BatchRules {
  private final Features features;
  private final boolean rejectMissing;
  private final boolean ranged;
  private final double[] lower;
  private final double[] upper;

  private BatchRules(
      Features features, boolean rejectMissing, boolean ranged, double[] lower, double[] upper) {
    this.features = features;
    this.rejectMissing = rejectMissing;
    this.ranged = ranged;
    this.lower = lower;
    this.upper = upper;
  }

  /// The rules of a definition, narrowed by bounds of the right lengths.
  static BatchRules of(NormalizerDefinition definition, Bounds bounds) {
    Features features = definition.features();
    boolean rejectMissing = definition.rules().missing() == MissingValues.REJECT;
    if (!features.anyRange() && bounds.isNone()) {
      return new BatchRules(features, rejectMissing, false, new double[0], new double[0]);
    }
    double[] lower = new double[features.size()];
    double[] upper = new double[features.size()];
    for (int j = 0; j < lower.length; j++) {
      Feature feature = features.get(j);
      lower[j] = narrowed(feature.min(), bounds.min(), j, true);
      upper[j] = narrowed(feature.max(), bounds.max(), j, false);
    }
    return new BatchRules(features, rejectMissing, true, lower, upper);
  }

  private static double narrowed(
      double declared, double @Nullable [] bounds, int feature, boolean least) {
    if (bounds == null || Double.isNaN(bounds[feature])) {
      return declared;
    }
    return least ? Math.max(declared, bounds[feature]) : Math.min(declared, bounds[feature]);
  }

  /// Moves values out of range to the end of the range or makes them missing, for the features that
  /// ask for it. Values that are not finite stay, so that they are refused.
  ///
  /// @param originals remembers the moved values
  /// @param moved learns the places (row · D + feature) of the moved values, if it is given
  void adjust(double[] values, int rows, MovedValues originals, @Nullable BitSet moved) {
    for (int j = 0; ranged && j < lower.length; j++) {
      OutOfRange rule = features.get(j).onOutOfRange();
      if (rule != OutOfRange.REJECT) {
        adjust(values, rows, j, rule == OutOfRange.CLIP, originals, moved);
      }
    }
  }

  private void adjust(
      double[] values,
      int rows,
      int j,
      boolean clip,
      MovedValues originals,
      @Nullable BitSet moved) {
    int width = features.size();
    for (int at = j; at < rows * width; at += width) {
      double x = values[at];
      if (Double.isFinite(x) && (x < lower[j] || x > upper[j])) {
        if (moved != null) {
          moved.set(at);
        }
        originals.add(at, x);
        values[at] = !clip || lower[j] > upper[j] ? Double.NaN : x < lower[j] ? lower[j] : upper[j];
      }
    }
  }

  /// Whether finite values obey the rules, whatever they are.
  boolean holdOfFinite() {
    return !ranged;
  }

  /// Whether every value of these rows obeys the rules. Makes no words.
  boolean hold(double[] values, int rows) {
    return ranged ? allInRange(values, rows) : noneInfinite(values, rows * features.size());
  }

  private boolean noneInfinite(double[] values, int length) {
    for (int i = 0; i < length; i++) {
      if (Double.isNaN(values[i]) ? rejectMissing : Double.isInfinite(values[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean allInRange(double[] values, int rows) {
    int width = lower.length;
    for (int i = 0, at = 0; i < rows; i++) {
      for (int j = 0; j < width; j++, at++) {
        double x = values[at];
        if (!(x >= lower[j] && x <= upper[j] && Double.isFinite(x))
            && (rejectMissing || !Double.isNaN(x))) {
          return false;
        }
      }
    }
    return true;
  }

  /// The rule that a value breaks, if any.
  Optional<String> broken(int feature, double x) {
    if (Double.isNaN(x)) {
      return rejectMissing ? Optional.of(Fault.MISSING_VALUE) : Optional.empty();
    }
    if (Double.isInfinite(x)) {
      return Optional.of(Fault.NOT_FINITE);
    }
    return ranged && (x < lower[feature] || x > upper[feature])
        ? Optional.of(Fault.OUT_OF_RANGE)
        : Optional.empty();
  }

  /// The sentence about a value that breaks a rule.
  String detail(String code, int feature, double x) {
    String name = Excerpt.quoted(features.name(feature));
    return switch (code) {
      case Fault.MISSING_VALUE ->
          name
              + " is missing; the normalizer refuses missing values. missing: ignore or impute in"
              + " its definition takes them.";
      case Fault.NOT_FINITE ->
          name + " is infinite or beyond the largest float64; it must be finite.";
      default -> name + " is " + Numbers.plain(x) + "; its range is " + range(feature) + ".";
    };
  }

  private String range(int feature) {
    return Numbers.range(lower[feature], upper[feature]);
  }
}
