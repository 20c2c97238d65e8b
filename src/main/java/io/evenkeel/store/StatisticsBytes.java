package io.evenkeel.store;

import io.evenkeel.batchnorm.AveragedStatistics;
import io.evenkeel.batchnorm.Averaging;
import io.evenkeel.batchnorm.FeatureMoments;
import io.evenkeel.batchnorm.PooledStatistics;
import io.evenkeel.batchnorm.RunningStatistics;
import io.evenkeel.normalizer.NormalizerDefinition;
import java.util.Arrays;

/// The part of [StateBytes] that holds running statistics: their columns, one after the other, as
/// [ByteOutput] draws them.
///
/// | kind | statistics            | columns                                                     |
/// |------|-----------------------|-------------------------------------------------------------|
/// | 0    | pooled                | weight, squares, mean, mean low, m2, min, max               |
/// | 1    | pooled and forgetting | count, then those of kind 0                                 |
/// | 2    | averaged              | count, means, variances, mean, mean low, variance, min, max |
///
/// What seldom changes (minimum and maximum) comes last: SQLite does not write a page of a row
/// again that is as it was.
final class StatisticsBytes {
  private static final int POOLED = 0;
  private static final int FORGETTING = 1;
  private static final int AVERAGED = 2;

  private StatisticsBytes() {}

  static int kind(RunningStatistics running) {
    return switch (running) {
      case PooledStatistics pooled -> forgets(pooled.halfLifeRows()) ? FORGETTING : POOLED;
      case AveragedStatistics _ -> AVERAGED;
    };
  }

  private static boolean forgets(double halfLifeRows) {
    return halfLifeRows != Double.POSITIVE_INFINITY;
  }

  static void put(ByteOutput out, RunningStatistics running) {
    switch (running) {
      case PooledStatistics pooled -> putPooled(out, pooled);
      case AveragedStatistics averaged -> putAveraged(out, averaged.columns());
    }
  }

  private static void putPooled(ByteOutput out, PooledStatistics pooled) {
    int features = pooled.features();
    FeatureMoments moments = pooled.moments();
    if (forgets(pooled.halfLifeRows())) {
      out.putColumn(features, pooled::count);
    }
    out.putColumn(features, moments::weight).putColumn(features, moments::squares);
    out.putColumn(features, moments::mean).putColumn(features, moments::meanLow);
    out.putColumn(features, moments::m2);
    out.putColumn(features, moments::min).putColumn(features, moments::max);
  }

  private static void putAveraged(ByteOutput out, AveragedStatistics.Columns columns) {
    for (double[] column :
        new double[][] {
          columns.count(),
          columns.means(),
          columns.variances(),
          columns.mean(),
          columns.meanLow(),
          columns.variance(),
          columns.min(),
          columns.max()
        }) {
      out.putColumn(column.length, j -> column[j]);
    }
  }

  /// The statistics of a normalizer of this definition.
  static RunningStatistics get(
      ByteInput in, int kind, int features, NormalizerDefinition definition) {
    return switch (definition.averaging()) {
      case Averaging.Cumulative _ -> {
        requireKind(POOLED, kind);
        FeatureMoments moments = moments(in, features);
        yield pooled(definition, Double.POSITIVE_INFINITY, moments, counts(moments));
      }
      case Averaging.Decaying(double halfLifeRows) -> {
        requireKind(FORGETTING, kind);
        double[] count = in.getColumn(features);
        yield pooled(definition, halfLifeRows, moments(in, features), count);
      }
      case Averaging.OfBatches averaging -> {
        requireKind(AVERAGED, kind);
        yield new AveragedStatistics(
            definition.runningVariance(), averaging, columns(in, features));
      }
    };
  }

  private static void requireKind(int wanted, int found) {
    if (found != wanted) {
      throw new MalformedBytesException(
          "its statistics are of kind " + found + ", by its definition " + wanted);
    }
  }

  private static PooledStatistics pooled(
      NormalizerDefinition definition, double halfLife, FeatureMoments moments, double[] count) {
    return new PooledStatistics(definition.runningVariance(), halfLife, moments, count);
  }

  private static double[] counts(FeatureMoments moments) {
    double[] count = new double[moments.features()];
    Arrays.setAll(count, moments::weight);
    return count;
  }

  private static FeatureMoments moments(ByteInput in, int features) {
    return new FeatureMoments(
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features));
  }

  private static AveragedStatistics.Columns columns(ByteInput in, int features) {
    return new AveragedStatistics.Columns(
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features),
        in.getColumn(features));
  }
}
