package io.evenkeel.drift;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// The comparison of one feature. A number that is not known (yet) is NaN.
///
/// @param index of the feature
/// @param name of the feature
/// @param because the measures that have drifted
/// @param mean the shift of the mean, in reference deviations
/// @param variance the ratio of the live to the reference variance
/// @param deviation the mean absolute deviation from the reference mean, in reference deviations
/// @param hellinger see [Distances#hellinger]
/// @param wasserstein see [Distances#wasserstein]
/// @param stability see [Distances#stability]
/// @param kolmogorovSmirnov see [Distances#kolmogorovSmirnov]
/// @param rates the rates that are counted
public record FeatureDrift(
    int index,
    String name,
    Set<Measure> because,
    Estimate mean,
    Estimate variance,
    Rate deviation,
    double hellinger,
    double wasserstein,
    double stability,
    double kolmogorovSmirnov,
    Map<Measure, Rate> rates) {

  /// A number with its standard error.
  public record Estimate(double value, double error) {
    private static final Estimate UNKNOWN = new Estimate(Double.NaN, Double.NaN);
  }

  /// A share or a mean, with that of the reference.
  public record Rate(double reference, double live) {}

  /// Whether the feature has drifted.
  public boolean drifted() {
    return !because.isEmpty();
  }

  static FeatureDrift of(
      int j, String name, double threshold, Evidence evidence, Levels own, Histogram.Bins bins) {
    Set<Measure> because = EnumSet.noneOf(Measure.class);
    Map<Measure, Rate> rates = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      if (evidence.isFound(measure, j, threshold)) {
        because.add(measure);
      }
      if (measure.isRate() && own.has(measure)) {
        rates.put(measure, rate(measure, j, evidence));
      }
    }
    Estimate mean = estimate(Measure.MEAN, j, evidence);
    Estimate variance = estimate(Measure.VARIANCE, j, evidence);
    double spread = Math.max(0, variance.value());
    return new FeatureDrift(
        j,
        name,
        because,
        mean,
        variance,
        rate(Measure.ABSOLUTE_DEVIATION, j, evidence),
        Distances.hellinger(mean.value(), spread),
        Distances.wasserstein(mean.value(), spread),
        orNaN(bins.stability()),
        orNaN(bins.kolmogorovSmirnov()),
        rates);
  }

  private static Estimate estimate(Measure measure, int j, Evidence evidence) {
    if (!evidence.compares(measure, j)) {
      return Estimate.UNKNOWN;
    }
    Evidence.Estimate found = evidence.estimate(measure, j);
    return new Estimate(found.level(), found.error());
  }

  private static Rate rate(Measure measure, int j, Evidence evidence) {
    return new Rate(
        evidence.compares(measure, j) ? evidence.expected().mean(measure, j) : Double.NaN,
        evidence.groups(measure, j) > 0 ? evidence.level(measure, j) : Double.NaN);
  }

  private static double orNaN(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }
}
