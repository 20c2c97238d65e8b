package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.moments.FeatureColumn;
import io.evenkeel.batchnorm.moments.MomentsWindow;
import io.evenkeel.batchnorm.moments.VarianceEstimator;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.AveragedStatistics;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.PooledStatistics;
import io.evenkeel.batchnorm.statistics.RenormalizationStatistics;
import io.evenkeel.batchnorm.statistics.RunningMeans;
import io.evenkeel.batchnorm.statistics.RunningStatistics;
import io.evenkeel.batchnorm.statistics.WindowStatistics;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.sql.SQLException;
import java.util.OptionalDouble;

/// The part of [StateBytes] and [SnapshotBytes] that holds running statistics: their columns, one
/// after the other, as [ByteOutput] draws them.
///
/// | kind | statistics            | columns                                                     |
/// |------|-----------------------|-------------------------------------------------------------|
/// | 0    | pooled                | weight, freedom, mean, mean low, m2, min, max               |
/// | 1    | pooled and forgetting | count, then those of kind 0                                 |
/// | 2    | averaged              | count, batches, variances, mean, mean low, variance, min, max |
/// | 3    | window                | no column: see [WindowBytes]; then min, max                 |
/// | 4    | renormalization       | count, mean, mean low, deviation, min, max                  |
///
/// Minimum and maximum seldom change and come last, because SQLite does not write unchanged pages
/// of a row again.
final class StatisticsBytes {
  private static final int POOLED = 0;
  private static final int FORGETTING = 1;
  private static final int AVERAGED = 2;
  private static final int WINDOW = 3;
  private static final int RENORMALIZATION = 4;

  private StatisticsBytes() {}

  static int kind(RunningStatistics running) {
    return switch (running) {
      case PooledStatistics pooled -> forgets(pooled.halfLifeRows()) ? FORGETTING : POOLED;
      case AveragedStatistics _ -> AVERAGED;
      case WindowStatistics _ -> WINDOW;
      case RenormalizationStatistics _ -> RENORMALIZATION;
    };
  }

  private static boolean forgets(double halfLifeRows) {
    return halfLifeRows != Double.POSITIVE_INFINITY;
  }

  static void put(ByteOutput out, RunningStatistics running) {
    switch (running) {
      case PooledStatistics pooled -> putPooled(out, pooled);
      case AveragedStatistics averaged -> putAveraged(out, averaged.columns());
      case WindowStatistics statistics -> {
        WindowBytes.put(out, statistics.window());
        out.putColumn(statistics.min).putColumn(statistics.max);
      }
      case RenormalizationStatistics renormalized -> putRenormalized(out, renormalized.columns());
    }
  }

  private static void putPooled(ByteOutput out, PooledStatistics pooled) {
    if (forgets(pooled.halfLifeRows())) {
      out.putColumn(pooled.count);
    }
    MomentsBytes.put(out, pooled.moments());
  }

  private static void putAveraged(ByteOutput out, AveragedStatistics.Columns columns) {
    RunningMeans means = columns.means();
    putColumns(out, means.count(), columns.batches(), columns.variances());
    putColumns(out, means.mean(), means.low(), columns.variance(), means.min(), means.max());
  }

  private static void putRenormalized(ByteOutput out, RenormalizationStatistics.Columns columns) {
    RunningMeans means = columns.means();
    putColumns(out, means.count(), means.mean(), means.low(), columns.deviation());
    putColumns(out, means.min(), means.max());
  }

  private static void putColumns(ByteOutput out, FeatureColumn... columns) {
    for (FeatureColumn column : columns) {
      out.putColumn(column);
    }
  }

  /// The settings that statistics depend on. Other members of the definition can be replaced.
  ///
  /// @param features D: equal bytes may stand for more features, where all have the same numbers
  /// @param epsilon if it is part of the statistics
  private record Rules(
      int features, Averaging averaging, VarianceEstimator estimator, OptionalDouble epsilon) {

    static Rules of(NormalizerDefinition definition) {
      return new Rules(
          definition.features().size(),
          definition.averaging(),
          definition.runningVariance(),
          definition.training() instanceof Training.Renormalization
              ? OptionalDouble.of(definition.rules().epsilon())
              : OptionalDouble.empty());
    }
  }

  /// The statistics of a normalizer of this definition.
  ///
  /// @param entries the batches of a window
  /// @param parts the parts of the normalizer that were read before
  static RunningStatistics get(
      ByteInput in,
      int kind,
      int features,
      NormalizerDefinition definition,
      WindowBytes.Entries entries,
      EqualParts parts)
      throws SQLException {
    return parts.read(
        in,
        RunningStatistics.class,
        Rules.of(definition),
        () -> get(in, kind, features, definition, entries));
  }

  private static RunningStatistics get(
      ByteInput in,
      int kind,
      int features,
      NormalizerDefinition definition,
      WindowBytes.Entries entries)
      throws SQLException {
    if (definition.training() instanceof Training.Renormalization) {
      requireKind(RENORMALIZATION, kind);
      return new RenormalizationStatistics(
          definition.momentum(), definition.rules().epsilon(), renormalized(in, features));
    }
    return switch (definition.averaging()) {
      case Averaging.Cumulative _ -> {
        requireKind(POOLED, kind);
        yield new PooledStatistics(definition.runningVariance(), MomentsBytes.get(in, features));
      }
      case Averaging.Decaying(double halfLifeRows) -> {
        requireKind(FORGETTING, kind);
        FeatureColumn count = in.getColumn(features);
        yield new PooledStatistics(
            definition.runningVariance(), halfLifeRows, MomentsBytes.get(in, features), count);
      }
      case Averaging.OfBatches averaging -> {
        requireKind(AVERAGED, kind);
        yield new AveragedStatistics(
            definition.runningVariance(), averaging, columns(in, features));
      }
      case Averaging.Window(int batches, WindowKind windowKind) -> {
        requireKind(WINDOW, kind);
        MomentsWindow like = MomentsWindow.empty(batches, windowKind, features, 0);
        MomentsWindow window = WindowBytes.get(in, like, entries);
        yield new WindowStatistics(
            definition.runningVariance(), window, in.getColumn(features), in.getColumn(features));
      }
    };
  }

  private static void requireKind(int wanted, int found) {
    if (found != wanted) {
      throw new MalformedBytesException(
          "its statistics are of kind " + found + ", by its definition " + wanted);
    }
  }

  private static RenormalizationStatistics.Columns renormalized(ByteInput in, int features) {
    FeatureColumn count = in.getColumn(features);
    FeatureColumn mean = in.getColumn(features);
    FeatureColumn low = in.getColumn(features);
    FeatureColumn deviation = in.getColumn(features);
    RunningMeans means =
        new RunningMeans(count, mean, low, in.getColumn(features), in.getColumn(features));
    return new RenormalizationStatistics.Columns(means, deviation);
  }

  private static AveragedStatistics.Columns columns(ByteInput in, int features) {
    FeatureColumn count = in.getColumn(features);
    FeatureColumn batches = in.getColumn(features);
    FeatureColumn variances = in.getColumn(features);
    FeatureColumn mean = in.getColumn(features);
    FeatureColumn low = in.getColumn(features);
    FeatureColumn variance = in.getColumn(features);
    RunningMeans means =
        new RunningMeans(count, mean, low, in.getColumn(features), in.getColumn(features));
    return new AveragedStatistics.Columns(means, batches, variances, variance);
  }
}
