package io.evenkeel.admission;

import io.evenkeel.batchnorm.moments.BatchMoments;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.FeatureMoments;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.GivenStatistics;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Moments or statistics as they were received. Count, mean, spread (M2 or variance), minimum and
/// maximum are a column each: of any length, null if it did not come. In minimum and maximum NaN
/// stands for an unknown value.
@ValidStatistics
public final class ReceivedStatistics {
  /// The members of moments in a body.
  public static final List<String> MOMENTS = List.of("count", "mean", "m2", "min", "max");

  /// The members of moments that may be absent or null.
  public static final List<String> OPTIONAL = List.of("min", "max");

  /// The kinds of received statistics.
  public enum Kind {
    /// Moments of a batch to observe: they must stay inside the declared ranges.
    OBSERVED("#/moments", "m2"),
    /// Moments of a shard to merge.
    SHARD("#", "m2"),
    /// Statistics to take over. The variance is that of the normalizer's own estimator.
    STATISTICS("#", "variance");

    private final String base;
    private final String spread;

    Kind(String base, String spread) {
      this.base = base;
      this.spread = spread;
    }

    /// The pointer of the object that has the columns.
    String base() {
      return base;
    }

    /// The member that holds the spread.
    String spread() {
      return spread;
    }
  }

  private final Kind kind;
  private final NormalizerDefinition definition;
  private final double @Nullable [] count;
  private final double @Nullable [] mean;
  private final double @Nullable [] spread;
  private final double @Nullable [] min;
  private final double @Nullable [] max;

  /// Takes the columns over.
  public ReceivedStatistics(
      Kind kind,
      NormalizerDefinition definition,
      double @Nullable [] count,
      double @Nullable [] mean,
      double @Nullable [] spread,
      double @Nullable [] min,
      double @Nullable [] max) {
    this.kind = kind;
    this.definition = definition;
    this.count = count;
    this.mean = mean;
    this.spread = spread;
    this.min = min;
    this.max = max;
  }

  /// The same columns, to check them by another definition of the same features.
  public ReceivedStatistics heldAgainst(NormalizerDefinition other) {
    return new ReceivedStatistics(kind, other, count, mean, spread, min, max);
  }

  Kind kind() {
    return kind;
  }

  NormalizerDefinition definition() {
    return definition;
  }

  double @Nullable [] count() {
    return count;
  }

  double @Nullable [] mean() {
    return mean;
  }

  double @Nullable [] spread() {
    return spread;
  }

  double @Nullable [] min() {
    return min;
  }

  double @Nullable [] max() {
    return max;
  }

  int features() {
    return definition.features().size();
  }

  /// A number of a column, NaN if it is unknown.
  static double at(double @Nullable [] column, int j) {
    return column == null ? Double.NaN : column[j];
  }

  /// Whether the statistics are averages over batches, which can have any mean and variance
  /// whatever the count is.
  boolean averagesBatches() {
    return definition.averaging() instanceof Averaging.OfBatches;
  }

  /// Whether mean and variance of a feature are those that it has before its first value.
  boolean isStart(int j) {
    return (Double.isNaN(at(mean, j)) || at(mean, j) == 0)
        && (Double.isNaN(at(spread, j)) || at(spread, j) == 1);
  }

  /// The moments as those of one batch of values of weight 1. The columns must be valid.
  public BatchMoments toBatch() {
    FeatureColumn weight = FeatureColumn.of(column(count, 0, 0));
    FeatureMoments moments =
        new FeatureMoments(
            weight,
            FeatureMoments.freedomOf(weight),
            FeatureColumn.of(column(mean, 0, 0)),
            FeatureColumn.filled(features(), 0),
            FeatureColumn.of(column(spread, 0, 0)),
            FeatureColumn.of(column(min, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)),
            FeatureColumn.of(column(max, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
    long rows = Math.round(Arrays.stream(weight.toArray()).max().orElse(0));
    return new BatchMoments(rows, moments, Optional.empty());
  }

  /// The statistics as those of one batch of values of weight 1. The columns must be valid.
  public GivenStatistics toStatistics() {
    double[] weight = column(count, 0, 0);
    double[] batches = new double[features()];
    Arrays.setAll(batches, j -> weight[j] > 0 || !isStart(j) ? 1 : 0);
    return new GivenStatistics(
        weight,
        column(mean, 0, 0),
        new double[features()],
        column(spread, 1, 1),
        column(min, Double.NaN, Double.NaN),
        column(max, Double.NaN, Double.NaN),
        batches);
  }

  /// A column of D numbers for the arithmetic.
  ///
  /// @param unknown stands for an unknown number
  /// @param none stands for the number of a feature without values
  private double[] column(double @Nullable [] received, double unknown, double none) {
    double[] column = new double[features()];
    for (int j = 0; j < column.length; j++) {
      double x = at(received, j);
      boolean counts = at(count, j) > 0 || (kind == Kind.STATISTICS && averagesBatches());
      column[j] = !counts ? none : Double.isNaN(x) ? unknown : x;
    }
    return column;
  }

  /// Whether the mean must lie between the extremes. A start at 0 or a prior may pull a running
  /// mean beyond them.
  boolean meanIsBetweenExtremes() {
    return kind != Kind.STATISTICS
        || switch (definition.averaging()) {
          case Averaging.Cumulative cumulative -> cumulative.prior().isEmpty();
          case Averaging.OfBatches averages -> averages.beginsWithFirstBatch();
          case Averaging.Decaying _, Averaging.Window _ -> true;
        };
  }
}
